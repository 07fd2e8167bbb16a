import { join } from 'node:path'
import type { OpenedIssuerGround } from '../open.js'
import { assembleRegistrar } from '../registrar-open.js'
import { type Beat, startPublicationJob } from './publication-job.js'
import type { PublicationMetrics } from './publication-metrics.js'

export type ServerPublicationOptions = {
  /** The data folder. */
  readonly dir: string
  /** Where it publishes; `published` in the data folder when nothing else is said. */
  readonly publishedDir?: string
  readonly clock: () => Date
  readonly log: (line: string) => void
  /** Where metrics are served; nowhere when nothing is said. */
  readonly metrics?: { readonly port: number; readonly host: string }
  readonly beat?: Beat
}

/** What runs beside the requests of a server. */
export type ServerPublication = { close(): Promise<void> }

/**
 * Publishes now and at every tick, from the process that serves, and lets a monitor look. Resolves when
 * the first run is over, whatever came of it: what was published before is served all the same.
 *
 * @throws IssuerError `address_in_use` of the metrics.
 */
export async function startServerPublication(
  opened: OpenedIssuerGround,
  options: ServerPublicationOptions,
): Promise<ServerPublication> {
  const { lists } = opened.issuer
  const { clock, log, beat } = options
  const watched = await serveWatched(opened, options)
  const registrar = await assembleRegistrar(opened.ground)
  const renewal = { name: 'accreditations', run: () => registrar.renew() }
  const out = options.publishedDir ?? join(options.dir, 'published')
  const job = await startPublicationJob({
    run: async () => {
      const { failed } = await lists.run({ out, atTick: true, also: [renewal] })
      watched.metrics?.ran(failed)
      return failed
    },
    ...{ tickSeconds: lists.tickSeconds, clock, log },
    ...(beat === undefined ? {} : { beat }),
  })
  return {
    async close() {
      await job.close()
      await watched.close()
    },
  }
}

type Watched = { readonly metrics?: PublicationMetrics; close(): Promise<void> }

/** Whoever serves no metrics loads nothing of them. */
async function serveWatched(
  { issuer }: OpenedIssuerGround,
  { metrics: place, log }: ServerPublicationOptions,
): Promise<Watched> {
  if (place === undefined) return { close: () => Promise.resolve() }
  const { createPublicationMetrics } = await import('./publication-metrics.js')
  const { serveMetrics } = await import('./metrics-http.js')
  const metrics = createPublicationMetrics(() => issuer.lists.standing())
  const onFailure = (): void => log('metrics could not be read')
  const { close } = await serveMetrics({ metrics, ...place, onFailure })
  return { metrics, close }
}
