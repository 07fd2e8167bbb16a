import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type ReadPack, readPack } from '@netcert/protocol/offline-pack'
import { VerifierError } from '../errors.js'
import { readKeptFloor } from './kept-floor.js'
import { openPackFile } from './pack-file.js'
import { NO_FLOOR, type PackFloor, type PackHolding } from './pack-holding.js'
import { packRefused } from './pack-refused.js'
import { takeInPack } from './take-in-pack.js'

const PACK_FILE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}\.ncpack$/
/** More than anybody keeps; a full pack displaces what was before it. */
const MAX_FILES = 1_024
/** What lies below the floor is read again, by however slow a clock: as far as packs may be ahead. */
const MAX_AHEAD_SECONDS = 86_400

/** Where packs are kept, and under whom they hold. */
export type PackFolder = {
  readonly dir: string
  /** The root that was set up. */
  readonly rootDid: string
}

/** What is too old, or too new for the clock, was not damaged. */
const asTheyAre: ReadonlySet<string> = new Set(['pack_expired', 'pack_from_future'])

/** A pack in the folder, and what it says of itself. */
type Found = { readonly file: string; readonly manifest: ReadPack['manifest'] }

/**
 * What the packs in a folder amount to, verified anew: the newest full one that still counts and the
 * deltas that go on from it. Whatever else lies there is left alone.
 *
 * @param floor - What this verifier has seen, kept beside the folder; `NO_FLOOR` for nothing.
 * @returns null for a folder without packs
 * @throws VerifierError `pack_expired`, `pack_from_future`; `packs_damaged` when what lies there is not
 *   what was taken in, with the refusal of `takeInPack` as its cause
 */
export async function readPacks(
  folder: PackFolder,
  options: { readonly now: Date; readonly floor: PackFloor },
): Promise<PackHolding | null> {
  const found = await findPacks(folder.dir)
  const full = found.filter(({ manifest }) => manifest.kind === 'full')
  if (full.length === 0) {
    if ((await packNames(folder.dir)).length === 0) return null
    throw packRefused('packs_damaged', `nothing in ${folder.dir} is a full pack that can be read`)
  }
  const failures: VerifierError[] = []
  for (const first of full.toSorted(newestFirst)) {
    try {
      const holding = await readChain({ ...folder, first, found }, options)
      assertNotBehind(holding, options.floor)
      return holding
    } catch (error) {
      if (!(error instanceof VerifierError)) throw error
      failures.push(error)
    }
  }
  const [newest] = failures
  if (newest !== undefined && asTheyAre.has(newest.code)) throw newest
  throw packRefused('packs_damaged', `what ${folder.dir} holds does not count`, newest)
}

/** The files that nobody needs any more once a state is at hand. */
export async function displacedPacks(
  dir: string,
  { seq, builtAt }: Pick<PackHolding, 'seq' | 'builtAt'>,
): Promise<readonly string[]> {
  const found = await findPacks(dir)
  const full = found.filter(({ manifest }) => manifest.kind === 'full').toSorted(newestFirst)
  const first = full.find(({ manifest }) => manifest.sequence <= seq)
  const needed = first === undefined ? [] : [first, ...deltasAfter(first, found)]
  // What is newer than the state at hand was brought by somebody else in the meantime.
  const isOver = ({ manifest }: Found) =>
    manifest.sequence <= seq || manifest.issuedAt.getTime() <= builtAt.getTime()
  return found.filter((pack) => !needed.includes(pack) && isOver(pack)).map(({ file }) => file)
}

/** Changes whenever the packs in a folder do. */
export async function markOfPacks(dir: string): Promise<string> {
  const names = await packNames(dir)
  const marks = names.map(async (name) => {
    const found = await stat(join(dir, name)).catch(() => null)
    return found === null ? '' : `${name} ${found.size} ${found.mtimeMs} ${found.ino}`
  })
  return (await Promise.all(marks)).join('\n')
}

async function readChain(
  {
    rootDid,
    first,
    found,
  }: PackFolder & { readonly first: Found; readonly found: readonly Found[] },
  { now, floor }: { readonly now: Date; readonly floor: PackFloor },
): Promise<PackHolding> {
  const readAt = new Date(Math.max(now.getTime(), (floor.timeFloor - MAX_AHEAD_SECONDS) * 1000))
  // Under the floor of the time when it was taken in: deltas that follow raised it since.
  const before = await readKeptFloor(first.file)
  const begin = before ?? { ...NO_FLOOR, pin: floor.pin }
  const common = { rootDid, now: readAt }
  let held = await takeInFile(first.file, { ...common, held: null, floor: begin })
  for (const { file } of deltasAfter(first, found))
    held = await takeInFile(file, { ...common, held })
  return held
}

/** Takes in a pack that lies in a file. @throws As `takeInPack`; VerifierError `pack_unreadable` */
export async function takeInFile(
  file: string,
  options: Omit<Parameters<typeof takeInPack>[0], 'pack'>,
): Promise<PackHolding> {
  const pack = await openPackFile(file)
  try {
    return await takeInPack({ ...options, pack })
  } finally {
    await pack.close()
  }
}

function assertNotBehind({ seq, packKey, trust }: PackHolding, floor: PackFloor): void {
  const isBehind = seq < (floor.packs[packKey] ?? 0)
  if (!isBehind && trust.trustList.sequence >= floor.sequence) return
  throw packRefused('pack_older', 'it is older than what was taken in before')
}

/** Each delta begins where the one before ended; of two that do, the one that leads further counts. */
function deltasAfter(first: Found, found: readonly Found[]): readonly Found[] {
  const chain: Found[] = []
  for (let last = first; ; ) {
    const next = found
      .filter(({ manifest }) => manifest.base === last.manifest.sequence)
      .toSorted(newestFirst)[0]
    if (next === undefined) return chain
    chain.push(next)
    last = next
  }
}

function newestFirst(one: Found, other: Found): number {
  return other.manifest.sequence - one.manifest.sequence
}

async function findPacks(dir: string): Promise<readonly Found[]> {
  const found: Found[] = []
  for (const name of await packNames(dir)) {
    const manifest = await manifestOf(join(dir, name))
    if (manifest !== null) found.push({ file: join(dir, name), manifest })
  }
  return found
}

/** What is no pack stops no other. */
async function manifestOf(file: string): Promise<ReadPack['manifest'] | null> {
  const pack = await openPackFile(file).catch(() => null)
  if (pack === null) return null
  try {
    return (await readPack(pack)).manifest
  } catch {
    return null
  } finally {
    await pack.close()
  }
}

async function packNames(dir: string): Promise<readonly string[]> {
  const names = await readdir(dir).catch((cause: unknown) => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return []
    throw packRefused('pack_unreadable', `${dir} cannot be read`, cause)
  })
  return names
    .filter((name) => PACK_FILE.test(name))
    .toSorted()
    .slice(-MAX_FILES)
}
