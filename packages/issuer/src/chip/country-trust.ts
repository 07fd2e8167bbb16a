import { IssuerError, type IssuerErrorCode } from '../issuer-error.js'
import { parseSignatureAlgorithm } from './algorithms.js'
import { type ChipCertificate, parseChipCertificate } from './chip-certificate.js'
import { isSignedBy, parsePublicKey } from './public-key.js'

/** The country signing authorities that count, found by name. */
export type CountryTrust = {
  /** Those that can have issued a certificate: the name and, where both tell it, the key agree. */
  issuersOf(certificate: ChipCertificate): readonly ChipCertificate[]
}

/** What a certificate under a country's authority may sign. */
export type SignerPurpose = 'documents' | 'master_list'

/** Whose certificate is verified, against whom, and when. */
export type VerifySignerOptions = {
  readonly certificate: ChipCertificate
  readonly trust: CountryTrust
  readonly purpose: SignerPurpose
  readonly now: Date
}

/** `id-icao-cscaMasterListSigningKey` */
const MASTER_LIST_SIGNER = '2.23.136.1.1.3'

/** So many authorities of one name and key are tried: two, and the links between them. */
const MAXIMUM_CANDIDATES = 8

/**
 * Takes country signing certificates as trusted.
 *
 * @param certificates - DER
 * @throws IssuerError `csca_malformed`
 */
export function createCountryTrust(certificates: readonly Uint8Array[]): CountryTrust {
  const bySubject = new Map<string, ChipCertificate[]>()
  for (const certificate of certificates.map(parseTrusted)) {
    const { key } = certificate.subject
    const known = bySubject.get(key) ?? []
    const isKnown = known.some(({ bytes }) => Buffer.from(bytes).equals(certificate.bytes))
    if (!isKnown) bySubject.set(key, [...known, certificate])
  }
  return {
    issuersOf: ({ issuer, extensions: { authorityKeyIdentifier: named } }) =>
      (bySubject.get(issuer.key) ?? []).filter(({ extensions: { subjectKeyIdentifier: own } }) => {
        return named === undefined || own === undefined || named === own
      }),
  }
}

/**
 * Verifies a certificate against the countries that are trusted, and returns its issuer's.
 *
 * @throws IssuerError `chip_signer_profile`, `chip_signer_period`, `chip_issuer_unknown`,
 *   `chip_issuer_profile`, `chip_issuer_period`, `chip_certificate_signature`, `chip_country`,
 *   `chip_sha1`, `chip_algorithm`, `chip_key`
 * @see ICAO Doc 9303-11 §5.1, Doc 9303-12 §7.1
 */
export function verifySigner(options: VerifySignerOptions): ChipCertificate {
  const { certificate, trust, purpose, now } = options
  requireSignerProfile(certificate, purpose)
  if (!isWithinPeriod(certificate, now)) throw refusal('chip_signer_period')
  const issuer = issuerAmong(trust.issuersOf(certificate), certificate, now)
  const countries = [certificate.subject, certificate.issuer, issuer.subject]
  const [{ country } = { country: '' }] = countries
  if (country === '' || countries.some((name) => name.country !== country)) {
    throw refusal('chip_country')
  }
  return issuer
}

/** The first that may issue and did; else why the first of them did not. */
function issuerAmong(
  candidates: readonly ChipCertificate[],
  certificate: ChipCertificate,
  now: Date,
): ChipCertificate {
  let reason = refusal('chip_issuer_unknown')
  for (const [at, candidate] of candidates.slice(0, MAXIMUM_CANDIDATES).entries()) {
    try {
      requireIssuer(candidate, certificate, now)
      return candidate
    } catch (error) {
      if (!(error instanceof IssuerError)) throw error
      if (at === 0) reason = error
    }
  }
  throw reason
}

function requireIssuer(issuer: ChipCertificate, certificate: ChipCertificate, now: Date): void {
  if (!isAuthority(issuer)) throw refusal('chip_issuer_profile')
  if (!isWithinPeriod(issuer, now)) throw refusal('chip_issuer_period')
  if (!isIssuedBy(certificate, issuer)) throw refusal('chip_certificate_signature')
}

function parseTrusted(bytes: Uint8Array): ChipCertificate {
  try {
    return parseChipCertificate(bytes)
  } catch (cause) {
    throw new IssuerError(
      'csca_malformed',
      'A country signing certificate cannot be read. Take it out of the list, or get it again.',
      { cause },
    )
  }
}

/** A key for documents signs documents and nothing else; one for lists says that it is for them. */
function requireSignerProfile({ extensions }: ChipCertificate, purpose: SignerPurpose): void {
  const { mayIssue, maySignData, extendedKeyUsage, unknownCritical } = extensions
  const isFor =
    purpose === 'documents'
      ? extendedKeyUsage === undefined
      : extendedKeyUsage?.join() === MASTER_LIST_SIGNER
  if (mayIssue || !maySignData || !isFor || unknownCritical.length > 0) {
    throw refusal('chip_signer_profile')
  }
}

/** May issue, and where it is signed by itself, that signature holds. */
function isAuthority(certificate: ChipCertificate): boolean {
  const { mayIssue, maySignCertificates, unknownCritical } = certificate.extensions
  if (!mayIssue || !maySignCertificates || unknownCritical.length > 0) return false
  return certificate.issuer.key !== certificate.subject.key || isIssuedBy(certificate, certificate)
}

function isIssuedBy(certificate: ChipCertificate, issuer: ChipCertificate): boolean {
  return isSignedBy({
    key: parsePublicKey(issuer.publicKey),
    algorithm: parseSignatureAlgorithm(certificate.signatureAlgorithm),
    signed: certificate.signed,
    signature: certificate.signature,
  })
}

/** A date that cannot be read lies in no period. */
const isWithinPeriod = ({ notBefore, notAfter }: ChipCertificate, now: Date) =>
  notBefore.getTime() <= now.getTime() && now.getTime() <= notAfter.getTime()

type Refusal = Extract<
  IssuerErrorCode,
  `chip_signer_${string}` | `chip_issuer_${string}` | 'chip_certificate_signature' | 'chip_country'
>

const refusals: Readonly<Record<Refusal, string>> = {
  chip_signer_profile: 'was signed with a certificate that is for something else',
  chip_signer_period: 'was signed with a certificate that is not valid now',
  chip_issuer_unknown: 'comes from a country signing authority that is not trusted here',
  chip_issuer_profile: 'names an issuer whose certificate is none of an authority',
  chip_issuer_period: 'comes from a country signing authority whose certificate is not valid now',
  chip_certificate_signature: 'was signed with a certificate that its country did not sign',
  chip_country: 'names one country, and its certificates another',
}

/** A refusal for one of the reasons that lie with certificates. */
export function refusal(code: Refusal): IssuerError {
  const cure =
    code === 'chip_issuer_unknown'
      ? "If it is genuine, add that country's certificate or a newer master list."
      : 'Refuse the document, or ask for other evidence.'
  return new IssuerError(code, `The document ${refusals[code]}. ${cure}`)
}
