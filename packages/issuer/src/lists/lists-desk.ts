import {
  type PublicationParts,
  type PublicationRun,
  type PublishOptions,
  runPublication,
} from '../publication.js'
import { type ListsStanding, type ListsStandingParts, readListsStanding } from './lists-standing.js'

/** What is published, as a job does it and as a monitor sees it. */
export type ListsDesk = {
  /** Length of a tick, as the configuration says. */
  readonly tickSeconds: number
  /** Publishes; what cannot be written is reported and does not keep the rest. */
  run(options: PublishOptions): Promise<PublicationRun>
  /** How old everything is, and how long it still counts; nothing is changed. */
  standing(): Promise<ListsStanding>
}

/** The desk of lists. */
export function createListsDesk(
  publication: PublicationParts,
  standing: ListsStandingParts,
): ListsDesk {
  return {
    tickSeconds: publication.tickSeconds,
    run: (options) => runPublication(publication, options),
    standing: () => readListsStanding(standing),
  }
}
