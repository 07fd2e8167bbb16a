import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  chipNow,
  codeOf,
  createChipGround,
  daysFromNow,
  sampleDocument,
  verdictOn,
} from '../../../../test/chip-ground.js'
import { createChipEvidence } from './chip-evidence.js'
import { type ChipContent, verifyDocumentChip } from './document-chip.js'
import { derInteger, derNull, derOctets, derOf, derSequence } from './der-writing.js'
import { createSampleKey, ecdsaSample } from './sample-algorithm.js'
import { createChip, createSecurityFile, createSecurityObject } from './sample-authority.js'
import { createGroup1 } from './sample-data-group.js'
import { createSampleMessage, type SampleMessageOptions } from './sample-message.js'
import { createZone } from './sample-zone.js'
import { LDS_SECURITY_OBJECT } from './security-object.js'

const { authority, chip } = await createChipGround()
const { documentSigner: signer } = authority
const trusted = [authority.cscaCertificate]
const other = await createSampleKey(ecdsaSample('P-256', 'sha256'))
const verdict = (changed: Partial<ChipContent>) => verdictOn({ ...chip, ...changed }, trusted)

const content = createSecurityObject(chip.dataGroups, signer.key)
/** The document again, its signed message made otherwise. */
const signedOtherwise = (changed: Partial<SampleMessageOptions>) =>
  derOf(
    0x77,
    createSampleMessage({
      content,
      contentType: LDS_SECURITY_OBJECT,
      signers: [signer],
      ...changed,
    }),
  )
const withGroup = (number: number, bytes: Uint8Array) =>
  new Map([...chip.dataGroups, [number, bytes]])

describe('the chip of a genuine document', () => {
  test('tells who holds it and who signed it', () => {
    const verified = verifyDocumentChip({ ...chip, cscaCertificates: trusted, now: chipNow })
    expect(verified).toEqual({
      mrz: { ...sampleDocument, issuingState: 'UTO' },
      documentSigner: {
        country: 'UT',
        serialNumber: expect.stringMatching(/^[0-9a-f]{2,40}$/) as string,
        validUntil: expect.any(Date) as Date,
        cscaFingerprint: createHash('sha256').update(authority.cscaCertificate).digest('hex'),
      },
      digestAlgorithm: 'sha256',
      signatureAlgorithm: 'ecdsa-sha256 P-256',
      dataGroups: [1, 2],
      face: 'present',
    })
  })

  test('needs no picture, and is not genuine without its machine readable zone', () => {
    const first = new Map([...chip.dataGroups].slice(0, 1))
    const alone = verifyDocumentChip({
      sod: chip.sod,
      dataGroups: first,
      cscaCertificates: trusted,
      now: chipNow,
    })
    expect(alone).toMatchObject({ dataGroups: [1] })
    expect(alone).not.toHaveProperty('face')
    expect(verdict({ dataGroups: new Map() })).toBe('chip_group_missing')
    expect(verdict({ dataGroups: new Map([...chip.dataGroups].slice(1)) })).toBe(
      'chip_group_missing',
    )
  })

  test('counts until the end of its last day, and not after it', () => {
    const lastEvening = new Date('2034-01-01T15:59:59Z')
    expect(verdictOn(chip, trusted, lastEvening)).toBe('accepted')
    expect(verdictOn(chip, trusted, new Date('2034-01-01T16:00:00Z'))).toBe('chip_document_expired')
  })

  test('gives a checker the facts an application is compared with, and nothing of the chip', () => {
    const evidence = createChipEvidence({ cscaCertificates: trusted })
    const { format: _format, documentCode, ...facts } = sampleDocument
    expect(evidence.check({ ...chip, now: chipNow })).toEqual({
      ...facts,
      documentType: documentCode,
      issuingState: 'UTO',
    })
    expect(
      codeOf(() => createChipEvidence({ cscaCertificates: [] }).check({ ...chip, now: chipNow })),
    ).toBe('chip_issuer_unknown')
    expect(codeOf(() => createChipEvidence({ cscaCertificates: [Buffer.from('no')] }))).toBe(
      'csca_malformed',
    )
  })
})

describe('a data group', () => {
  const first = chip.dataGroups.get(1) ?? Buffer.alloc(0)

  test('of somebody else is refused', () => {
    const zone = createZone({ ...sampleDocument, documentNumber: 'E12345679' }, 'UTO', chipNow)
    expect(verdict({ dataGroups: withGroup(1, createGroup1(zone)) })).toBe('chip_group_hash')
  })

  test('with bytes behind it, or cut off, is refused', () => {
    const longer = Buffer.concat([first, Buffer.from([0])])
    expect(verdict({ dataGroups: withGroup(1, longer) })).toBe('chip_group_hash')
    expect(verdict({ dataGroups: withGroup(1, first.subarray(1)) })).toBe('chip_group_hash')
  })

  test('that nobody signed is refused, and so is one under another number', () => {
    expect(verdict({ dataGroups: withGroup(11, first) })).toBe('chip_group_unlisted')
    expect(verdict({ dataGroups: withGroup(0, first) })).toBe('chip_group_unlisted')
    expect(verdict({ dataGroups: withGroup(2, first) })).toBe('chip_group_hash')
  })

  test.each([
    ['of another file', derOf(0x75, derOf(0x5f1f, Buffer.from('A')))],
    ['with bytes behind it', Buffer.concat([first, Buffer.from([0])])],
    ['without a zone', derOf(0x61, derNull())],
    ['with a zone in small letters', derOf(0x61, derOf(0x5f1f, Buffer.alloc(88, 'a')))],
  ])('that was signed %s is refused', (_what, bytes) => {
    const dataGroups = withGroup(1, bytes)
    const sod = createSecurityFile(createSecurityObject(dataGroups, signer.key), signer)
    expect(verdict({ sod, dataGroups })).toBe('chip_group_malformed')
  })

  test('larger than any is not even hashed', () => {
    expect(verdict({ dataGroups: withGroup(2, Buffer.alloc(1024 * 1024 + 1)) })).toBe(
      'chip_too_large',
    )
  })

  test('2 without a picture of a face says so', () => {
    const dataGroups = withGroup(2, derOf(0x75, derOf(0x7f61, derInteger(0))))
    const sod = createSecurityFile(createSecurityObject(dataGroups, signer.key), signer)
    const verified = verifyDocumentChip({
      sod,
      dataGroups,
      cscaCertificates: trusted,
      now: chipNow,
    })
    expect(verified).not.toHaveProperty('face')
  })
})

describe('a security object', () => {
  test('signed as something else is refused', () => {
    expect(verdict({ sod: signedOtherwise({ contentType: '2.23.136.1.1.2' }) })).toBe(
      'chip_content_type',
    )
    expect(verdict({ sod: signedOtherwise({ attributeType: '1.2.840.113549.1.7.1' }) })).toBe(
      'chip_content_type',
    )
  })

  test('with a digest of something else is refused', () => {
    expect(verdict({ sod: signedOtherwise({ messageDigest: Buffer.alloc(32) }) })).toBe(
      'chip_message_digest',
    )
    const changed = Buffer.from(content)
    changed[changed.length - 1]! ^= 1
    const messageDigest = createHash('sha256').update(content).digest()
    expect(verdict({ sod: signedOtherwise({ content: changed, messageDigest }) })).toBe(
      'chip_message_digest',
    )
  })

  test('signed by another key than the certificate says is refused', () => {
    const forger = { certificate: signer.certificate, key: other }
    expect(verdict({ sod: signedOtherwise({ signers: [forger] }) })).toBe('chip_signature')
  })

  test('with two signers, or none, is refused', () => {
    expect(verdict({ sod: signedOtherwise({ signers: [signer, signer] }) })).toBe('chip_signers')
    const none = { signers: [], certificates: [signer.certificate] }
    expect(verdict({ sod: signedOtherwise(none) })).toBe('chip_signers')
  })

  test('without the certificate of its signer, or with it twice, is refused', () => {
    const { masterListSigner } = authority
    expect(
      verdict({ sod: signedOtherwise({ certificates: [masterListSigner.certificate] }) }),
    ).toBe('chip_signers')
    const twice = [signer.certificate, signer.certificate]
    expect(verdict({ sod: signedOtherwise({ certificates: twice }) })).toBe('chip_signers')
  })

  test('signed or hashed with SHA-1 is refused', async () => {
    const key = { ...signer.key, algorithm: ecdsaSample('P-256', 'sha1') }
    expect(verdict({ sod: signedOtherwise({ signers: [{ ...signer, key }] }) })).toBe('chip_sha1')
    const old = createSecurityObject(chip.dataGroups, key)
    expect(verdict({ sod: createSecurityFile(old, signer) })).toBe('chip_sha1')
  })

  const { digestIdentifier } = signer.key.algorithm
  const entry = (number: number, bytes = 32) =>
    derSequence(derInteger(number), derOctets(Buffer.alloc(bytes)))
  const object = (version: number, ...entries: readonly Uint8Array[]) =>
    derSequence(derInteger(version), digestIdentifier, derSequence(...entries))

  test.each([
    ['of version 2', object(2, entry(1), entry(2))],
    ['of version 1 that does not say for which LDS', object(1, entry(1), entry(2))],
    ['that lists a data group twice', object(0, entry(1), entry(2), entry(1))],
    ['that lists one data group', object(0, entry(1))],
    ['that lists a data group 17', object(0, entry(1), entry(17))],
    ['with a digest of another length', object(0, entry(1), entry(2, 20))],
    ['that is none', derSequence(derInteger(0))],
  ])('%s is refused', (_what, bytes) => {
    expect(verdict({ sod: createSecurityFile(bytes, signer) })).toBe('chip_security_object')
  })

  test('larger than any is not even read', () => {
    expect(verdict({ sod: Buffer.alloc(64 * 1024 + 1) })).toBe('chip_too_large')
  })

  test('with bytes behind it, cut off, of another file, or empty is refused', () => {
    const { sod } = chip
    expect(verdict({ sod: Buffer.concat([sod, Buffer.from([0])]) })).toBe('chip_malformed')
    expect(verdict({ sod: sod.subarray(0, -1) })).toBe('chip_malformed')
    expect(verdict({ sod: sod.subarray(4) })).toBe('chip_malformed')
    expect(verdict({ sod: Buffer.alloc(0) })).toBe('chip_malformed')
  })
})

test('a document of another state than its signer is refused', () => {
  const zone = createZone(sampleDocument, 'CHN', chipNow)
  const foreign = createChip(zone, signer)
  expect(verdictOn(foreign, trusted)).toBe('chip_country')
  expect(verdictOn(foreign, trusted, daysFromNow(1))).toBe('chip_country')
})

test('no refusal says anything about the holder', () => {
  const now = new Date('2034-01-01T16:00:00Z')
  const judge = () => verifyDocumentChip({ ...chip, cscaCertificates: trusted, now })
  expect(judge).toThrow(/expired/)
  expect(judge).not.toThrow(/E12345678|OUYANG|1990|CHN/)
})
