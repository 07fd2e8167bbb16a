import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Trust } from '@netcert/credential'
import type { PublishedSource } from '@netcert/wallet'
import { CommandFailure, exitCodes } from './failure.js'
import { fetchPublished, keepPublished, readKept } from './kept-lists.js'

/** Where a wallet finds out which issuers to believe. */
export type TrustSource = {
  /** Asks the issuer of the moment for the trust list and reads it by the pinned root. */
  readonly trust: (at?: Date) => Promise<Trust>
  /** Names the issuer whose offer is being taken. */
  readonly ask: (issuer: string) => void
  /** Keeps root and place of the list with the wallet, once something was received by them. */
  readonly keep: () => Promise<void>
  /** Fetches what is published anew, for the days to come; what cannot be fetched stays as it is. */
  readonly refresh: () => Promise<void>
  /** What was fetched then: nobody is asked while a verifier is answered. */
  readonly published: PublishedSource
}

/** What there is to begin with. */
export type TrustSourceOptions = {
  /** The wallet's folder. */
  readonly dir: string
  readonly clock: () => Date
  readonly rootDid: string | null
  /** A published folder, instead of asking the issuer. */
  readonly listsDir: string | null
  readonly allowHttpLoopback: boolean
  /** Only what is at hand: who stands at a gate asks nobody. */
  readonly isOffline?: boolean
}

const LIST = 'trust-list.jwt'
const MAX_TRUST_LIST_BYTES = 16 * 1024 * 1024

/**
 * A source of trust. A list that is fetched counts by the signature of the pinned root, wherever it
 * lies. A new wallet without a root takes the one of an issuer on this machine, for trials; for any
 * other issuer the root has to be brought.
 */
export function createTrustSource(options: TrustSourceOptions): TrustSource {
  const kept = join(options.dir, 'trust-source')
  let issuer: string | null = null
  let firstRoot: string | null = null
  const recent = keptForAMinute(options.clock)
  const place = async () => issuer ?? (await readFile(kept, 'utf8').catch(() => null))?.trim()
  const read = async (token: string, from: string | undefined, at?: Date): Promise<Trust> => {
    firstRoot = options.rootDid ?? (await rootOfLoopback(token, from))
    return readTrust(token, await rootsOf(options.dir, firstRoot), at ?? options.clock())
  }
  const ask = (from: string | undefined) => recent(from ?? '', () => trustListText(options, from))
  const trust = async (at?: Date) => {
    const from = await place()
    return read(await ask(from), from, at)
  }
  const refresh = async () => {
    const base = (await place())?.replace(/\/$/, '')
    if (options.listsDir === null && base !== undefined) await fetchPublished({ ...options, base })
  }
  const listAtHand = async (at?: Date) => {
    const from = await place()
    const token = await readKept(options, { name: LIST, path: [LIST] })
    const held = token && (await read(token, from, at).catch(() => null))
    if (held) return held
    // A wallet that did not refresh for a month asks once, and keeps what it heard.
    const text = await ask(from)
    if (options.listsDir === null) await keepPublished(options.dir, LIST, text)
    return read(text, from, at)
  }
  return {
    ask: (url) => void (issuer = url),
    trust,
    refresh,
    published: { trust: listAtHand, ...keptFiles(options) },
    keep: async () => {
      if (issuer !== null) await writeFile(kept, `${issuer}\n`, { mode: 0o600 })
      await refresh()
      if (options.rootDid === null) await pinRoot(options.dir, firstRoot)
    },
  }
}

async function readTrust(
  trustListToken: string,
  rootDids: readonly string[],
  now: Date,
): Promise<Trust> {
  const { createTrust } = await import('@netcert/credential')
  const reading = { graceSeconds: 0, minimumSequence: 0, now }
  return createTrust({ trustListToken, rootDids, ...reading })
}

/** The wallet's root of now and the one it announced; of a new wallet the one it begins with. */
async function rootsOf(dir: string, first: string): Promise<readonly string[]> {
  const [{ pinnedRoots }, { readRootPin }] = await Promise.all([
    import('@netcert/credential'),
    import('@netcert/wallet'),
  ])
  const pin = await readRootPin(dir)
  return pin === null ? [first] : pinnedRoots(pin)
}

function keptFiles(options: TrustSourceOptions): Omit<PublishedSource, 'trust'> {
  return {
    statusList: async (uri) => {
      const { registrarStatusFile } = await import('@netcert/wallet')
      const name = registrarStatusFile(uri)
      if (name === null) return null
      const path = ['registrar', 'status', name]
      return readKept(options, { name: `registrar-${name}`, path })
    },
    statistics: () => readKept(options, { name: 'statistics.json', path: ['statistics.json'] }),
  }
}

async function pinRoot(dir: string, root: string | null): Promise<void> {
  if (root === null) return
  const file = join(dir, 'root.did')
  await writeFile(file, `${root}\n`, { mode: 0o600, flag: 'wx' }).catch(ignoreExisting)
}

/** One offer asks several times; a list of a minute ago will do. */
function keptForAMinute(clock: () => Date) {
  let held: { readonly name: string; readonly text: string; readonly at: number } | null = null
  return async (name: string, read: () => Promise<string>): Promise<string> => {
    const at = clock().getTime()
    if (held === null || held.name !== name || Math.abs(at - held.at) > 60_000) {
      held = { name, text: await read(), at }
    }
    return held.text
  }
}

/** Names the issuer of an offer that lies in its link; another is named once it was fetched. */
export async function askIssuerOf(link: string, source: TrustSource): Promise<void> {
  const { parseOfferLink } = await import('@netcert/protocol')
  const parsed = parseOfferLink(link)
  if (parsed.kind === 'value') source.ask(parsed.offer.credential_issuer)
}

async function trustListText(
  { listsDir, allowHttpLoopback, isOffline = false }: TrustSourceOptions,
  from: string | undefined,
): Promise<string> {
  if (listsDir !== null) {
    const { readInputText } = await import('./read-input.js')
    const path = join(listsDir, 'trust-list.jwt')
    return readInputText({ path, what: 'The trust list', limitBytes: MAX_TRUST_LIST_BYTES })
  }
  if (isOffline) throw nothingAtHand()
  if (from === undefined) throw missing('It is not known where the trust list lies.')
  const { createGuardedFetch } = await import('@netcert/protocol/guarded-fetch')
  const fetchGuarded = createGuardedFetch({ allowHttpLoopback })
  const url = `${from.replace(/\/$/, '')}/trust-list.jwt`
  const { status, text } = await fetchGuarded(url, { maxBytes: MAX_TRUST_LIST_BYTES })
  if (status !== 200) throw missing(`The issuer serves no trust list (${status}).`)
  return text.trim()
}

const LOOPBACK = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(\/|$)/

async function rootOfLoopback(token: string, from: string | undefined): Promise<string> {
  if (from === undefined || !LOOPBACK.test(from)) {
    throw missing('The wallet knows no root, so it cannot tell an issuer from anybody else.')
  }
  const { parseJws, signatureAlgorithms } = await import('@netcert/credential')
  const { payload } = parseJws(token, { algorithms: signatureAlgorithms, maxDepth: 32 })
  const { iss } = payload
  return typeof iss === 'string' ? iss : ''
}

function missing(what: string): CommandFailure {
  return new CommandFailure('trust_missing', what, {
    exit: exitCodes.wrongUse,
    cure: 'Bring the root with --trust root.did, and the lists with --lists where nobody serves them.',
  })
}

function nothingAtHand(): CommandFailure {
  return new CommandFailure('trust_missing', 'No trust list that still holds is at hand.', {
    exit: exitCodes.refused,
    cure: 'Run `netcert wallet refill` where there is a network; the list then lasts for weeks.',
  })
}

function ignoreExisting(error: unknown): void {
  const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST'
  if (!exists) throw error
}
