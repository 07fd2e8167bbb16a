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
    expect(await states()).toEqual([
      'issuer-1 active',
      'status-1 active',
      'registrar-1 active',
      'pack-1 active',
      'root-1 active',
    ])
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
    expect((await keys('next', '--use', 'something')).code).toBe(2)
    expect((await keys('revoke', 'issuer-1', '--since', 'yesterday')).code).toBe(2)
    const list = await netcert(['keys', 'list', '--dir', dir])
    expect(list.stdout).toMatch(/issuer-1.*revoked[\s\S]*issuer-2.*active/)
  })

  it('changes the keys of registrar, packs and encrypted requests', async () => {
    for (const use of ['registrar', 'pack']) {
      const { key } = jsonOf<{ key: Shown }>(await keys('next', '--use', use))
      expect(key).toMatchObject({ name: `${use}-2`, use, state: 'next' })
    }
    const rotated = jsonOf<{ generation: number; old_until: string }>(
      await keys('rotate', '--use', 'encryption'),
    )
    expect(rotated.generation).toBe(1)
    expect((await keys('rotate')).code).toBe(2)
  })

  it('makes the next root, which signs with its own key file from then on', async () => {
    const file = folder.at('root-2.key')
    jsonOf(await keys('next', '--use', 'root', '--root-key', file))
    expect(existsSync(file)).toBe(true)
    const early = await keys('activate', '--use', 'root', '--root-key', file)
    expect(errorOf(early).code).toBe('next_key_early')
    jsonOf(await keys('activate', '--use', 'root', '--root-key', file, '--emergency'))
    const publish = (...args: string[]) =>
      netcert(['publish', '--dir', dir, '--out', folder.at('public'), '--json', ...args])
    expect(errorOf(await publish()).code).toBe('root_key_needed')
    const { trustList } = jsonOf<{ trustList: { signed: boolean } }>(
      await publish('--root-key', file),
    )
    expect(trustList.signed).toBe(true)
    expect(await states()).toEqual(expect.arrayContaining(['root-1 retired', 'root-2 active']))
  })
})
