import { describe, expect, test } from 'vitest'
import {
  chipNow,
  codeOf,
  type CountryOptions,
  createCountry,
  daysFromNow,
  sampleDocument,
  verdictOn,
} from '../../../../test/chip-ground.js'
import { createCountryTrust } from './country-trust.js'
import { derBits, derNull, derOctets, derOf, derSequence } from './der-writing.js'
import { createSampleKey, ecdsaSample, rsaSample } from './sample-algorithm.js'
import { createChip } from './sample-authority.js'
import { documentTypes, SAMPLE_PROFILES, type SampleExtension } from './sample-certificate.js'
import { createZone } from './sample-zone.js'

const { authority: authorityProfile, documentSigner: signerProfile } = SAMPLE_PROFILES

const utopia = await createCountry()
const elsewhere = await createCountry()

/** The profile with one extension in place of its namesake, or added. */
function profileWith(
  profile: readonly SampleExtension[],
  extension: SampleExtension,
): SampleExtension[] {
  return [...profile.filter(({ id }) => id !== extension.id), extension]
}

const usage = (bits: number, unused: number): SampleExtension => ({
  id: '2.5.29.15',
  critical: true,
  value: derBits(Uint8Array.of(bits), unused),
})
const basic = (value: Uint8Array): SampleExtension => ({ id: '2.5.29.19', critical: true, value })
const critical: SampleExtension = { id: '1.2.3.4', critical: true, value: derNull() }

async function verdictIn(options: CountryOptions): Promise<string> {
  const { chip, csca } = await createCountry(options)
  return verdictOn(chip, [csca])
}

describe('the authority of a document', () => {
  test('is found among all that are trusted', () => {
    const trusted = [elsewhere.csca, utopia.csca, utopia.csca]
    expect(verdictOn(utopia.chip, trusted)).toBe('accepted')
    expect(verdictOn(elsewhere.chip, trusted)).toBe('accepted')
  })

  test('must be on the list: neither its name nor another authority will do', async () => {
    expect(verdictOn(utopia.chip, [])).toBe('chip_issuer_unknown')
    expect(verdictOn(utopia.chip, [elsewhere.csca])).toBe('chip_issuer_unknown')
    const foreign = await createCountry({ country: 'DE' })
    expect(verdictOn(utopia.chip, [foreign.csca])).toBe('chip_issuer_unknown')
  })

  test('must have signed, where the certificate does not name the key', async () => {
    // Without identifiers of keys, the name alone finds an issuer, and the signature decides.
    const anonymous = await createCountry({ keyIdentifiers: false })
    const namesake = await createCountry({ keyIdentifiers: false })
    expect(verdictOn(anonymous.chip, [anonymous.csca])).toBe('accepted')
    expect(verdictOn(anonymous.chip, [namesake.csca, anonymous.csca])).toBe('accepted')
    expect(verdictOn(anonymous.chip, [namesake.csca])).toBe('chip_certificate_signature')
  })

  test.each([
    ['may issue nothing', { extensions: profileWith(authorityProfile, basic(derSequence())) }],
    ['may sign no certificates', { extensions: profileWith(authorityProfile, usage(0x02, 1)) }],
    [
      'has a critical extension of unknown meaning',
      { extensions: [...authorityProfile, critical] },
    ],
    ['says nothing of itself', { extensions: [] }],
  ])('that %s is refused', async (_what, authority) => {
    expect(await verdictIn({ authority })).toBe('chip_issuer_profile')
  })

  test('that did not sign its own certificate is refused', async () => {
    const issuerKey = await createSampleKey(ecdsaSample('P-256', 'sha256'))
    expect(await verdictIn({ authority: { issuerKey } })).toBe('chip_issuer_profile')
  })

  test('of tomorrow or yesterday is refused', async () => {
    const tomorrow = { notBefore: daysFromNow(1) }
    expect(await verdictIn({ authority: tomorrow })).toBe('chip_issuer_period')
    const yesterday = { notAfter: daysFromNow(-1) }
    expect(await verdictIn({ authority: yesterday })).toBe('chip_issuer_period')
  })

  test('may stand on the list twice, once of them unusable', async () => {
    const key = await createSampleKey(ecdsaSample('P-256', 'sha256'))
    const now = await createCountry({ key })
    const before = await createCountry({ key, authority: { notAfter: daysFromNow(-1) } })
    const sha1 = { ...key, algorithm: ecdsaSample('P-256', 'sha1') }
    const weak = await createCountry({ key, authority: { issuerKey: sha1 } })
    expect(verdictOn(now.chip, [before.csca, weak.csca, now.csca])).toBe('accepted')
    expect(verdictOn(now.chip, [before.csca, weak.csca])).toBe('chip_issuer_period')
    expect(verdictOn(now.chip, [weak.csca, before.csca])).toBe('chip_sha1')
  })

  test('with a weak key, or a certificate signed with SHA-1, is refused', async () => {
    const weak = await createSampleKey(rsaSample('sha256', 1024))
    const self = { issuerKey: weak, publicKey: weak.publicKey }
    expect(await verdictIn({ authority: self, signer: { issuerKey: weak } })).toBe('chip_key')
    const key = await createSampleKey(ecdsaSample('P-256', 'sha1'))
    const old = { issuerKey: key, publicKey: key.publicKey }
    expect(await verdictIn({ authority: old, signer: { issuerKey: key } })).toBe('chip_sha1')
  })
})

describe('the signer of a document', () => {
  test('of tomorrow or yesterday is refused', async () => {
    expect(await verdictIn({ signer: { notBefore: daysFromNow(1) } })).toBe('chip_signer_period')
    expect(await verdictIn({ signer: { notAfter: daysFromNow(-1) } })).toBe('chip_signer_period')
  })

  test('whose certificate was signed with SHA-1 is refused', async () => {
    const { issuerKey, signer } = utopia
    const algorithm = ecdsaSample('P-256', 'sha1')
    const old = await createCountry({
      key: issuerKey,
      signer: { issuerKey: { ...issuerKey, algorithm }, publicKey: signer.key.publicKey },
    })
    const chip = createChip(old.zone, { ...signer, certificate: old.signer.certificate })
    expect(verdictOn(chip, [utopia.csca])).toBe('chip_sha1')
  })

  test.each([
    ['may sign no data', profileWith(signerProfile, usage(0x04, 2))],
    ['does not say what it may sign', signerProfile.slice(1)],
    ['is an authority itself', [...signerProfile, ...authorityProfile.slice(1)]],
    ['is for lists of authorities', SAMPLE_PROFILES.masterListSigner],
    ['has a critical extension of unknown meaning', [...signerProfile, critical]],
  ])('that %s is refused', async (_what, extensions) => {
    expect(await verdictIn({ signer: { extensions } })).toBe('chip_signer_profile')
  })

  test('that has an extension twice is refused', async () => {
    const extensions = [...signerProfile, ...signerProfile]
    expect(await verdictIn({ signer: { extensions } })).toBe('chip_malformed')
  })

  test('signs only the kinds of documents that its certificate names', async () => {
    const only = (...types: readonly string[]) => ({
      signer: {
        extensions: profileWith(signerProfile, {
          id: '2.23.136.1.1.6.2',
          critical: false,
          value: documentTypes(...types),
        }),
      },
    })
    expect(await verdictIn(only('P'))).toBe('accepted')
    expect(await verdictIn(only('I', 'A'))).toBe('chip_document_type')
    expect(await verdictIn({ signer: { extensions: signerProfile.slice(0, 1) } })).toBe('accepted')
  })

  test('is of the same country as its authority and as the document', async () => {
    const subject = { country: 'DE', commonName: 'Signer' }
    expect(await verdictIn({ signer: { subject } })).toBe('chip_country')
    expect(await verdictIn({ country: 'DE' })).toBe('chip_country')
    const zone = createZone(sampleDocument, 'D', chipNow)
    expect(await verdictIn({ country: 'DE', zone })).toBe('accepted')
    expect(await verdictIn({ country: 'de', zone })).toBe('accepted')
    expect(await verdictIn({ country: '', zone })).toBe('chip_country')
  })
})

describe('a list of trusted certificates', () => {
  test.each([
    ['no DER', Buffer.from('certificate')],
    ['no certificate', derSequence(derOctets(Buffer.alloc(8)))],
    ['a certificate with bytes behind it', Buffer.concat([utopia.csca, Buffer.alloc(1)])],
    ['a certificate in a tag of its own', derOf(0xa0, utopia.csca)],
    ['too long a certificate', derSequence(derOctets(Buffer.alloc(20_000)))],
  ])('with %s is refused', (_what, bytes) => {
    expect(codeOf(() => createCountryTrust([utopia.csca, bytes]))).toBe('csca_malformed')
  })
})
