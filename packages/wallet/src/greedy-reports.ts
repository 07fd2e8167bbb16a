import { type GreedyContext, keptRequests } from './greedy-requests.js'
import { reportsOf, type SentReport } from './ledger.js'
import { forgetRefusedRequests, type RefusedRequest, refusedRequests } from './refused-requests.js'
import type { LocalisedText } from '@netcert/protocol'

/** A request that asked for too much and can still be reported. */
export type ReportableRequest = {
  readonly platformId: string
  readonly name: LocalisedText
  /** What was wrong with it. */
  readonly code: string
  readonly askedAt: Date
}

/** Requests that asked for too much or got nothing: what can be reported, what was, what was refused. */
export type Reports = {
  /** The newest of each platform, newest first. */
  reportable(): Promise<readonly ReportableRequest[]>
  /** Newest first. */
  sent(): Promise<readonly SentReport[]>
  /** Newest first, of the last 90 days. */
  refused(): Promise<readonly RefusedRequest[]>
  forgetRefused(): Promise<void>
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
    refused: () => refusedRequests(context),
    forgetRefused: () => forgetRefusedRequests(context),
  }
}
