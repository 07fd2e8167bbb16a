import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { keyStoreMigrations, openDatabase } from '@netcert/agent'
import { inspectCredential } from '@netcert/credential/holder'
import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { issuerFamily } from '../../../test/issuer-family.js'
import { holderKeys } from '../../../test/issuer-ground.js'
import { encodingsFound } from '../../../test/value-encodings.js'
import { type IssuerSchema, issuerMigrations } from './issuer-schema-store.js'

describe.each(engines)('a plan on %s', (engine) => {
  const databases = databasesOn(engine)
  const family = issuerFamily(databases)

  const openStore = async () => {
    const file = join(family.test.dir, 'issuer.sqlite')
    const url = () => readFile(`${family.test.dir}.issuer-url`, 'utf8')
    return openDatabase<IssuerSchema>({
      location: engine === 'sqlite' ? { sqlite: file } : { postgres: (await url()).trim() },
      migrations: [...keyStoreMigrations, ...issuerMigrations(engine)],
      create: false,
    })
  }

  it('is committed before anything is signed: what failed in between can be revoked', async () => {
    const database = await openStore()
    await database.kysely.deleteFrom('keys').where('alias', '=', 'issuer-1').execute()
    await expect(family.mint({})).rejects.toMatchObject({ code: 'key_missing' })
    const rows = await database.kysely.selectFrom('batches').selectAll().execute()
    await database.close()
    expect(rows).toMatchObject([{ list: 1, copies: 1, status: 0 }])
    const target = { citizen: family.person('parent') }
    const report = family.issuer.certificates.setStatus({
      target,
      status: 'revoked',
      reason: 'unspecified',
    })
    await expect(report).resolves.toMatchObject({ changed: 1 })
  })

  it('keeps nothing that would link a certificate to its use', async () => {
    const [holderJwk] = await holderKeys(1)
    const { credentials } = await family.mint({ holderJwks: [holderJwk!] })
    const database = await openStore()
    const kept = Buffer.from(
      JSON.stringify(await database.kysely.selectFrom('batches').selectAll().execute()),
    )
    await database.close()
    const held = await inspectCredential(credentials[0]!)
    const [header, payload, signature] = held.jwt.split('.')
    for (const part of [holderJwk!.x, header!, payload!, signature!]) {
      expect(kept.includes(part)).toBe(false)
    }
    // As a number of its own: a short one may stand within another by chance.
    expect(kept.toString()).not.toMatch(new RegExp(`(?<!\\d)${held.status!.index}(?!\\d)`))
  })
})

describe('the files of an issuer on SQLite', () => {
  const databases = databasesOn('sqlite')
  const family = issuerFamily(databases)

  it('hold no plaintext of a person in any encoding, write-ahead logs included', async () => {
    const minted = await family.mint({ copies: 'one-time', keys: 10 })
    await family.mint({})
    const held = await inspectCredential(minted.credentials[0]!)
    const number = held.claims.find(({ path }) => path[0] === 'network_number')!.value
    const markers = [
      '990217198905047852',
      '99066420140303098X',
      'EX7654321',
      '10009155296',
      '敏静',
      '小明',
      '小红',
      '1989-05-04',
      '2014-03-03',
      number as string,
    ]
    const names = await readdir(family.test.dir, { recursive: true })
    const files = names.filter((name) => /sqlite|json|did/.test(name))
    expect(files.some((name) => name.endsWith('-wal'))).toBe(true)
    for (const name of files) {
      const bytes = await readFile(join(family.test.dir, name))
      for (const marker of markers)
        expect([name, encodingsFound(bytes, marker)]).toEqual([name, []])
    }
    // The search itself works: what is there in clear is found.
    const control = Buffer.concat(
      await Promise.all(files.map((name) => readFile(join(family.test.dir, name)))),
    )
    expect(encodingsFound(control, family.person('parent'))).toContain('utf-8')
    const planted = Buffer.from(`x${Buffer.from('-敏静-').toString('base64')}`)
    expect(encodingsFound(planted, '敏静')).toContain('base64 +1')
  })
})
