import type { Deletion, Disclosure, RefusedRequest, SentReport } from '@netcert/wallet/rules'

/** Something that is in the history. */
export type HistoryEvent =
  | { readonly kind: 'disclosure'; readonly at: Date; readonly disclosure: Disclosure }
  | { readonly kind: 'deletion'; readonly at: Date; readonly deletion: Deletion }
  | { readonly kind: 'report'; readonly at: Date; readonly report: SentReport }
  /** Somebody asked, and nothing was given. */
  | { readonly kind: 'refused'; readonly at: Date; readonly request: RefusedRequest }

/** A day on which something happened. */
export type HistoryDay = { readonly day: Date; readonly events: readonly HistoryEvent[] }

/** Everything, newest first. */
export function historyEvents(from: {
  readonly disclosures: readonly Disclosure[]
  readonly deletions: readonly Deletion[]
  readonly sent: readonly SentReport[]
  readonly refused: readonly RefusedRequest[]
}): readonly HistoryEvent[] {
  const events: readonly HistoryEvent[] = [
    ...from.deletions.map((deletion) => ({
      ...{ kind: 'deletion' as const, at: deletion.requestedAt, deletion },
    })),
    ...from.sent.map((report) => ({ kind: 'report' as const, at: report.sentAt, report })),
    ...from.refused.map((request) => ({ kind: 'refused' as const, at: request.askedAt, request })),
    ...from.disclosures.map((disclosure) => ({
      ...{ kind: 'disclosure' as const, at: disclosure.disclosedAt, disclosure },
    })),
  ]
  return events.toSorted((a, b) => b.at.getTime() - a.at.getTime())
}

/** By the days of this device's calendar. */
export function historyDays(events: readonly HistoryEvent[]): readonly HistoryDay[] {
  const days: { readonly day: Date; readonly events: HistoryEvent[] }[] = []
  for (const event of events) {
    const last = days.at(-1)
    if (last?.day.toDateString() === event.at.toDateString()) last.events.push(event)
    else days.push({ day: event.at, events: [event] })
  }
  return days
}
