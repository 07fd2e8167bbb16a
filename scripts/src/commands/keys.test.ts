import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorOf, jsonOf, netcert, temporaryFolder } from '../../../test/e2e/netcert-process.js'

type Shown = { readonly name: string; readonly use: string; readonly state: string }

const folder = temporaryFolder()
const dir = folder.at('issuer')
const keys = (...args: string[]) => netcert(['keys', ...args, '--dir', dir, '--json'])
const states = async () =>
  jsonOf<{ keys: Shown[] }>(await keys('list')).keys.map(({ name, state }) => `${name} ${state}`)

beforeAll(async () => {
  jsonOf(await netcert(['init', '--dir', dir, '--x5c', '--json']))
})
afterAll(() => folder.remove())

describe('keys', () => {
  it('makes the next one, which signs when everybody can know it, or in an emergency', async () => {
    expect(await states()).toEqual(['issuer-1 active', 'status-1 active'])
    expect(errorOf(await keys('activate'))).toMatchObject({ code: 'next_key_missing' })
    const { key } = jsonOf<{ key: Shown }>(await keys('next'))
    expect(key).toMatchObject({ name: 'issuer-2', use: 'credential', state: 'next' })
    expect(existsSync(`${dir}/issuer-2.pem`)).toBe(true)
    jsonOf(await netcert(['publish', '--dir', dir, '--out', folder.at('public'), '--json']))
    const early = await keys('activate')
    expect([early.code, errorOf(early).code]).toEqual([1, 'next_key_early'])
    jsonOf(await keys('activate', '--emergency'))
    expect(await states()).toContain('issuer-2 active')
    expect(await states()).toContain('issuer-1 retired')
  })

  it('revokes one for good, and says what to do next', async () => {
    const run = await netcert(['keys', 'revoke', 'issuer-1', '--dir', dir])
    expect(run.code).toBe(0)
    expect(run.stdout).toMatch(/Revoked {2}issuer-1[\s\S]*Publish at once/)
    expect(await states()).toContain('issuer-1 revoked')
    const unknown = await keys('revoke', 'issuer-7')
    expect([unknown.code, errorOf(unknown).code]).toEqual([2, 'signing_key_unknown'])
    expect((await keys('next', '--use', 'pack')).code).toBe(2)
    const list = await netcert(['keys', 'list', '--dir', dir])
    expect(list.stdout).toMatch(/issuer-1.*revoked[\s\S]*issuer-2.*active/)
  })
})
