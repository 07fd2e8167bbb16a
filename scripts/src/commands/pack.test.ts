import { readdirSync, readFileSync, statSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { errorOf, jsonOf, netcert, temporaryFolder } from '../../../test/e2e/netcert-process.js'

type Inspected = {
  readonly types: { readonly type: string; readonly entries: number }[]
  readonly verified: string[]
  readonly unverified: string[]
}

const folder = temporaryFolder()
const dir = folder.at('issuer')
const full = folder.at('full.ncpack')
const delta = folder.at('delta.ncpack')
const pack = (...args: string[]) => netcert(['pack', ...args, '--dir', dir])

afterAll(() => folder.remove())

describe('pack', () => {
  it('builds a full one and what changed since, and says what is in them and what is proven', async () => {
    jsonOf(await netcert(['init', '--dir', dir, '--json']))
    const out = folder.at('public')
    jsonOf(await netcert(['publish', '--dir', dir, '--out', out, '--pack', '--json']))
    expect(jsonOf(await pack('build', '--out', full, '--json'))).toMatchObject({
      ...{ seq: 2, kind: 'full', base: null, bytes: statSync(full).size },
    })
    const built = await pack('build', '--out', delta, '--since', '1')
    expect([built.code, built.stdout]).toEqual([0, expect.stringMatching(/Built[\s\S]*3, since 1/)])
    expect(readdirSync(`${dir}/packs`).toSorted()).toEqual(['1.ncpack', '2.ncpack', '3.ncpack'])
    // What lies beside the lists is the very file that is kept.
    expect(readFileSync(`${out}/packs/latest.ncpack`)).toEqual(
      readFileSync(`${dir}/packs/1.ncpack`),
    )
    const shown = jsonOf<Inspected>(await pack('inspect', full, '--json'))
    expect(shown).toMatchObject({
      ...{ seq: 2, coverage: { lists: 1, entries: 2 ** 20 }, verified: ['form'] },
      unverified: ['trust_list', 'maker', 'entries', 'order'],
    })
    expect(shown.types.map(({ type, entries }) => `${type} ${entries}`)).toEqual([
      'trust-list 1',
      'type-metadata 4',
      'accreditation-status-list 0',
      'status-list 1',
      'status-delta 0',
    ])
    const told = await pack('inspect', delta, '--trust', `${dir}/root.did`)
    expect(told.stdout).toMatch(
      /Pack 3, since 1[\s\S]*0 minutes old[\s\S]*changes of 1 status list/,
    )
    expect(told.stdout).toMatch(/verified {2}who made it[\s\S]*not proven what the changes lead to/)
  })

  it('refuses a base that is not kept, and a file that is no pack', async () => {
    const unknown = await pack('build', '--out', full, '--since', '77', '--json')
    expect([unknown.code, errorOf(unknown).code]).toEqual([2, 'pack_base_unknown'])
    const other = await pack('inspect', `${dir}/root.did`, '--json')
    expect([other.code, errorOf(other).code]).toEqual([1, 'pack_malformed'])
  })
})
