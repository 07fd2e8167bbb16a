import { type GreedyContext, keptRequests } from './greedy-requests.js'
import { reportsOf, type SentReport } from './ledger.js'
import type { LocalisedText } from '@netcert/protocol'

/** A request that asked for too much and can still be reported. */
export type ReportableRequest = {
  readonly platformId: string
  readonly name: LocalisedText
  /** What was wrong with it. */
  readonly code: string
  readonly askedAt: Date
}

/** Requests that asked for too much: what can be reported, and what was. */
export type Reports = {
  /** The newest of each platform, newest first. */
  reportable(): Promise<readonly ReportableRequest[]>
  /** Newest first. */
  sent(): Promise<readonly SentReport[]>
}

/** The reports of a wallet. */
export function createReports(context: GreedyContext): Reports {
  return {
    async reportable() {
      const kept = await keptRequests(context)
      const newest = new Map(kept.map((one) => [one.platformId, one]))
      const found = [...newest.values()].map(({ platformId, name, code, row }) => ({
        ...{ platformId, name, code },
        askedAt: new Date((row.due_at ?? 0) * 1000),
      }))
      return found.toSorted((a, b) => b.askedAt.getTime() - a.askedAt.getTime())
    },
    sent: async () => reportsOf(await context.ledger.entries()),
  }
}
