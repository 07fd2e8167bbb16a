/**
 * What a pack can hold, in the order in which it stands there, lists and deltas mixed: whoever reads from
 * the front has met the trust list before anything that needs it.
 */
export const packEntryTypes = [
  'trust-list',
  'type-metadata',
  'accreditation-status-list',
  'status-list',
  'status-delta',
] as const

export type PackEntryType = (typeof packEntryTypes)[number]

/** One line of the manifest: what follows it, and by which hash it is known. */
export type PackEntry = {
  readonly type: PackEntryType
  /** `trust-list`; the `uri` of a list or delta; the `vct` of a type. No two entries have the same. */
  readonly name: string
  /** Bytes, at least one. */
  readonly length: number
  /** SHA-256 of the bytes, base64url. */
  readonly sha256: string
}

/** An entry and where its bytes begin, counted from the start of the file. */
export type PlacedPackEntry = PackEntry & { readonly offset: number }

/** The name of the one trust list a pack holds. */
export const TRUST_LIST_NAME = 'trust-list'

const MIB = 1024 * 1024

/** Bounds that hold before anything of a pack is read into memory; bytes unless said otherwise. */
export const packLimits = {
  manifestBytes: 8 * MIB,
  /** Entries in one pack; a nation of 10^9 indices needs about a thousand. */
  entries: 16_384,
  /** Characters of a name. */
  nameCharacters: 2048,
  totalBytes: 1024 * MIB,
  /** The longest entry of each type. */
  entryBytes: {
    'trust-list': 16 * MIB,
    'type-metadata': MIB,
    'accreditation-status-list': 4 * MIB,
    'status-list': 4 * MIB,
    'status-delta': 4 * MIB,
  } satisfies Record<PackEntryType, number>,
} as const

/** Whether a text of a manifest names a type of entry. */
export function isPackEntryType(value: unknown): value is PackEntryType {
  return packEntryTypes.some((type) => type === value)
}
