import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import {
  chipNow,
  codeOf,
  createChipGround,
  createCountry,
  daysFromNow,
  verdictOn,
} from '../../../../test/chip-ground.js'
import { readCscaFolder } from './csca-folder.js'
import { derInteger, derSequence, derSet } from './der-writing.js'
import { readMasterList } from './master-list.js'
import { createMasterList } from './sample-authority.js'
import { createSampleMessage } from './sample-message.js'

const { authority } = await createChipGround()
const { cscaCertificate, masterListSigner, documentSigner } = authority
const elsewhere = await createCountry({ country: 'UT' })
const trustAnchors = [cscaCertificate]

const read = (bytes: Uint8Array, now = chipNow) => readMasterList({ bytes, trustAnchors, now })
const listOf = (...certificates: readonly Uint8Array[]) =>
  createMasterList(certificates, masterListSigner)

describe('a master list', () => {
  test('brings the authorities that are on it, each once, and no others', () => {
    const list = read(listOf(cscaCertificate, elsewhere.csca, elsewhere.csca))
    expect(list).toMatchObject({ unreadable: 0, signedBy: 'UT' })
    expect(list.certificates).toHaveLength(2)
    expect(verdictOn(elsewhere.chip, list.certificates)).toBe('accepted')
    expect(verdictOn(elsewhere.chip, read(authority.masterList).certificates)).toBe(
      'chip_issuer_unknown',
    )
  })

  test('leaves out what cannot be read, and says how many', () => {
    const list = read(listOf(cscaCertificate, derSequence(derInteger(1))))
    expect(list).toMatchObject({ certificates: [expect.anything()], unreadable: 1 })
  })

  test('is refused when its signer is not under an anchor, or signs documents', () => {
    expect(
      codeOf(() =>
        readMasterList({
          bytes: authority.masterList,
          trustAnchors: [elsewhere.csca],
          now: chipNow,
        }),
      ),
    ).toBe('chip_issuer_unknown')
    const wrong = createMasterList([cscaCertificate], documentSigner)
    expect(codeOf(() => read(wrong))).toBe('chip_signer_profile')
  })

  test('is refused when it was changed, when it is over, and when it is something else', () => {
    const changed = Buffer.from(authority.masterList)
    changed[changed.indexOf(cscaCertificate) + 100]! ^= 1
    expect(codeOf(() => read(changed))).toBe('chip_message_digest')
    expect(codeOf(() => read(authority.masterList, daysFromNow(5000)))).toBe('chip_signer_period')
    const other = { contentType: '1.2.840.113549.1.7.1', signers: [masterListSigner] }
    const content = derSequence(derInteger(0), derSet(cscaCertificate))
    expect(codeOf(() => read(createSampleMessage({ ...other, content })))).toBe('chip_content_type')
    expect(codeOf(() => read(Buffer.alloc(8 * 1024 * 1024 + 1)))).toBe('chip_too_large')
  })

  test('of another version, or that holds more than certificates, is refused', () => {
    const message = { contentType: '2.23.136.1.1.2', signers: [masterListSigner] }
    const version1 = derSequence(derInteger(1), derSet(cscaCertificate))
    expect(codeOf(() => read(createSampleMessage({ ...message, content: version1 })))).toBe(
      'chip_malformed',
    )
    const more = derSequence(derInteger(0), derSet(cscaCertificate), derInteger(0))
    expect(codeOf(() => read(createSampleMessage({ ...message, content: more })))).toBe(
      'chip_malformed',
    )
  })
})

describe('the folder of trusted authorities', () => {
  const folder = mkdtempSync(join(tmpdir(), 'netcert-csca-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const put = (name: string, bytes: Uint8Array) => writeFileSync(join(folder, name), bytes)

  test('that is not there, or empty, trusts nobody', async () => {
    expect(await readCscaFolder(join(folder, 'none'), chipNow)).toEqual({
      certificates: [],
      unreadable: 0,
    })
    expect(await readCscaFolder(folder, chipNow)).toEqual({ certificates: [], unreadable: 0 })
  })

  test('takes no list that is not signed under a certificate in it', async () => {
    put('list.ml', listOf(cscaCertificate, elsewhere.csca))
    await expect(readCscaFolder(folder, chipNow)).rejects.toMatchObject({
      code: 'chip_issuer_unknown',
    })
  })

  test('trusts its certificates, in DER and in PEM, and the lists under them', async () => {
    put('utopia.der', cscaCertificate)
    const { certificates } = await readCscaFolder(folder, chipNow)
    expect(certificates).toHaveLength(2)
    expect(verdictOn(elsewhere.chip, certificates)).toBe('accepted')
    const base64 = Buffer.from(elsewhere.csca).toString('base64')
    put(
      'elsewhere.pem',
      Buffer.from(`-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`),
    )
    expect((await readCscaFolder(folder, chipNow)).certificates).toHaveLength(2)
  })

  test('with a file that is no certificate is refused, and other files are not looked at', async () => {
    put('README.txt', Buffer.from('not looked at'))
    expect((await readCscaFolder(folder, chipNow)).certificates).toHaveLength(2)
    put('broken.cer', Buffer.from('broken'))
    await expect(readCscaFolder(folder, chipNow)).rejects.toMatchObject({ code: 'csca_malformed' })
  })
})
