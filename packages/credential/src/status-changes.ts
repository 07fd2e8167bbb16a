import { decodeBase64Url, encodeBase64Url } from './base64url.js'
import { CredentialError } from './errors.js'
import {
  readStatus,
  STATUS_INVALID,
  type StatusList,
  statusCount,
  writeStatus,
} from './status-list.js'

/** A gap of a list of 2^27 entries, the longest there is, fits into four groups of seven bits. */
const MAX_VARINT_BYTES = 4

/**
 * What changed from one state of a list to another: for each entry that did, from the front, the
 * number of entries that stayed since the last one, and its new value. Both as LEB128 varints of the
 * least length; the whole in base64url.
 *
 * @throws CredentialError `status_delta_malformed` when the two differ in width or size
 * @see docs/formats/offline-pack.md, Status deltas
 */
export function encodeStatusChanges(before: StatusList, after: StatusList): string {
  if (before.bits !== after.bits || before.bytes.length !== after.bytes.length) {
    throw malformed('the lists differ in width or size')
  }
  const bytes: number[] = []
  let next = 0
  const perByte = 8 / before.bits
  for (let at = 0; at < after.bytes.length; at += 1) {
    if (before.bytes[at] === after.bytes[at]) continue
    for (let index = at * perByte; index < (at + 1) * perByte; index += 1) {
      const value = readStatus(after, index)
      if (value === readStatus(before, index)) continue
      pushVarint(bytes, index - next)
      pushVarint(bytes, value)
      next = index + 1
    }
  }
  return encodeBase64Url(Uint8Array.from(bytes))
}

/** A list with changes made. */
export type ChangedStatusList = {
  readonly list: StatusList
  /** Whether an entry that was revoked is not any more, which is for nobody to do. */
  readonly takesBack: boolean
}

/**
 * The list with the changes made. There is one text for each pair of lists: a change that changes
 * nothing, a longer varint than needed, or something after the last change is refused.
 *
 * @throws CredentialError `status_delta_malformed`, `bad_base64url`
 */
export function applyStatusChanges(before: StatusList, changes: string): ChangedStatusList {
  const bytes = decodeBase64Url(changes)
  const list: StatusList = { bits: before.bits, bytes: new Uint8Array(before.bytes) }
  const count = statusCount(list)
  let takesBack = false
  let index = 0
  for (let at = 0; at < bytes.length; ) {
    const gap = readVarint(bytes, at)
    const change = readVarint(bytes, gap.end)
    at = change.end
    index += gap.value
    if (index >= count) throw malformed('an entry lies beyond the list')
    if (change.value >= 2 ** list.bits) throw malformed('a value is too wide')
    const old = readStatus(before, index)
    if (change.value === old) throw malformed('a change that is none')
    takesBack ||= old === STATUS_INVALID
    writeStatus(list, index, change.value)
    index += 1
  }
  return { list, takesBack }
}

function pushVarint(bytes: number[], value: number): void {
  let rest = value
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80)
  bytes.push(rest)
}

function readVarint(bytes: Uint8Array, start: number): { value: number; end: number } {
  let value = 0
  for (let length = 0; length < MAX_VARINT_BYTES; length += 1) {
    const byte = bytes[start + length]
    if (byte === undefined) throw malformed('it is cut off')
    value |= (byte & 0x7f) << (7 * length)
    if (byte > 0x7f) continue
    if (byte === 0 && length > 0) throw malformed('a number is longer than needed')
    return { value, end: start + length + 1 }
  }
  throw malformed('a number is too large')
}

/** @returns CredentialError `status_delta_malformed` */
export function malformed(problem: string): CredentialError {
  return new CredentialError(
    'status_delta_malformed',
    `The status delta cannot be read (${problem}): take the whole list instead.`,
  )
}
