import {
  epochSeconds,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  memberOf,
} from '@netcert/credential'
import { ProtocolError } from '../errors.js'
import {
  isPackEntryType,
  type PackEntry,
  type PackEntryType,
  packEntryTypes,
  packLimits,
  TRUST_LIST_NAME,
} from './pack-entry.js'

/** `typ` of the manifest's JWS. */
export const PACK_TYP = 'netcert-pack+jwt'

/** A whole state of lists, or what changed since the state `base`. Both bring a holder to `sequence`. */
export type PackKind =
  | { readonly kind: 'full'; readonly base: null }
  | { readonly kind: 'delta'; readonly base: number }

/** What a pack says about itself, signed by its maker. */
export type PackManifest = PackKind & {
  /** `iss` of the issuer's entry on the trust list that lists the pack key. */
  readonly issuer: string
  /** `iat`, in whole seconds. */
  readonly issuedAt: Date
  /** `seq`: grows with every build of an issuer, never given twice. */
  readonly sequence: number
  /** In the order of their bytes. */
  readonly entries: readonly PackEntry[]
}

/** The payload of a manifest; member names as in docs/formats/offline-pack.md. */
export function encodePackManifest(manifest: PackManifest): JsonObject {
  const { issuer, issuedAt, sequence, kind, base, entries } = manifest
  return {
    iss: issuer,
    iat: epochSeconds(issuedAt),
    seq: sequence,
    kind,
    ...(base === null ? {} : { base }),
    entries: entries.map(({ type, name, length, sha256 }) => ({ type, name, length, sha256 })),
  }
}

/**
 * Reads the payload of a manifest whole: one wrong entry makes all of it wrong, because nobody may
 * guess where the bytes of the next one begin.
 *
 * @throws ProtocolError `pack_malformed`, `pack_too_large`
 */
export function parsePackManifest(payload: JsonObject): PackManifest {
  const issuer = memberOf(payload, 'iss')
  if (typeof issuer !== 'string' || issuer === '') throw malformed('iss')
  const seconds = wholeNumber(payload, 'iat')
  // 9999-12-31: what is beyond is no time.
  if (seconds >= 253_402_300_800) throw malformed('iat')
  const sequence = wholeNumber(payload, 'seq')
  const kind = readKind(payload, sequence)
  const entries = readEntries(memberOf(payload, 'entries'), kind)
  return { ...kind, issuer, issuedAt: new Date(seconds * 1000), sequence, entries }
}

function readKind(payload: JsonObject, sequence: number): PackKind {
  const kind = memberOf(payload, 'kind')
  if (kind === 'full') {
    if (memberOf(payload, 'base') !== undefined) throw malformed('base of a full pack')
    return { kind, base: null }
  }
  if (kind !== 'delta') throw malformed('kind')
  const base = wholeNumber(payload, 'base')
  if (base >= sequence) throw malformed('base')
  return { kind, base }
}

function readEntries(value: JsonValue | undefined, { kind }: PackKind): readonly PackEntry[] {
  if (!isJsonArray(value)) throw malformed('entries')
  if (value.length > packLimits.entries) throw tooLarge(`more than ${packLimits.entries} entries`)
  const entries = value.map(readEntry)
  const names = new Set(entries.map(({ name }) => name))
  if (names.size !== entries.length) throw malformed('entries: one name twice')
  const ranks = entries.map(({ type }) => rankOf(type))
  if (ranks[0] !== 0 || ranks[1] === 0) throw malformed('entries: one trust list comes first')
  if (ranks.some((rank, at) => rank < (ranks[at - 1] ?? 0))) throw malformed('entries: order')
  if (kind === 'full' && entries.some(({ type }) => type === 'status-delta')) {
    throw malformed('a delta in a full pack')
  }
  return entries
}

/** Whole lists and changes stand as the lists do: one state, told in two ways. */
function rankOf(type: PackEntryType): number {
  return packEntryTypes.indexOf(type === 'status-delta' ? 'status-list' : type)
}

function readEntry(value: JsonValue): PackEntry {
  if (!isJsonObject(value)) throw malformed('entry')
  const type = memberOf(value, 'type')
  const name = memberOf(value, 'name')
  const sha256 = memberOf(value, 'sha256')
  if (!isPackEntryType(type)) throw malformed('entry: type')
  if (typeof name !== 'string' || !isName(name)) throw malformed('entry: name')
  if ((type === 'trust-list') !== (name === TRUST_LIST_NAME)) throw malformed('entry: name')
  if (typeof sha256 !== 'string' || !/^[\w-]{42}[AEIMQUYcgkosw048]$/u.test(sha256)) {
    throw malformed('entry: sha256')
  }
  const length = wholeNumber(value, 'length')
  if (length > packLimits.entryBytes[type]) throw tooLarge(`an entry of type ${type}`)
  return { type, name, length, sha256 }
}

/** Visible ASCII: what is compared as text must not have two looks. */
function isName(text: string): boolean {
  return text.length <= packLimits.nameCharacters && /^[!-~]+$/u.test(text)
}

/** An integer from 1. */
function wholeNumber(object: JsonObject, name: string): number {
  const value = memberOf(object, name)
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) throw malformed(name)
  return value
}

/** @returns ProtocolError `pack_malformed` */
export function malformed(what: string, cause?: unknown): ProtocolError {
  const text = `The offline pack cannot be read (${what}): get it again from where it came.`
  return new ProtocolError('pack_malformed', text, { cause })
}

/** @returns ProtocolError `pack_too_large` */
export function tooLarge(what: string): ProtocolError {
  return new ProtocolError('pack_too_large', `The offline pack is beyond its bounds: ${what}.`)
}
