import type { TrustedRegistrar } from '@netcert/credential'
import {
  type AccreditationStatusLists,
  ProtocolError,
  readAccreditationStatusList,
  withAccreditationStatus,
} from '@netcert/protocol'
import { readRegistrarLists, writeRegistrarList } from './accreditation-files.js'

/** Where the registrar's lists are read, and under whom they hold. */
export type StatusListSource = {
  /** A published folder. */
  readonly listsDir: string
  /** A folder of this verifier's own, where the newest list seen is kept; null: none is. */
  readonly keptDir: string | null
  readonly registrars: readonly TrustedRegistrar[]
  readonly now: Date
}

/** Lists that somebody else verified, where they are not older than those at hand. */
export function withNewer(
  held: AccreditationStatusLists,
  brought: AccreditationStatusLists,
): AccreditationStatusLists {
  let lists = held
  for (const read of brought.values()) {
    try {
      lists = withAccreditationStatus(lists, read)
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
    }
  }
  return lists
}

/**
 * The registrar's lists at hand, and those that are newer; one that does not hold says nothing. What
 * was kept is read again, so that what a list took back is not given back by a restart.
 */
export async function readStatusLists(
  held: AccreditationStatusLists,
  source: StatusListSource,
): Promise<AccreditationStatusLists> {
  const { listsDir, keptDir } = source
  const kept = keptDir === null ? [] : await readRegistrarLists(keptDir)
  let lists = held
  for (const token of [...kept, ...(await readRegistrarLists(listsDir))]) {
    try {
      lists = withAccreditationStatus(lists, await readAccreditationStatusList(token, source))
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
    }
  }
  if (keptDir === null) return lists
  for (const { uri, token } of lists.values()) {
    if (!kept.includes(token)) await writeRegistrarList(keptDir, { uri, token })
  }
  return lists
}
