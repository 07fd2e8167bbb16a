import {
  CredentialError,
  createJws,
  parseJws,
  type Signer,
  signatureAlgorithms,
  type UnverifiedJwt,
} from '@netcert/credential'
import { hashBase64Url, textToBytes } from '@netcert/credential/crypto'
import { type PackEntry, type PlacedPackEntry, packLimits } from './pack-entry.js'
import {
  encodePackManifest,
  malformed,
  PACK_TYP,
  type PackManifest,
  parsePackManifest,
  tooLarge,
} from './pack-manifest.js'
import { type PackSource, readWhole } from './pack-source.js'

/** The first eight bytes: `NCPACK1` and a line feed, which a transfer as text would change. */
export const PACK_MAGIC: Uint8Array = textToBytes('NCPACK1\n')

/** After the magic: the length of the manifest, four bytes, most significant first. */
const LENGTH_BYTES = 4
const HEAD_BYTES = PACK_MAGIC.length + LENGTH_BYTES

/** A pack of which the form is right, and nobody has checked the signature or a hash. */
export type ReadPack = {
  readonly manifest: PackManifest
  /** `kid` of the header, as it stands there. */
  readonly keyId: string
  /** SHA-256 of the manifest's text, base64url: two packs with the same are the same. */
  readonly digest: string
  readonly entries: readonly PlacedPackEntry[]
  /** Length of the whole file. */
  readonly bytes: number
  readonly jwt: UnverifiedJwt
}

/**
 * Signs a manifest and gives everything that stands before the entries' bytes.
 *
 * @throws ProtocolError as `parsePackManifest`, for what nobody would take
 */
export async function encodePackHeader(options: {
  readonly manifest: PackManifest
  /** The key listed with use `pack`. */
  readonly signer: Signer
}): Promise<Uint8Array> {
  const { manifest, signer } = options
  const payload = encodePackManifest(manifest)
  // What cannot be read back must not be signed.
  parsePackManifest(payload)
  const header = { typ: PACK_TYP, kid: signer.keyId }
  const text = textToBytes(await createJws({ header, payload, signer }))
  assertBounds(text.length, manifest.entries)
  const head = new Uint8Array(HEAD_BYTES + text.length)
  head.set(PACK_MAGIC)
  new DataView(head.buffer).setUint32(PACK_MAGIC.length, text.length)
  head.set(text, HEAD_BYTES)
  return head
}

/**
 * Reads what a pack says about itself: magic, manifest, and that the entries fill the file to its
 * last byte. Reads no entry; believe nothing of it before `verifyPackManifest`.
 *
 * @throws ProtocolError `pack_malformed`, `pack_too_large`
 */
export async function readPack(source: PackSource): Promise<ReadPack> {
  const head = await readWhole(source, 0, HEAD_BYTES)
  if (PACK_MAGIC.some((byte, at) => head[at] !== byte)) throw malformed('it is no .ncpack')
  const length = new DataView(head.buffer, head.byteOffset).getUint32(PACK_MAGIC.length)
  if (length > packLimits.manifestBytes) throw tooLarge('its manifest')
  const jwt = parseManifestJws(await readWhole(source, HEAD_BYTES, length))
  const manifest = parsePackManifest(jwt.payload)
  assertBounds(length, manifest.entries)
  const entries = place(manifest.entries, HEAD_BYTES + length)
  const end = entries.reduce((at, entry) => Math.max(at, entry.offset + entry.length), 0)
  if (end !== source.bytes) throw malformed('it is cut off, or something follows it')
  const { keyId, digest } = jwt
  return { manifest, keyId, digest, entries, bytes: end, jwt }
}

const ascii = new TextDecoder('latin1')

function parseManifestJws(bytes: Uint8Array): UnverifiedJwt & Pick<ReadPack, 'keyId' | 'digest'> {
  try {
    const jwt = parseJws(ascii.decode(bytes), { algorithms: signatureAlgorithms, maxDepth: 8 })
    const { typ, kid } = jwt.header
    if (typ !== PACK_TYP) throw malformed(`typ is not ${PACK_TYP}`)
    // Keys come from the trust list; a header that brings its own is an attempt to choose.
    const brought = ['jwk', 'jku', 'x5c', 'x5u'].some((name) => Object.hasOwn(jwt.header, name))
    if (typeof kid !== 'string' || brought)
      throw malformed('its key is named otherwise than by kid')
    return { ...jwt, keyId: kid, digest: hashBase64Url('sha-256', bytes) }
  } catch (cause) {
    if (!(cause instanceof CredentialError)) throw cause
    throw malformed(`its manifest: ${cause.code}`, cause)
  }
}

function place(entries: readonly PackEntry[], start: number): readonly PlacedPackEntry[] {
  let offset = start
  return entries.map((entry) => {
    const placed = { ...entry, offset }
    offset += entry.length
    return placed
  })
}

function assertBounds(manifestBytes: number, entries: readonly PackEntry[]): void {
  if (manifestBytes > packLimits.manifestBytes) throw tooLarge('its manifest')
  const total = entries.reduce((sum, { length }) => sum + length, HEAD_BYTES + manifestBytes)
  if (total > packLimits.totalBytes) throw tooLarge('the whole')
}
