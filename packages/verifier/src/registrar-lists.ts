import type { TrustedRegistrar } from '@netcert/credential'
import {
  type AccreditationStatusLists,
  ProtocolError,
  readAccreditationStatusList,
  withAccreditationStatus,
} from '@netcert/protocol'
import { readRegistrarLists } from './accreditation-files.js'

/** The registrar's lists at hand, and those that are newer; one that does not hold says nothing. */
export async function readStatusLists(
  held: AccreditationStatusLists,
  options: {
    readonly listsDir: string
    readonly registrars: readonly TrustedRegistrar[]
    readonly now: Date
  },
): Promise<AccreditationStatusLists> {
  let lists = held
  for (const token of await readRegistrarLists(options.listsDir)) {
    try {
      lists = withAccreditationStatus(lists, await readAccreditationStatusList(token, options))
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
    }
  }
  return lists
}
