import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { SpecifiedECDomain } from '@peculiar/asn1-ecc'
import { SubjectPublicKeyInfo } from '@peculiar/asn1-x509'
import { IssuerError } from '../issuer-error.js'
import type { ChipSignatureAlgorithm } from './algorithms.js'
import { parseAsn1 } from './asn1-values.js'
import { DER_TAG, type DerElement, readDerElement, readDerElements } from './der.js'
import { derBits, derObjectIdentifier, derSequence } from './der-writing.js'
import { ELLIPTIC_CURVES, type EllipticCurve } from './elliptic-curves.js'

/** A key that can have signed a document, and what it can have signed with. */
export type ChipPublicKey = {
  readonly key: KeyObject
  readonly schemes: readonly ChipSignatureAlgorithm['scheme'][]
  /** `rsa-3072`, `P-384`, `brainpoolP256r1` */
  readonly name: string
}

const RSA_ENCRYPTION = '1.2.840.113549.1.1.1'
const RSA_PSS = '1.2.840.113549.1.1.10'
const EC_PUBLIC_KEY = '1.2.840.10045.2.1'
const PRIME_FIELD = '1.2.840.10045.1.1'

/**
 * Reads a SubjectPublicKeyInfo: RSA of 2048 to 8192 bits, or a point on a curve of the table,
 * named or written out.
 *
 * @throws IssuerError `chip_key`, `chip_malformed`
 */
export function parsePublicKey(der: Uint8Array): ChipPublicKey {
  const { algorithm } = parseAsn1(der, SubjectPublicKeyInfo, 'a public key').algorithm
  if (algorithm === RSA_ENCRYPTION) return rsaKey(der, ['rsa', 'rsa-pss'])
  if (algorithm === RSA_PSS) return rsaKey(der, ['rsa-pss'])
  if (algorithm === EC_PUBLIC_KEY) return curveKey(der)
  throw unusableKey()
}

/** What is signed, by whom and how. */
export type VerifySignatureOptions = {
  readonly key: ChipPublicKey
  readonly algorithm: ChipSignatureAlgorithm
  readonly signed: Uint8Array
  readonly signature: Uint8Array
}

/** Whether a signature holds; never for a key of another kind than the algorithm's. */
export function isSignedBy(options: VerifySignatureOptions): boolean {
  const { algorithm, signed, signature } = options
  const { key, schemes } = options.key
  if (!schemes.includes(algorithm.scheme)) return false
  const digest = algorithm.digest.name
  try {
    if (algorithm.scheme !== 'rsa-pss') return verify(digest, signed, key, signature)
    // RSA_PKCS1_PSS_PADDING
    const pss = { key, padding: 6, saltLength: algorithm.saltLengthBytes }
    return verify(digest, signed, pss, signature)
  } catch {
    // A key that restricts its own use to another digest.
    return false
  }
}

function rsaKey(der: Uint8Array, schemes: ChipPublicKey['schemes']): ChipPublicKey {
  const key = importKey(der)
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {}
  const isSound = modulusLength >= 2048 && modulusLength <= 8192
  if (!isSound || publicExponent < 3n || publicExponent >= 2n ** 64n || publicExponent % 2n === 0n)
    throw unusableKey()
  return { key, schemes, name: `rsa-${modulusLength}` }
}

/** The curve is looked up and named again, so that no parameters but our own reach OpenSSL. */
function curveKey(der: Uint8Array): ChipPublicKey {
  const [algorithm, bits] = readDerElements(readDerElement(der).content)
  const [, parameters] = algorithm === undefined ? [] : readDerElements(algorithm.content)
  if (parameters === undefined || bits === undefined) throw unusableKey()
  const curve = curveOf(parameters)
  const point = bits.content.subarray(1)
  if (curve === undefined || !isPointOf(point, curve)) throw unusableKey()
  const identifier = derSequence(
    derObjectIdentifier(EC_PUBLIC_KEY),
    derObjectIdentifier(curve.objectIdentifier),
  )
  const key = importKey(derSequence(identifier, derBits(point)))
  return { key, schemes: ['ecdsa'], name: curve.name }
}

function curveOf({ tag, whole }: DerElement): EllipticCurve | undefined {
  if (tag === DER_TAG.objectIdentifier) {
    const named = Buffer.from(whole)
    return ELLIPTIC_CURVES.find((curve) =>
      named.equals(derObjectIdentifier(curve.objectIdentifier)),
    )
  }
  if (tag !== DER_TAG.sequence) return undefined
  const domain = parseAsn1(whole, SpecifiedECDomain, 'a curve')
  if (domain.fieldID.fieldType !== PRIME_FIELD || (domain.cofactor ?? 1) !== 1) return undefined
  const prime = readDerElement(new Uint8Array(domain.fieldID.parameters))
  if (prime.tag !== DER_TAG.integer) return undefined
  const written = [prime.content, domain.curve.a, domain.curve.b, domain.order].map(numberIn)
  return ELLIPTIC_CURVES.find(
    (curve) =>
      written.every(
        (number, at) => number === numberOf([curve.p, curve.a, curve.b, curve.n][at]),
      ) && isBasePoint(new Uint8Array(domain.base.buffer), curve),
  )
}

function isPointOf(point: Uint8Array, { sizeBytes }: EllipticCurve): boolean {
  if (point[0] === 0x04) return point.length === 1 + 2 * sizeBytes
  return (point[0] === 0x02 || point[0] === 0x03) && point.length === 1 + sizeBytes
}

function isBasePoint(point: Uint8Array, curve: EllipticCurve): boolean {
  const written = Buffer.from(point).toString('hex')
  const parity = BigInt(`0x${curve.y}`) % 2n === 0n ? '02' : '03'
  return written === `04${curve.x}${curve.y}` || written === parity + curve.x
}

const numberIn = (bytes: ArrayBuffer | Uint8Array) =>
  numberOf(Buffer.from(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes)).toString('hex'))

const numberOf = (hex: string | undefined) => BigInt(`0x${hex || '0'}`)

function importKey(der: Uint8Array): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' })
  } catch (error) {
    throw unusableKey(error)
  }
}

function unusableKey(cause?: unknown): IssuerError {
  return new IssuerError(
    'chip_key',
    'A certificate has a key that is too short, of an unknown kind, or on an unknown curve. Ask for other evidence.',
    cause === undefined ? {} : { cause },
  )
}
