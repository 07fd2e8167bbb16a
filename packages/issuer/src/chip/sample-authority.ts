import { createHash } from 'node:crypto'
import type { ChipContent } from './document-chip.js'
import { derInteger, derOctets, derOf, derSequence, derSet } from './der-writing.js'
import {
  createSampleKey,
  SAMPLE_ALGORITHMS,
  type SampleAlgorithm,
  type SampleKey,
} from './sample-algorithm.js'
import { createSampleCertificate, SAMPLE_PROFILES, type SampleName } from './sample-certificate.js'
import { createGroup1, createGroup2 } from './sample-data-group.js'
import { createSampleMessage, type SampleSigner } from './sample-message.js'
import { createZone, type SampleDocument } from './sample-zone.js'
import { LDS_SECURITY_OBJECT } from './security-object.js'

/** How a sample authority signs, and when it begins. */
export type SampleAuthorityOptions = {
  /** Name of one of `SAMPLE_ALGORITHMS`; ECDSA on P-256 when left out. */
  readonly algorithm?: string
  readonly now: Date
}

/**
 * A country signing authority that nobody trusts by itself: Utopia's. Its keys exist in memory
 * only, so that nothing more can be signed once it is gone.
 */
export type SampleAuthority = {
  /** DER. */
  readonly cscaCertificate: Uint8Array
  readonly documentSigner: SampleSigner
  readonly masterListSigner: SampleSigner
  /** The authority's certificate in a signed master list. */
  readonly masterList: Uint8Array
  /**
   * A document whose chip is genuine under this authority, of issuing state `UTO`.
   *
   * @throws IssuerError `sample_document_malformed`
   */
  issue(document: SampleDocument): ChipContent
}

const AUTHORITY: SampleName = { country: 'UT', commonName: 'Specimen CSCA, not a country' }

const YEAR_SECONDS = 366 * 86_400

/**
 * Makes an authority, a signer of documents and a signer of master lists under it.
 *
 * @throws TypeError for an algorithm that is none of `SAMPLE_ALGORITHMS`
 */
export async function createSampleAuthority(
  options: SampleAuthorityOptions,
): Promise<SampleAuthority> {
  const { now } = options
  const algorithm = algorithmNamed(options.algorithm)
  const key = await createSampleKey(algorithm)
  const under = (subject: SampleName, publicKey: Uint8Array, extensions: Profile) =>
    createSampleCertificate({
      subject,
      publicKey,
      issuer: AUTHORITY,
      issuerKey: key,
      notBefore: new Date(now.getTime() - 3600_000),
      notAfter: new Date(now.getTime() + 12 * YEAR_SECONDS * 1000),
      extensions,
    })
  const signer = async (commonName: string, extensions: Profile): Promise<SampleSigner> => {
    const own = await createSampleKey(algorithm)
    return {
      certificate: under({ country: 'UT', commonName }, own.publicKey, extensions),
      key: own,
    }
  }
  const cscaCertificate = under(AUTHORITY, key.publicKey, SAMPLE_PROFILES.authority)
  const documentSigner = await signer('Specimen document signer', SAMPLE_PROFILES.documentSigner)
  const masterListSigner = await signer(
    'Specimen master list signer',
    SAMPLE_PROFILES.masterListSigner,
  )
  return {
    cscaCertificate,
    documentSigner,
    masterListSigner,
    masterList: createMasterList([cscaCertificate], masterListSigner, [cscaCertificate]),
    issue: (document) => createChip(createZone(document, 'UTO', now), documentSigner),
  }
}

type Profile = Parameters<typeof createSampleCertificate>[0]['extensions']

/** Signs data groups 1 and 2. */
export function createChip(zone: string, signer: SampleSigner): ChipContent {
  const dataGroups = new Map([
    [1, createGroup1(zone)],
    [2, createGroup2()],
  ])
  return {
    sod: createSecurityFile(createSecurityObject(dataGroups, signer.key), signer),
    dataGroups,
  }
}

/** LDSSecurityObject, version 0 (ICAO Doc 9303-10 §4.6.2.3). */
export function createSecurityObject(
  dataGroups: ReadonlyMap<number, Uint8Array>,
  { algorithm }: Pick<SampleKey, 'algorithm'>,
): Uint8Array {
  const digests = [...dataGroups].map(([number, bytes]) =>
    derSequence(derInteger(number), derOctets(createHash(algorithm.digest).update(bytes).digest())),
  )
  return derSequence(derInteger(0), algorithm.digestIdentifier, derSequence(...digests))
}

/** EF.SOD around a signed security object. */
export function createSecurityFile(content: Uint8Array, signer: SampleSigner): Uint8Array {
  const message = { content, contentType: LDS_SECURITY_OBJECT, signers: [signer] }
  return derOf(0x77, createSampleMessage(message))
}

/** A signed CscaMasterList (ICAO Doc 9303-12 §8). */
export function createMasterList(
  certificates: readonly Uint8Array[],
  signer: SampleSigner,
  along: readonly Uint8Array[] = [],
): Uint8Array {
  return createSampleMessage({
    content: derSequence(derInteger(0), derSet(...certificates)),
    contentType: '2.23.136.1.1.2',
    signers: [signer],
    certificates: [signer.certificate, ...along],
  })
}

function algorithmNamed(name: string | undefined): SampleAlgorithm {
  const [first] = SAMPLE_ALGORITHMS
  const found = name === undefined ? first : SAMPLE_ALGORITHMS.find((it) => it.name === name)
  if (found === undefined) throw new TypeError('no algorithm of samples')
  return found
}
