import type { Trust } from '@netcert/credential'
import type {
  PackEntryType,
  PackSource,
  PlacedPackEntry,
  ReadPack,
} from '@netcert/protocol/offline-pack'

/** What is in a pack, and what of it was proven. Times in seconds since 1970. */
export type PackInspection = {
  readonly pack: ReadPack
  readonly types: readonly {
    readonly type: PackEntryType
    readonly entries: number
    readonly bytes: number
  }[]
  readonly coverage: PackCoverage
  /** Whether a root was named, and every signature was verified under it. */
  readonly proven: boolean
}

/** How far the status lists in a pack reach; of a delta, the lists in it that are whole. */
export type PackCoverage = {
  readonly lists: number
  /** Entries of all of them. */
  readonly entries: number
  readonly oldestIssuedAt: number | null
  /** When the first of them says nothing good any more. */
  readonly firstEndsAt: number | null
}

export type InspectPackOptions = {
  readonly source: PackSource
  /** The root to prove everything under; null to read without believing. */
  readonly rootDid: string | null
  readonly now: Date
}

/**
 * Reads a pack whole, one entry at a time: form and hashes always, signatures where a root is named.
 *
 * @throws ProtocolError, CredentialError for the first thing that does not hold
 */
export async function inspectPack(options: InspectPackOptions): Promise<PackInspection> {
  const { source, rootDid, now } = options
  const { readPack, readPackEntry, packEntryTypes } = await import('@netcert/protocol/offline-pack')
  const pack = await readPack(source)
  const trust = rootDid === null ? null : await proveMaker(options, pack, rootDid)
  let coverage: PackCoverage = { lists: 0, entries: 0, oldestIssuedAt: null, firstEndsAt: null }
  for (const entry of pack.entries) {
    const bytes = await readPackEntry(source, entry)
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (entry.type === 'status-list') coverage = covering(coverage, await readList(text))
    if (trust !== null) await proveEntry({ trust, entry, text, now })
  }
  const types = packEntryTypes.map((type) => {
    const ofType = pack.entries.filter((entry) => entry.type === type)
    const bytes = ofType.reduce((sum, { length }) => sum + length, 0)
    return { type, entries: ofType.length, bytes }
  })
  return { pack, types, coverage, proven: trust !== null }
}

/** The trust list inside, by the pinned root; then the manifest, by that list. */
async function proveMaker(
  { source, now }: InspectPackOptions,
  pack: ReadPack,
  rootDid: string,
): Promise<Trust> {
  const { createTrust } = await import('@netcert/credential')
  const { readPackText, verifyPackManifest } = await import('@netcert/protocol/offline-pack')
  const [first] = pack.entries
  if (first === undefined) throw new TypeError('a pack that was read has a trust list')
  const trust = await createTrust({
    trustListToken: await readPackText(source, first),
    rootDids: [rootDid],
    ...{ now, graceSeconds: 0, minimumSequence: 0 },
  })
  await verifyPackManifest(pack, { issuers: trust.issuers, now })
  return trust
}

type Proof = {
  readonly trust: Trust
  readonly entry: PlacedPackEntry
  readonly text: string
  readonly now: Date
}

async function proveEntry({ trust, entry, text, now }: Proof): Promise<void> {
  const { parseTypeMetadata, withStatusDeltas, withStatusLists } = await import(
    '@netcert/credential'
  )
  if (entry.type === 'status-list' || entry.type === 'status-delta') {
    const take = entry.type === 'status-list' ? withStatusLists : withStatusDeltas
    // Each by itself: nothing is kept, so a pack of any size is read in the memory of one list.
    const { refused } = await take(trust, [text], now)
    const error = refused[0]?.error
    // Of a delta the signature is checked before its base is looked for, which is not here.
    if (error !== undefined && error.code !== 'status_delta_base') throw error
    await assertNamed(entry, await subjectOf(text))
  } else if (entry.type === 'accreditation-status-list') {
    const { readAccreditationStatusList } = await import('@netcert/protocol')
    const { registrars } = trust.trustList
    await assertNamed(entry, (await readAccreditationStatusList(text, { registrars, now })).uri)
  } else if (entry.type === 'type-metadata') {
    await assertNamed(entry, parseTypeMetadata(text).vct)
  }
}

async function assertNamed({ name }: PlacedPackEntry, found: unknown): Promise<void> {
  if (found === name) return
  const { ProtocolError } = await import('@netcert/protocol')
  throw new ProtocolError(
    'pack_malformed',
    'An entry of the pack is not what it is called: get the pack again from where it came.',
  )
}

type ListFacts = { readonly entries: number; readonly issuedAt: number; readonly endsAt: number }

async function readList(text: string): Promise<ListFacts> {
  const credential = await import('@netcert/credential')
  const { statusTokenLimits: limits, signatureAlgorithms } = credential
  const { payload } = credential.parseStatusListToken(text, signatureAlgorithms, limits, 'x5c')
  const list = credential.decodeStatusList(payload['status_list'], limits.maxListBytes)
  const entries = credential.statusCount(list)
  return { entries, issuedAt: Number(payload['iat']), endsAt: Number(payload['exp']) }
}

async function subjectOf(text: string): Promise<unknown> {
  const { parseJws, signatureAlgorithms } = await import('@netcert/credential')
  return parseJws(text, { algorithms: signatureAlgorithms, maxDepth: 8 }).payload['sub']
}

function covering(before: PackCoverage, { entries, issuedAt, endsAt }: ListFacts): PackCoverage {
  return {
    lists: before.lists + 1,
    entries: before.entries + entries,
    oldestIssuedAt: Math.min(before.oldestIssuedAt ?? issuedAt, issuedAt),
    firstEndsAt: Math.min(before.firstEndsAt ?? endsAt, endsAt),
  }
}
