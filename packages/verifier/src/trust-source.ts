import type { Trust } from '@netcert/credential'
import { createGuardedFetch } from '@netcert/protocol/guarded-fetch'
import { readPlatformId } from './accreditation-files.js'
import { updateLists } from './lists-updater.js'
import { readTrust } from './published-lists.js'
import {
  listsFolder,
  readSettings,
  type VerifierFolder,
  verifierFolder,
} from './verifier-folder.js'

/** How often a folder on this machine is read again, and a URL asked. */
const FOLDER_SECONDS = 10
const URL_SECONDS = 300
/** Askers spread out, so that no two follow the same beat. */
const JITTER = 0.2

/** The trust of the moment, kept up to date beside whatever is verified, never because of it. */
export type TrustSource = {
  readonly trust: () => Trust
  /** Looks for newer lists now. What is held is never replaced by something older. */
  readonly refresh: () => Promise<void>
  readonly close: () => void
}

/**
 * Opens the lists a verifier's settings name.
 *
 * @throws VerifierError `verifier_missing`, `config_invalid`, `lists_unreadable`,
 *   `trust_state_unreadable`; CredentialError as
 *   `createTrust`
 */
export async function openTrustSource(options: {
  /** A data folder that `initVerifier` made. */
  readonly dir: string
  readonly clock: () => Date
  readonly allowHttpLoopback: boolean
  /** Told when the lists could not be renewed; those at hand stay. */
  readonly onError: (error: unknown) => void
  /** Runs after each look for newer lists, with the trust of then. */
  readonly afterRefresh?: (trust: Trust) => Promise<void>
  /** What the schedule waits by. Default: the timer of the system. */
  readonly beat?: Beat
}): Promise<TrustSource> {
  const { dir, clock, onError, allowHttpLoopback, afterRefresh, beat = systemBeat } = options
  const folder = verifierFolder(dir)
  const settings = await readSettings(folder)
  const { lists, root_did: rootDid } = settings
  const listsDir = listsFolder(folder, settings)
  const bring =
    'dir' in lists
      ? async () => undefined
      : bringer(lists.url, { dir: listsDir, folder, allowHttpLoopback })
  const read = (held?: Trust) =>
    readTrust({
      ...{ rootDid, listsDir, now: clock(), stateFile: folder.state },
      ...(held === undefined ? {} : { held }),
    })
  // A copy from before does as well, if it still holds.
  await bring().catch(onError)
  let trust = await read()
  const refresh = async (): Promise<void> => {
    await bring()
    trust = await read(trust)
    await afterRefresh?.(trust)
  }
  const seconds = 'dir' in lists ? FOLDER_SECONDS : URL_SECONDS
  const stop = repeat(beat, seconds, () => refresh().catch(onError))
  return { trust: () => trust, refresh, close: stop }
}

function bringer(
  url: string,
  options: {
    readonly dir: string
    readonly folder: VerifierFolder
    readonly allowHttpLoopback: boolean
  },
): () => Promise<void> {
  const { dir, folder, allowHttpLoopback } = options
  const fetchText = createGuardedFetch({ allowHttpLoopback })
  // Looked up each time: the first accreditation may be installed while this runs.
  return async () => updateLists({ url, dir, fetchText, platformId: await readPlatformId(folder) })
}

/** Does the work after so many milliseconds, unless what it returns is called before. */
export type Beat = (milliseconds: number, work: () => Promise<void>) => () => void

const systemBeat: Beat = (milliseconds, work) => {
  const timer = setTimeout(() => void work(), milliseconds)
  // It must not keep a process alive that has nothing else to do.
  timer.unref()
  return () => clearTimeout(timer)
}

/** Works again and again, each time after a wait that only chance decides. */
function repeat(beat: Beat, seconds: number, work: () => Promise<void>): () => void {
  let cancel = () => {}
  let stopped = false
  const next = () => {
    if (stopped) return
    const factor = 1 + JITTER * (2 * Math.random() - 1)
    cancel = beat(seconds * factor * 1_000, () => work().finally(next))
  }
  next()
  return () => {
    stopped = true
    cancel()
  }
}
