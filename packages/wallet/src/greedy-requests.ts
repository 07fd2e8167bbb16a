import { epochSeconds, memberOf } from '@netcert/credential'
import {
  createRequestReport,
  type GuardedFetch,
  parseMessage,
  ProtocolError,
} from '@netcert/protocol'
import { WalletError } from './errors.js'
import { openRecord, sealRecord } from './issuance-records.js'
import { randomId } from './ledger.js'
import type { LedgerBook } from './ledger-book.js'
import type { Judgement } from './vp-judgement.js'
import type { IssuanceStore } from './stores.js'
import type { Vault } from './keys.js'

/** A greedy request is kept so long, should the citizen want to report it. */
const KEPT_SECONDS = 30 * 86_400
/** Newer ones take the place of older ones. */
const MOST_KEPT = 20

/** What keeping and reporting greedy requests works with. */
export type GreedyContext = {
  readonly issuanceStore: IssuanceStore
  readonly vault: Vault
  readonly ledger: LedgerBook
  readonly clock: () => Date
  /** The wallet's own clock, where `clock` shows a gate's time: what is kept goes by it. */
  readonly ownClock?: () => Date
}

/** Keeps a request that asked for more than its accreditation allows, so that it can be reported. */
export async function keepGreedyRequest(
  { issuanceStore, vault, clock, ownClock = clock }: GreedyContext,
  { accredited, decision }: Judgement,
  evidence: string | null,
): Promise<void> {
  // What nobody accredited signed, no registrar is answerable for.
  if (accredited === null || evidence === null || !isGreedy(decision)) return
  const { platformId, name, reportUri } = accredited.accreditation
  const reportedAt = ownClock()
  const now = epochSeconds(reportedAt)
  const body = createRequestReport({ request: evidence, decision, reportedAt })
  const code = decision.code ?? decision.findings[0]?.code ?? 'claim_uncovered'
  await issuanceStore.put(
    sealRecord(vault, {
      id: randomId(),
      kind: 'greedy-request',
      content: { platformId, name, reportUri, body, code },
      dueAt: now,
      expiresAt: now + KEPT_SECONDS,
    }),
  )
  const rows = await issuanceStore.list('greedy-request')
  for (const { id } of rows.slice(0, -MOST_KEPT)) await issuanceStore.remove(id)
}

/** What a report came to. */
export type ReportedRequest = {
  readonly platformId: string
  readonly code: string
  readonly reportId: string
}

/**
 * Reports the newest greedy request, of a platform or of all, to the registrar's address in its
 * accreditation. The platform's own signature is the evidence; nothing of the citizen goes along.
 *
 * @param which - A platform's identifier, or `LAST`.
 * @throws WalletError `report_missing`, `report_undelivered`
 */
export async function reportGreedyRequest(
  context: GreedyContext & { readonly fetch: GuardedFetch },
  which: string,
): Promise<ReportedRequest> {
  const { issuanceStore, ledger } = context
  const found = (await keptRequests(context)).findLast(
    ({ platformId }) => which === 'LAST' || platformId === which,
  )
  if (found === undefined) throw missing()
  const { platformId, name, code, reportUri, body } = found
  const reportId = await post(context.fetch, reportUri, body)
  await ledger.append({
    kind: 'report',
    platform: { id: platformId, name },
    code,
    report_id: reportId,
  })
  await issuanceStore.remove(found.row.id)
  return { platformId, code, reportId }
}

/** What is kept, oldest first. */
export async function keptRequests({
  issuanceStore,
  vault,
}: Pick<GreedyContext, 'issuanceStore' | 'vault'>) {
  const rows = await issuanceStore.list('greedy-request')
  return rows.map((row) => ({ ...openRecord(vault, 'greedy-request', row), row }))
}

async function post(ask: GuardedFetch, url: string, body: string): Promise<string> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' }
  const reply = await ask(url, { method: 'POST', headers, body }).catch((cause: unknown) => {
    throw undelivered('it cannot be reached', cause)
  })
  if (reply.status !== 202) throw undelivered(`it answered HTTP ${reply.status}`)
  return reportIdOf(reply.text)
}

/** A registrar that took a report and does not name it has taken it all the same. */
function reportIdOf(text: string): string {
  try {
    const id = memberOf(parseMessage(text, { maxBytes: 16 * 1024 }), 'report_id')
    return typeof id === 'string' ? id.slice(0, 200) : ''
  } catch (error) {
    if (error instanceof ProtocolError) return ''
    throw error
  }
}

function isGreedy({ outcome, findings }: Judgement['decision']): boolean {
  return outcome === 'refuse' || (outcome === 'reduce' && findings.length > 0)
}

function missing(): WalletError {
  return new WalletError(
    'report_missing',
    'there is no request to report: in the last 30 days no accredited platform of that name asked ' +
      'for too much; open its request again to have it kept.',
  )
}

function undelivered(problem: string, cause?: unknown): WalletError {
  return new WalletError(
    'report_undelivered',
    `the registrar did not take the report: ${problem}; try again later.`,
    { cause },
  )
}
