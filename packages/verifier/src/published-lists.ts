import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type CredentialError,
  createTrust,
  followRoot,
  parseJws,
  pinnedRoots,
  pinRoot,
  type RootPin,
  signatureAlgorithms,
  type Trust,
  withStatusLists,
  withTrustList,
} from '@netcert/credential'
import { readBoundedFile } from './bounded-file.js'
import { VerifierError } from './errors.js'
import { floorOf, readFloor, type TrustFloor, writeFloor } from './trust-floor.js'

/** Nothing from further ahead of the clock is taken in. */
const MAX_AHEAD_SECONDS = 86_400

const MAX_TRUST_LIST_BYTES = 16 * 1024 * 1024
const MAX_STATUS_LIST_BYTES = 4 * 1024 * 1024
const MAX_STATUS_LISTS = 4_096
/** The most that any policy grants; each verification decides again by its own. */
const MAX_TRUST_LIST_GRACE_SECONDS = 7 * 86_400
const STATUS_LIST = /^[A-Za-z0-9._-]{1,128}\.jwt$/

/** Options of {@link readPublishedLists}. */
export type PublishedListsOptions = {
  /**
   * The root that was set up. Who follows it by announcement is kept in `stateFile`, or else known by
   * what is `held`; whoever else signed the trust list is nobody.
   */
  readonly rootDid: string
  /** A published folder: `trust-list.jwt` and `status/*.jwt`. */
  readonly listsDir: string
  readonly now: Date
  /**
   * Where the newest versions seen are kept, so that older lists copied back are refused after a
   * restart too.
   */
  readonly stateFile?: string
  /** Trust held so far: its revocations stay, and its lists are never replaced by older ones. */
  readonly held?: Trust
}

/** Trust from a folder, and the status lists that were left out of it. */
export type PublishedLists = {
  readonly trust: Trust
  readonly refused: readonly { readonly file: string; readonly code: string }[]
}

/**
 * Reads trust from a folder of published lists; nothing is fetched. A status list that is refused
 * stops no other: its certificates get the verdict `unknown`.
 *
 * @throws VerifierError `lists_unreadable`, `trust_state_unreadable`; CredentialError as
 *   `createTrust`, for example `trust_list_expired`, `trust_list_older`, `trust_list_untrusted`
 */
export async function readPublishedLists(options: PublishedListsOptions): Promise<PublishedLists> {
  const { listsDir, stateFile } = options
  const floor = await readFloor(stateFile)
  const now = readingTime(options, floor)
  const before = pinBefore(options, floor)
  const trustList = await readTrustList({ ...options, now }, floor, before)
  const pin = { ...followRoot(before, trustList.trustList), from: options.rootDid }
  const files = await readStatusLists(join(listsDir, 'status'))
  const current = files.filter(({ token }) => !isBelow(floor, token))
  const tokens = current.map(({ token }) => token)
  const { trust, refused } = await withStatusLists(trustList, tokens, now)
  const floored = { ...trust, timeFloor: Math.max(trust.timeFloor, floor.timeFloor) }
  await writeFloor(stateFile, floor, floorOf(floored, floor, pin))
  const older = files.filter((file) => !current.includes(file))
  return {
    trust: floored,
    refused: [
      ...older.map(({ file }) => ({ file, code: 'status_list_older' })),
      ...refused.map(({ index, error }) => refusalOf(current[index]?.file, error)),
    ],
  }
}

/** {@link readPublishedLists} for those who only want the trust. */
export async function readTrust(options: PublishedListsOptions): Promise<Trust> {
  return (await readPublishedLists(options)).trust
}

/**
 * A clock that stopped in a drawer must not lose what was taken in before it did: at a start, what lies
 * below the floor is read whatever the clock says. Nothing newer comes in by that.
 */
function readingTime({ now, held }: PublishedListsOptions, { timeFloor }: TrustFloor): Date {
  if (held !== undefined) return now
  return new Date(Math.max(now.getTime(), (timeFloor - MAX_AHEAD_SECONDS) * 1000))
}

function refusalOf(file: string | undefined, { code }: CredentialError) {
  return { file: file ?? '', code }
}

/** Where the roots have led to so far: as it was kept, else as the trust at hand says. */
function pinBefore({ rootDid, held }: PublishedListsOptions, { pin }: TrustFloor): RootPin {
  if (pin?.from === rootDid) return pin
  if (held === undefined) return pinRoot(rootDid)
  return { root: held.trustList.rootDid, next: held.trustList.nextRoot }
}

async function readTrustList(
  options: PublishedListsOptions,
  floor: TrustFloor,
  pin: RootPin,
): Promise<Trust> {
  const { listsDir, now, held } = options
  const file = join(listsDir, 'trust-list.jwt')
  const trustListToken = await readBoundedFile(file, MAX_TRUST_LIST_BYTES)
  if (trustListToken === null) {
    throw unreadable(`${file} is missing or longer than ${MAX_TRUST_LIST_BYTES} bytes`)
  }
  const list = {
    trustListToken,
    rootDids: pinnedRoots(pin),
    now,
    graceSeconds: MAX_TRUST_LIST_GRACE_SECONDS,
  }
  return held === undefined
    ? createTrust({ ...list, minimumSequence: floor.sequence })
    : withTrustList(held, list)
}

/** What an unverified token says of itself can only lead to its refusal here. */
function isBelow(floor: TrustFloor, token: string): boolean {
  try {
    const { payload } = parseJws(token, { algorithms: signatureAlgorithms, maxDepth: 32 })
    const { sub, iat } = payload
    const newest = typeof sub === 'string' ? floor.statusLists.get(sub) : undefined
    return newest !== undefined && typeof iat === 'number' && iat < newest
  } catch {
    // Malformed: refused with its own code where all checks are made.
    return false
  }
}

async function readStatusLists(
  folder: string,
): Promise<readonly { readonly file: string; readonly token: string }[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return []
    throw unreadable(`${folder} cannot be read`, cause)
  })
  const listed = names.filter((name) => STATUS_LIST.test(name)).toSorted()
  if (listed.length > MAX_STATUS_LISTS) {
    throw unreadable(`${folder} holds more than ${MAX_STATUS_LISTS} lists`)
  }
  const lists: { file: string; token: string }[] = []
  for (const name of listed) {
    const token = await readBoundedFile(join(folder, name), MAX_STATUS_LIST_BYTES)
    // An empty text is refused as malformed, and so shows up among the refused.
    lists.push({ file: name, token: token ?? '' })
  }
  return lists
}

function unreadable(problem: string, cause?: unknown): VerifierError {
  return new VerifierError(
    'lists_unreadable',
    `${problem}; copy the published lists there whole.`,
    { cause },
  )
}
