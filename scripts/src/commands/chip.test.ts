import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorOf, jsonOf, netcert, temporaryFolder } from '../../../test/e2e/netcert-process.js'

const folder = temporaryFolder()
afterAll(() => folder.remove())

const person = {
  document_number: 'E12345678',
  family_name: 'OUYANG',
  given_name: 'XIAO MING',
  nationality: 'CHN',
  birthdate: '1990-02-28',
  sex: 'female',
  expires: '2099-01-01',
}
const sample = folder.at('sample')
const countries = join(sample, 'csca')

const make = (out: string, value: unknown, ...options: readonly string[]) =>
  netcert(['chip', 'sample', '--from', '-', '--out', out, '--json', ...options], {
    input: JSON.stringify(value),
  })
const inspect = (from: string, ...options: readonly string[]) =>
  netcert(['chip', 'inspect', '--from', from, '--json', ...options])

beforeAll(async () => {
  jsonOf(await make(sample, person))
})

describe('chip sample', () => {
  it('makes a chip and its country, for their owner alone to read', () => {
    const made = readdirSync(sample, { recursive: true }).map(String).sort()
    expect(made).toEqual([
      ...['EF_DG1.bin', 'EF_DG2.bin', 'EF_SOD.bin', 'csca'],
      ...['csca/csca.der', 'csca/masterlist.ml', 'document-signer.der'],
    ])
    expect(statSync(join(sample, 'EF_DG1.bin')).mode & 0o777).toBe(0o600)
    expect(readFileSync(join(sample, 'EF_DG1.bin'), 'latin1')).toContain('P<UTOOUYANG<<XIAO<MING')
  })

  it('overwrites nothing, and leaves nothing behind when it is refused', async () => {
    const again = await make(sample, person)
    expect([again.code, errorOf(again).code]).toEqual([2, 'file_exists'])
    const unknown = await make(folder.at('other'), { ...person, face: 'a picture' })
    expect([unknown.code, errorOf(unknown).code]).toEqual([2, 'sample_document_malformed'])
    expect(errorOf(unknown).message).toContain('face')
    const wrong = await make(folder.at('other'), { ...person, birthdate: '1990-02-30' })
    expect(errorOf(wrong).code).toBe('sample_document_malformed')
    expect(wrong.stderr).not.toContain('E12345678')
    expect(readdirSync(folder.path)).not.toContain('other')
  })

  it('signs with an algorithm of its list and no other', async () => {
    const name = 'ecdsa-brainpoolp384r1-explicit-sha384'
    const out = folder.at('card')
    jsonOf(await make(out, { ...person, format: 'TD1', document_code: 'I' }, '--algorithm', name))
    expect(jsonOf(await inspect(out, '--csca', join(out, 'csca')))).toMatchObject({
      format: 'TD1',
      signature_algorithm: 'ecdsa-sha384 brainpoolP384r1',
    })
    const wrong = await make(folder.at('other'), person, '--algorithm', 'rsa-1024-sha1')
    expect([wrong.code, errorOf(wrong).code]).toEqual([2, 'wrong_use'])
  })
})

describe('chip inspect', () => {
  it('says who signed, and of the holder only what it is asked for', async () => {
    const run = await inspect(sample, '--csca', countries)
    expect(jsonOf(run)).toMatchObject({
      genuine: true,
      issuing_state: 'UTO',
      signer: { country: 'UT' },
      data_groups: [1, 2],
      face: true,
    })
    // The birth date in both its forms; four digits alone may stand in a fingerprint.
    expect(run.stdout).not.toMatch(/E12345678|OUYANG|1990-02|900228/)
    const asked = await inspect(sample, '--csca', countries, '--holder')
    expect(jsonOf(asked)).toMatchObject({ holder: person })
  })

  it('finds the trusted countries in the data folder', async () => {
    const dir = folder.at('issuer')
    const unknown = await inspect(sample, '--dir', dir)
    expect([unknown.code, errorOf(unknown).code]).toEqual([1, 'chip_issuer_unknown'])
    mkdirSync(join(dir, 'csca'), { recursive: true })
    copyFileSync(join(countries, 'csca.der'), join(dir, 'csca', 'utopia.der'))
    expect((await inspect(sample, '--dir', dir)).code).toBe(0)
  })

  it('refuses a chip of which a byte differs, and a folder that holds none', async () => {
    const changed = folder.at('changed')
    mkdirSync(changed)
    for (const name of ['EF_SOD.bin', 'EF_DG1.bin']) {
      copyFileSync(join(sample, name), join(changed, name))
    }
    const zone = readFileSync(join(changed, 'EF_DG1.bin'))
    zone[20]! ^= 1
    writeFileSync(join(changed, 'EF_DG1.bin'), zone)
    const run = await inspect(changed, '--csca', countries)
    expect([run.code, errorOf(run).code]).toEqual([1, 'chip_group_hash'])
    rmSync(join(changed, 'EF_SOD.bin'))
    const none = await inspect(changed, '--csca', countries)
    expect([none.code, errorOf(none).code]).toEqual([2, 'file_missing'])
  })
})
