import { epochSeconds, type Trust } from '@netcert/credential'
import type { CertificateSummary } from './certificate-summary.js'
import { WalletError, type WalletErrorCode } from './errors.js'
import { type Deferred, openRecord } from './issuance-records.js'
import { exchange } from './vci-exchange.js'
import { forgetUnusedKeys, takeIn } from './vci-fetching.js'
import { OpenGrant } from './vci-grant.js'
import type { IssuanceGround } from './vci-ground.js'
import { schedule } from './vci-renewal.js'
import { IssuerRefusal } from './vci-refusals.js'
import type { IssuanceRow } from './stores.js'

/** How a put-off issuance stands. */
export type DeferredReport =
  | { readonly kind: 'received'; readonly certificate: CertificateSummary }
  | { readonly kind: 'waiting'; readonly configurationId: string; readonly retryAt: Date }
  /** It will not come any more. */
  | { readonly kind: 'ended'; readonly configurationId: string; readonly code: string }

/**
 * Asks for what issuers put off and is due by the interval they named.
 *
 * @see OpenID4VCI 1.0 §9
 */
export async function pollDeferred(ground: IssuanceGround): Promise<readonly DeferredReport[]> {
  const reports: DeferredReport[] = []
  for (const row of await ground.issuanceStore.list('deferred')) {
    const deferred = openRecord(ground.vault, 'deferred', row)
    const report = await poll(ground, row, deferred)
    if (report !== null) reports.push(report)
  }
  return reports
}

/** @returns null when another call has brought it to its end meanwhile. */
async function poll(
  ground: IssuanceGround,
  row: IssuanceRow,
  deferred: Deferred,
): Promise<DeferredReport | null> {
  const { configurationId } = deferred
  const isDue = (row.due_at ?? 0) <= epochSeconds(ground.clock())
  if (!isDue)
    return { kind: 'waiting', configurationId, retryAt: new Date((row.due_at ?? 0) * 1000) }
  if ((await ground.issuanceStore.get('grant', deferred.grant)) === undefined) {
    return end(ground, row, deferred, 'grant_refused')
  }
  // Asked first: the issuer gives what it put off once. Without trust it was not asked, and has refused nothing.
  const trust = await ground.trust().catch(() => null)
  if (trust === null) return wait(ground, row, deferred, deferred.intervalSeconds)
  try {
    const grant = await OpenGrant.resume(ground, deferred.grant)
    // Another call is asking for this grant right now.
    if (grant === undefined) return await wait(ground, row, deferred, deferred.intervalSeconds)
    try {
      if ((await ground.issuanceStore.get('deferred', row.id)) === undefined) return null
      const report = await askAgain(ground, grant, row, { ...deferred, trust })
      if (report.kind === 'received') await schedule(ground, grant)
      return report
    } finally {
      await grant.release()
    }
  } catch (error) {
    const refusal = finalRefusal(error)
    if (refusal !== null) return end(ground, row, deferred, refusal)
    return wait(ground, row, deferred, deferred.intervalSeconds)
  }
}

async function askAgain(
  ground: IssuanceGround,
  grant: OpenGrant,
  row: IssuanceRow,
  { trust, ...deferred }: Deferred & { readonly trust: Trust },
): Promise<DeferredReport> {
  const { metadata, client } = grant
  const endpoint = metadata.deferred_credential_endpoint
  if (endpoint === undefined) return end(ground, row, deferred, 'issuer_answer')
  const answer = await grant.withToken((accessToken) =>
    exchange(client, {
      metadata,
      endpoint,
      accessToken,
      request: { transaction_id: deferred.transactionId },
    }),
  )
  if (answer.kind === 'deferred') return wait(ground, row, deferred, answer.answer.interval)
  const { configurationId, credentialIdentifier, keyAliases, blinding, ward } = deferred
  const request = {
    ...{ configurationId, credentialIdentifier, copies: keyAliases.length, batches: [] },
    ...(ward === undefined ? {} : { ward }),
  }
  const received = await takeIn(ground, grant, {
    request,
    aliases: keyAliases,
    trust,
    blinding,
    answer: answer.answer,
  })
  await ground.issuanceStore.remove(row.id)
  return { kind: 'received', certificate: received.certificate }
}

async function wait(
  ground: IssuanceGround,
  row: IssuanceRow,
  { configurationId }: Deferred,
  seconds: number,
): Promise<DeferredReport> {
  const dueAt = epochSeconds(ground.clock()) + seconds
  await ground.issuanceStore.release(row.id, dueAt)
  return { kind: 'waiting', configurationId, retryAt: new Date(dueAt * 1000) }
}

async function end(
  ground: IssuanceGround,
  row: IssuanceRow,
  { configurationId, keyAliases }: Deferred,
  code: string,
): Promise<DeferredReport> {
  await ground.issuanceStore.remove(row.id)
  await forgetUnusedKeys(ground, keyAliases)
  return { kind: 'ended', configurationId, code }
}

/** Codes of ours after which the same question would only be answered the same. */
const FINAL: ReadonlySet<WalletErrorCode> = new Set([
  'grant_refused',
  'token_unbound',
  'certificate_unasked',
  'key_foreign',
  'copy_duplicate',
  'batch_mixed',
  'platform_copy_refused',
  'platform_number_changed',
])

/** The code to report when asking again is of no use; `null` when it may be. */
function finalRefusal(error: unknown): string | null {
  if (error instanceof IssuerRefusal) {
    const isFinal = ['invalid_transaction_id', 'credential_request_denied'].includes(error.error)
    return isFinal ? error.error : null
  }
  if (error instanceof WalletError) return FINAL.has(error.code) ? error.code : null
  // What was sent is no certificate that can be trusted; the issuer has spent its one answer.
  const isJudgement = error instanceof Error && error.name === 'CredentialError'
  return isJudgement && 'code' in error ? String(error.code) : null
}
