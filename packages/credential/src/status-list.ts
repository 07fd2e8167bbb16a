import { deflateZlib, inflateZlib } from '@netcert/credential/crypto'
import { decodeBase64Url, encodeBase64Url } from './base64url.js'
import { CredentialError } from './errors.js'
import { isJsonObject, type JsonObject, type JsonValue, memberOf } from './json.js'

/** Width of an entry. netcert issues 1, and 2 where suspension is used; all four are read. */
export type StatusBits = 1 | 2 | 4 | 8

/** A status list, inflated. `bytes` hold the entries from the least significant bit up (§4.1). */
export type StatusList = { readonly bits: StatusBits; readonly bytes: Uint8Array }

/** Status values of §7.1; 3 and 12 to 15 belong to the application, all others are reserved. */
export const STATUS_VALID = 0
export const STATUS_INVALID = 1
export const STATUS_SUSPENDED = 2

/** Bound of an inflated list: 2^27 entries of one bit. */
export const MAX_STATUS_LIST_BYTES = 16 * 1024 * 1024

/**
 * Packs status values, first entry in the lowest bits of the first byte. A last byte that is not
 * full is filled with zeros.
 *
 * @throws CredentialError `status_value_out_of_range` for a value that does not fit into `bits`;
 * `status_list_malformed` for another width than 1, 2, 4, 8.
 * @see Token Status List §4.1
 */
export function encodeStatuses(bits: StatusBits, statuses: ArrayLike<number>): Uint8Array {
  const list = createEmptyStatusList(bits, statuses.length)
  for (let index = 0; index < statuses.length; index += 1) {
    const status = statuses[index] ?? Number.NaN
    if (status !== STATUS_VALID) writeStatus(list, index, status)
  }
  return list.bytes
}

/** A list of `size` entries, all valid. Its bytes may be written with `writeStatus`. */
export function createEmptyStatusList(bits: StatusBits, size: number): StatusList {
  assertBits(bits)
  return { bits, bytes: new Uint8Array(Math.ceil((size * bits) / 8)) }
}

/**
 * Sets one entry in place: for whoever builds a list. A list that was verified is never written.
 *
 * @param index - Position counted in entries, not bytes.
 * @throws CredentialError `status_index_out_of_range`, `status_value_out_of_range`
 */
export function writeStatus(list: StatusList, index: number, status: number): void {
  assertIndex(list, index)
  const mask = 2 ** list.bits - 1
  if (!Number.isInteger(status) || status < 0 || status > mask) {
    throw new CredentialError(
      'status_value_out_of_range',
      `A status does not fit into ${list.bits} bit: use a wider list.`,
    )
  }
  const bit = index * list.bits
  const shift = bit & 7
  const at = bit >>> 3
  list.bytes[at] = ((list.bytes[at] ?? 0) & ~(mask << shift)) | (status << shift)
}

/**
 * Reads one entry.
 *
 * @param index - Position counted in entries, not bytes.
 * @throws CredentialError `status_index_out_of_range` when the list has no such entry.
 * @see Token Status List §4.1, §8.3
 */
export function readStatus(list: StatusList, index: number): number {
  assertIndex(list, index)
  const bit = index * list.bits
  return ((list.bytes[bit >>> 3] ?? 0) >>> (bit & 7)) & ((1 << list.bits) - 1)
}

/** Number of entries, those that only fill the last byte included. */
export function statusCount(list: StatusList): number {
  return (list.bytes.length * 8) / list.bits
}

/**
 * Reads the `status_list` member of a token: `bits` and the ZLIB-compressed `lst` in base64url.
 *
 * @param maxBytes - Bound of the inflated list.
 * @throws CredentialError `status_list_malformed`, `status_list_too_large`, `bad_base64url`
 * @see Token Status List §4.2
 */
export function decodeStatusList(value: JsonValue | undefined, maxBytes: number): StatusList {
  const { bits, compressed } = readMembers(value)
  return { bits, bytes: inflateZlib(compressed, maxBytes) }
}

/**
 * The same list, inflated when it is read for the first time and kept from then on: of a thousand lists
 * a day asks for a few, and inflating them all takes longer than verifying who signed them.
 *
 * @throws CredentialError as `decodeStatusList`; what inflating has to say is thrown when `bytes` are
 *   read, each time
 */
export function deferStatusList(value: JsonValue | undefined, maxBytes: number): StatusList {
  const { bits, compressed } = readMembers(value)
  return deferred(bits, () => inflateZlib(compressed, maxBytes))
}

/** A list whose bytes are made when somebody reads them, once. */
export function deferred(bits: StatusBits, make: () => Uint8Array): StatusList {
  let made: Uint8Array | null = null
  let source: (() => Uint8Array) | null = make
  const list = {
    bits,
    get bytes() {
      made ??= source?.() ?? new Uint8Array()
      // What it was made from may be forgotten.
      source = null
      return made
    },
  }
  unread.set(list, () => (made === null ? source : null))
  return list
}

/** How the bytes of a deferred list are made, as long as nobody has read them. */
const unread = new WeakMap<StatusList, () => (() => Uint8Array) | null>()

/**
 * How a list's bytes are made, where nobody has read them yet: for whoever needs them once and not to
 * keep. `null` for a list whose bytes are there.
 */
export function unreadBytes(list: StatusList): (() => Uint8Array) | null {
  return unread.get(list)?.() ?? null
}

function readMembers(value: JsonValue | undefined): {
  readonly bits: StatusBits
  readonly compressed: Uint8Array
} {
  if (!isJsonObject(value)) throw malformed('status_list is not an object')
  const bits = memberOf(value, 'bits')
  const compressed = memberOf(value, 'lst')
  assertBits(bits)
  if (typeof compressed !== 'string' || compressed === '') throw malformed('lst is not a string')
  return { bits, compressed: decodeBase64Url(compressed) }
}

/** The `status_list` member of a token (§4.2). */
export function encodeStatusList(list: StatusList): JsonObject {
  return { bits: list.bits, lst: encodeBase64Url(deflateZlib(list.bytes)) }
}

function assertBits(bits: unknown): asserts bits is StatusBits {
  if (bits !== 1 && bits !== 2 && bits !== 4 && bits !== 8)
    throw malformed('bits is not 1, 2, 4, 8')
}

function assertIndex(list: StatusList, index: number): void {
  if (Number.isInteger(index) && index >= 0 && index * list.bits < list.bytes.length * 8) return
  throw new CredentialError(
    'status_index_out_of_range',
    'The status list has no entry at the index: the certificate or its list is wrong.',
  )
}

function malformed(reason: string): CredentialError {
  return new CredentialError(
    'status_list_malformed',
    `The status list cannot be read (${reason}): have its issuer publish it again.`,
  )
}
