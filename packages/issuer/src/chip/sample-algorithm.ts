import { generateKeyPair, type KeyObject, sign } from 'node:crypto'
import { promisify } from 'node:util'
import { derInteger, derNull, derObjectIdentifier, derOf, derSequence } from './der-writing.js'

/** How a key of a sample is made and signs. */
export type SampleAlgorithm = {
  /** As `netcert chip sample --algorithm` takes it. */
  readonly name: string
  /** As node:crypto names it. */
  readonly digest: string
  /** AlgorithmIdentifier of the digest. */
  readonly digestIdentifier: Uint8Array
  /** AlgorithmIdentifier of the signature. */
  readonly identifier: Uint8Array
  readonly padding: 'pss' | 'none'
  generate(): Promise<{ readonly privateKey: KeyObject; readonly publicKey: KeyObject }>
}

/** A key of a sample. It exists in memory only. */
export type SampleKey = {
  readonly algorithm: SampleAlgorithm
  readonly privateKey: KeyObject
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array
}

const generate = promisify(generateKeyPair)

const digests = {
  sha1: { id: '1.3.14.3.2.26', ecdsa: '1.2.840.10045.4.1', rsa: '1.2.840.113549.1.1.5', size: 20 },
  sha256: {
    id: '2.16.840.1.101.3.4.2.1',
    ecdsa: '1.2.840.10045.4.3.2',
    rsa: '1.2.840.113549.1.1.11',
    size: 32,
  },
  sha384: {
    id: '2.16.840.1.101.3.4.2.2',
    ecdsa: '1.2.840.10045.4.3.3',
    rsa: '1.2.840.113549.1.1.12',
    size: 48,
  },
  sha512: {
    id: '2.16.840.1.101.3.4.2.3',
    ecdsa: '1.2.840.10045.4.3.4',
    rsa: '1.2.840.113549.1.1.13',
    size: 64,
  },
} as const

/** A digest that a sample can be made with. SHA-1 is there to be refused. */
export type SampleDigest = keyof typeof digests

/** ECDSA on a curve, its parameters named or written out. */
export function ecdsaSample(
  curve: string,
  digest: SampleDigest,
  paramEncoding: 'named' | 'explicit' = 'named',
): SampleAlgorithm {
  const suffix = paramEncoding === 'explicit' ? '-explicit' : ''
  return {
    name: `ecdsa-${curve.toLowerCase()}${suffix}-${digest}`,
    digest,
    digestIdentifier: digestIdentifier(digest),
    identifier: derSequence(derObjectIdentifier(digests[digest].ecdsa)),
    padding: 'none',
    generate: () => generate('ec', { namedCurve: curve, paramEncoding }),
  }
}

/** RSA with PKCS #1 v1.5. */
export function rsaSample(digest: SampleDigest, modulusLength = 2048): SampleAlgorithm {
  return {
    name: `rsa-${modulusLength}-${digest}`,
    digest,
    digestIdentifier: digestIdentifier(digest),
    identifier: derSequence(derObjectIdentifier(digests[digest].rsa), derNull()),
    padding: 'none',
    generate: () => generate('rsa', { modulusLength }),
  }
}

/** RSA-PSS, the salt as long as the digest; with a key that says so, or with any RSA key. */
export function rsaPssSample(
  digest: SampleDigest,
  key: 'rsa' | 'rsa-pss' = 'rsa',
): SampleAlgorithm {
  const options = { modulusLength: 2048 }
  return {
    name: `rsa-pss-2048${key === 'rsa-pss' ? '-key' : ''}-${digest}`,
    digest,
    digestIdentifier: digestIdentifier(digest),
    identifier: derSequence(derObjectIdentifier('1.2.840.113549.1.1.10'), pssParameters(digest)),
    padding: 'pss',
    generate: () => (key === 'rsa' ? generate('rsa', options) : generate('rsa-pss', options)),
  }
}

/** What samples can be signed with: everything that documents of the world are, save SHA-1. */
export const SAMPLE_ALGORITHMS: readonly SampleAlgorithm[] = [
  ecdsaSample('P-256', 'sha256'),
  ecdsaSample('P-384', 'sha384'),
  ecdsaSample('P-521', 'sha512'),
  ecdsaSample('P-256', 'sha256', 'explicit'),
  ecdsaSample('brainpoolP256r1', 'sha256'),
  ecdsaSample('brainpoolP384r1', 'sha384'),
  ecdsaSample('brainpoolP512r1', 'sha512'),
  ecdsaSample('brainpoolP384r1', 'sha384', 'explicit'),
  rsaSample('sha256'),
  rsaSample('sha512'),
  rsaPssSample('sha256'),
  rsaPssSample('sha384', 'rsa-pss'),
]

/** Makes a key. */
export async function createSampleKey(algorithm: SampleAlgorithm): Promise<SampleKey> {
  const { privateKey, publicKey } = await algorithm.generate()
  return { algorithm, privateKey, publicKey: publicKey.export({ type: 'spki', format: 'der' }) }
}

/** Signs bytes. */
export function signSample({ algorithm, privateKey }: SampleKey, bytes: Uint8Array): Uint8Array {
  if (algorithm.padding === 'none') return sign(algorithm.digest, bytes, privateKey)
  // RSA_PKCS1_PSS_PADDING, RSA_PSS_SALTLEN_DIGEST
  return sign(algorithm.digest, bytes, { key: privateKey, padding: 6, saltLength: -1 })
}

function digestIdentifier(digest: SampleDigest): Uint8Array {
  return derSequence(derObjectIdentifier(digests[digest].id))
}

/** RFC 4055 §3.1 */
function pssParameters(digest: SampleDigest): Uint8Array {
  const hash = digestIdentifier(digest)
  return derSequence(
    derOf(0xa0, hash),
    derOf(0xa1, derSequence(derObjectIdentifier('1.2.840.113549.1.1.8'), hash)),
    derOf(0xa2, derInteger(digests[digest].size)),
  )
}
