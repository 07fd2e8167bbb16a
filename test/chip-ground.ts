import {
  createSampleAuthority,
  type SampleAuthority,
  createChip,
} from '../packages/issuer/src/chip/sample-authority.js'
import {
  ecdsaSample,
  createSampleKey,
  type SampleKey,
} from '../packages/issuer/src/chip/sample-algorithm.js'
import {
  createSampleCertificate,
  SAMPLE_PROFILES,
  type SampleCertificateOptions,
} from '../packages/issuer/src/chip/sample-certificate.js'
import type { SampleSigner } from '../packages/issuer/src/chip/sample-message.js'
import { createZone, type SampleDocument } from '../packages/issuer/src/chip/sample-zone.js'
import { type ChipContent, verifyDocumentChip } from '../packages/issuer/src/chip/document-chip.js'
import { IssuerError } from '../packages/issuer/src/issuer-error.js'

/** When chips are read in tests. */
export const chipNow = new Date('2026-11-22T10:00:00Z')

/** Somebody who does not exist. */
export const sampleDocument: SampleDocument = {
  format: 'TD3',
  documentCode: 'P',
  documentNumber: 'E12345678',
  familyName: 'OUYANG',
  givenName: 'XIAO MING',
  nationality: 'CHN',
  birthdate: '1990-02-28',
  sex: 'female',
  expires: '2034-01-01',
}

export const sampleZone = createZone(sampleDocument, 'UTO', chipNow)

/** An authority and one document of it. */
export type ChipGround = { readonly authority: SampleAuthority; readonly chip: ChipContent }

export async function createChipGround(algorithm?: string): Promise<ChipGround> {
  const chosen = algorithm === undefined ? {} : { algorithm }
  const authority = await createSampleAuthority({ ...chosen, now: chipNow })
  return { authority, chip: authority.issue(sampleDocument) }
}

/** A country and a signer of its documents, one thing about them as a test wants it. */
export type CountryOptions = {
  readonly country?: string
  /** The authority's, when another document of the same is made. */
  readonly key?: SampleKey
  /** Whether certificates name keys; they do. */
  readonly keyIdentifiers?: boolean
  readonly authority?: Partial<SampleCertificateOptions>
  readonly signer?: Partial<SampleCertificateOptions>
  readonly zone?: string
}

/** A chip under an authority made for it. */
export async function createCountry(options: CountryOptions = {}) {
  const { country = 'UT' } = options
  const algorithm = ecdsaSample('P-256', 'sha256')
  const issuerKey = options.key ?? (await createSampleKey(algorithm))
  const key = await createSampleKey(algorithm)
  const subject = { country, commonName: 'Authority' }
  const { keyIdentifiers = true, zone = sampleZone } = options
  const period = { keyIdentifiers, notBefore: daysFromNow(-10), notAfter: daysFromNow(4000) }
  const csca = createSampleCertificate({
    subject,
    issuer: subject,
    issuerKey,
    publicKey: issuerKey.publicKey,
    extensions: SAMPLE_PROFILES.authority,
    ...period,
    ...options.authority,
  })
  const certificate = createSampleCertificate({
    subject: { country, commonName: 'Signer' },
    issuer: subject,
    issuerKey,
    publicKey: key.publicKey,
    extensions: SAMPLE_PROFILES.documentSigner,
    ...period,
    ...options.signer,
  })
  const signer: SampleSigner = { certificate, key }
  return { csca, issuerKey, signer, zone, chip: createChip(zone, signer) }
}

export const daysFromNow = (days: number) => new Date(chipNow.getTime() + days * 86_400_000)

/** Code of the refusal of a chip; `accepted` when there is none. */
export function verdictOn(
  chip: ChipContent,
  cscaCertificates: readonly Uint8Array[],
  now = chipNow,
): string {
  return codeOf(() => verifyDocumentChip({ ...chip, cscaCertificates, now }))
}

/** Code of what is thrown; `accepted` when nothing is. Anything but a refusal goes on. */
export function codeOf(judge: () => unknown): string {
  try {
    judge()
    return 'accepted'
  } catch (error) {
    if (error instanceof IssuerError) return error.code
    throw error
  }
}
