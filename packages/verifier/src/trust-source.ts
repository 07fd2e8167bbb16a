import type { Trust } from '@netcert/credential'
import { createGuardedFetch } from '@netcert/protocol/guarded-fetch'
import { readPlatformId } from './accreditation-files.js'
import { updateLists } from './lists-updater.js'
import { packFetcher } from './offline-pack/pack-download.js'
import type { PackHolding } from './offline-pack/pack-holding.js'
import { type Beat, repeat, systemBeat, within } from './repeated-work.js'
import { createTrustReader, type TrustReader, trustPlacesOf } from './trust-reader.js'
import {
  readSettings,
  type VerifierFolder,
  type VerifierSettings,
  verifierFolder,
} from './verifier-folder.js'

export type { Beat } from './repeated-work.js'

/** How often folders on this machine are looked at, and a URL asked. */
const FOLDER_SECONDS = 10
const URL_SECONDS = 300
/** A start does not wait longer for a network that swallows everything. */
const START_SECONDS = 3

/** The trust of the moment, kept up to date beside whatever is verified, never because of it. */
export type TrustSource = {
  readonly trust: () => Trust
  /** What offline packs amount to; null without any. */
  readonly packs: () => PackHolding | null
  /** Looks for newer lists and packs now. What is held is never replaced by something older. */
  readonly refresh: () => Promise<void>
  readonly close: () => void
}

/** Options of {@link openTrustSource}. */
export type OpenTrustSourceOptions = {
  /** A data folder that `initVerifier` made. */
  readonly dir: string
  readonly clock: () => Date
  readonly allowHttpLoopback: boolean
  /** Told when something could not be renewed; what is at hand stays. */
  readonly onError: (error: unknown) => void
  /** Runs after each look for newer lists, with the trust of then. */
  readonly afterRefresh?: (trust: Trust) => Promise<void>
  /** What the schedule waits by. Default: the timer of the system. */
  readonly beat?: Beat
}

/**
 * Opens the lists a verifier's settings name, and its offline packs. It starts from what lies on this
 * machine, whether a network is there or not, and goes on looking for one.
 *
 * @throws VerifierError `verifier_missing`, `config_invalid`, `lists_unreadable`, `packs_damaged`,
 *   `trust_state_unreadable`; CredentialError as `createTrust`
 */
export async function openTrustSource(options: OpenTrustSourceOptions): Promise<TrustSource> {
  const { dir, clock, onError, afterRefresh, beat = systemBeat } = options
  const folder = verifierFolder(dir)
  const settings = await readSettings(folder)
  const { lists } = settings
  const reader = createTrustReader(trustPlacesOf(folder, settings))
  const bring = bringer(settings, folder, options)
  const started = await start(reader, bring, options)
  let { trust } = started
  const { hasFailed } = started
  const reread = async (): Promise<void> => {
    const read = await reader.read(clock())
    trust = read.trust
    await afterRefresh?.(trust)
    // Only now: what could not be read takes nothing from what could.
    for (const failure of read.failures) throw failure
  }
  const refresh = async (): Promise<void> => {
    try {
      await bring?.()
    } finally {
      await reread()
    }
  }
  const stops = [
    ...(bring === null
      ? []
      : [repeat({ beat, seconds: URL_SECONDS, onFailure: onError, hasFailed }, refresh)]),
    repeat({ beat, seconds: FOLDER_SECONDS, onFailure: onError }, async () => {
      // Lists from a URL change when they are brought; between that only packs do.
      if ('dir' in lists || (await reader.havePacksChanged())) await reread()
    }),
  ]
  return {
    trust: () => trust,
    packs: reader.holding,
    refresh,
    close: () => stops.forEach((stop) => stop()),
  }
}

/** What a start found on this machine, and whether the network still owes something. */
type Started = { readonly trust: Trust; readonly hasFailed: boolean }

async function start(
  reader: TrustReader,
  bring: (() => Promise<void>) | null,
  { clock, onError }: OpenTrustSourceOptions,
): Promise<Started> {
  let hasFailed = bring !== null
  const bringing = (bring?.() ?? Promise.resolve()).then(() => {
    hasFailed = false
  }, onError)
  await within(START_SECONDS, bringing)
  try {
    const { trust, failures } = await reader.read(clock())
    failures.forEach(onError)
    return { trust, hasFailed }
  } catch {
    // Nothing is at hand: then there is nothing but to wait.
    await bringing
    return { trust: (await reader.read(clock())).trust, hasFailed }
  }
}

/** Brings what comes over a network, if anything does. */
function bringer(
  { lists, root_did: rootDid }: VerifierSettings,
  folder: VerifierFolder,
  { clock, allowHttpLoopback }: OpenTrustSourceOptions,
): (() => Promise<void>) | null {
  if ('packs' in lists && lists.packs !== true) {
    const kept = { dir: folder.packs, rootDid, stateFile: folder.state }
    const fetchPack = packFetcher({ url: lists.packs.url, allowHttpLoopback }, kept)
    return async () => void (await fetchPack(clock()))
  }
  if (!('url' in lists)) return null
  const { url } = lists
  const fetchText = createGuardedFetch({ allowHttpLoopback })
  const { lists: dir } = folder
  // Looked up each time: the first accreditation may be installed while this runs.
  return async () => updateLists({ url, dir, fetchText, platformId: await readPlatformId(folder) })
}
