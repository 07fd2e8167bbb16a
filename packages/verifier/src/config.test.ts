import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readConfig } from './config.js'

const rootDid = 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK'
const minimal = {
  NETCERT_VERIFIER_AUDIENCE: 'https://shop.example',
  NETCERT_VERIFIER_ROOT_DID: rootDid,
  NETCERT_VERIFIER_LISTS_DIR: '/lists',
}

describe('readConfig', () => {
  it('fills in what has a default', () => {
    expect(readConfig(minimal)).toMatchObject({
      database: null,
      stateFile: null,
      refreshSeconds: 60,
      freshness: { name: 'grace-24h' },
    })
  })

  it('names every problem at once', () => {
    const wrong = {
      NETCERT_VERIFIER_ROOT_DID: 'did:web:elsewhere',
      NETCERT_VERIFIER_FRESHNESS: 'lax',
      NETCERT_VERIFIER_REFRESH_SECONDS: '0',
      NETCERT_VERIFIER_DATABASE: 'a.sqlite',
      NETCERT_VERIFIER_DATABASE_URL_FILE: 'url',
    }
    for (const name of [...Object.keys(wrong), ...Object.keys(minimal)]) {
      expect(() => readConfig(wrong)).toThrow(name)
    }
  })

  it('reads only variables that stand in the operations manual', () => {
    const manual = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8')
    const source = readFileSync(new URL('./config.ts', import.meta.url), 'utf8')
    const read = new Set(source.match(/NETCERT_[A-Z_]+/g))
    const described = new Set(manual.match(/NETCERT_VERIFIER_[A-Z_]+/g))
    expect([...read].toSorted()).toEqual([...described].toSorted())
  })
})
