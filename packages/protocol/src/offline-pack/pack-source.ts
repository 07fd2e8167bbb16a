import { hashBase64Url } from '@netcert/credential/crypto'
import { ProtocolError } from '../errors.js'
import type { PlacedPackEntry } from './pack-entry.js'
import { malformed } from './pack-manifest.js'

/**
 * Where the bytes of a pack come from: a file, a `Blob`, a download that was kept. Nothing of it is
 * believed before it was hashed, so it may change between two reads.
 */
export type PackSource = {
  /** Length of the whole. */
  readonly bytes: number
  /** Exactly `length` bytes from `offset`; fewer where there are no more. */
  read(offset: number, length: number): Promise<Uint8Array>
}

/** A pack that lies in memory. */
export function packSourceOf(pack: Uint8Array): PackSource {
  return {
    bytes: pack.length,
    read: (offset, length) => Promise.resolve(pack.subarray(offset, offset + length)),
  }
}

/** @throws ProtocolError `pack_malformed` when the source ends before. */
export async function readWhole(
  source: PackSource,
  offset: number,
  length: number,
): Promise<Uint8Array> {
  const bytes = await source.read(offset, length)
  if (bytes.length !== length) throw malformed('it ends too early')
  return bytes
}

/**
 * The bytes of one entry, of which the manifest is right: length and hash. What they say is for
 * whoever reads that kind of thing to verify.
 *
 * @throws ProtocolError `pack_malformed`, `pack_hash`
 */
export async function readPackEntry(
  source: PackSource,
  entry: PlacedPackEntry,
): Promise<Uint8Array> {
  const bytes = await readWhole(source, entry.offset, entry.length)
  if (hashBase64Url('sha-256', bytes) === entry.sha256) return bytes
  throw new ProtocolError(
    'pack_hash',
    'An entry of the offline pack is not the one its manifest names: get the pack again.',
  )
}

const latin1 = new TextDecoder('latin1')

/**
 * `readPackEntry` as text, for everything that is a JWS: ASCII, so that one byte is one character.
 *
 * @throws ProtocolError as `readPackEntry`; `pack_malformed` for another byte than ASCII
 */
export async function readPackText(source: PackSource, entry: PlacedPackEntry): Promise<string> {
  const bytes = await readPackEntry(source, entry)
  // By index: an iterator over thirty million bytes takes longer than their signatures.
  for (let at = 0; at < bytes.length; at += 1) {
    if ((bytes[at] ?? 0) > 0x7e) throw malformed('an entry is no text')
  }
  return latin1.decode(bytes)
}
