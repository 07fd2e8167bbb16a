import { epochSeconds, NETWORK_CERTIFICATE } from '@netcert/credential'
import type { CertificateSummary } from './certificate-summary.js'
import { WalletError } from './errors.js'
import { keyOf, openDeferred, runOut } from './held-grants.js'
import { type GrantedRequest, openRecord } from './issuance-records.js'
import { type Fetched, fetchCertificate } from './vci-fetching.js'
import { OpenGrant } from './vci-grant.js'
import type { IssuanceGround } from './vci-ground.js'
import {
  birthdayTimes,
  keepTime,
  lastRenewal,
  renewalTime,
  retryTime,
} from './vci-renewal-times.js'
import { forgetOutgrown } from './ward-endings.js'
import { isFetchedForAct } from './ward-records.js'
import type { IssuanceRow } from './stores.js'

/** Why certificates were fetched: the schedule says nothing about use, running out does. */
export type RenewalReason = 'schedule' | 'run_out'

/** What came of renewing one certificate. */
export type RenewalReport = {
  readonly reason: RenewalReason
  readonly configurationId: string
  /** Of a platform's copy. */
  readonly platformId?: string
  /** Of a copy about a child. */
  readonly ward?: string
} & (
  | { readonly kind: 'received'; readonly certificate: CertificateSummary }
  | { readonly kind: 'deferred'; readonly retryAt: Date }
  /** Tried again later, or when asked. */
  | { readonly kind: 'failed'; readonly code: string }
  /** The grant has ended: the citizen is needed for a new one. */
  | { readonly kind: 'ended' }
)

/**
 * Renews what is due by the schedule, and what has run out at once. Always as many copies as the
 * first time, whatever was used.
 */
export async function renew(ground: IssuanceGround): Promise<readonly RenewalReport[]> {
  await forgetOutgrown(ground)
  const reports: RenewalReport[] = []
  const waiting = await openDeferred(ground)
  for (const row of await ground.issuanceStore.list('grant')) {
    const { requests } = openRecord(ground.vault, 'grant', row)
    const open = requests.filter(
      (request) => !isFetchedForAct(request.vct) && !waiting.has(`${row.id} ${keyOf(request)}`),
    )
    const isDue = row.due_at !== null && row.due_at <= epochSeconds(ground.clock())
    const wanted = isDue ? open : await runOut(ground, open)
    if (isDue && wanted.length === 0) await keepGrant(ground, row)
    if (wanted.length > 0) {
      reports.push(...(await renewBy(ground, row, wanted, isDue ? 'schedule' : 'run_out')))
    }
  }
  return reports
}

/** Renews some of what a grant is good for. Nothing comes of it while another call does the same. */
export async function renewBy(
  ground: IssuanceGround,
  row: IssuanceRow,
  wanted: readonly GrantedRequest[],
  reason: RenewalReason,
): Promise<readonly RenewalReport[]> {
  const failed = (error: unknown) =>
    wanted.map(({ configurationId }) => ({ reason, configurationId, ...failure(error) }))
  let grant: OpenGrant | undefined
  try {
    grant = await OpenGrant.resume(ground, row.id)
  } catch (error) {
    await ground.issuanceStore.release(row.id, retryTime(ground))
    return failed(error)
  }
  // Another call is renewing by this grant right now.
  if (grant === undefined) return []
  if (grant.dueAt !== row.due_at) {
    // Another call has just renewed by it.
    await grant.release()
    return []
  }
  const reports: RenewalReport[] = []
  for (const request of wanted) {
    const { configurationId } = request
    const fetched = await fetchCertificate(ground, grant, request).catch(failure)
    reports.push({ reason, ...reportOf(configurationId, fetched) })
  }
  if (reports.some(({ kind }) => kind === 'ended')) await grant.forget()
  else
    await schedule(
      ground,
      grant,
      reports.some(({ kind }) => kind === 'failed'),
    )
  return reports
}

function reportOf(configurationId: string, fetched: Fetched | ReturnType<typeof failure>) {
  return { ...fetched, configurationId }
}

/** A grant that the server refuses is over; everything else may pass. */
function failure(error: unknown): { kind: 'ended' } | { kind: 'failed'; code: string } {
  if (error instanceof WalletError && error.code === 'grant_refused') return { kind: 'ended' }
  const code = error instanceof Error && 'code' in error ? String(error.code) : null
  // What nobody expected is a fault of ours and not to be hidden.
  if (code === null) throw error
  return { kind: 'failed', code }
}

/** Lets a grant go until its next time; without a refresh token there is none. */
export async function schedule(
  ground: IssuanceGround,
  grant: OpenGrant,
  hasFailed = false,
): Promise<void> {
  if (!grant.isRenewable) return grant.release(null)
  if (hasFailed) return grant.release(retryTime(ground))
  const now = epochSeconds(ground.clock())
  const own = new Set(grant.requests.flatMap(({ batches }) => batches.slice(0, 1)))
  const held = await ground.store.batches(now)
  const batches = held.filter(({ id }) => own.has(id))
  if (batches.length === 0) {
    const isKept = grant.requests.some(({ vct }) => isFetchedForAct(vct))
    return grant.release(isKept ? keepTime(now) : null)
  }
  const issuers = new Set(batches.map(({ issuer }) => issuer))
  const isOwn = grant.requests.some(({ ward }) => ward === undefined)
  // A gate pass does not say when its citizen was born; the certificate of the same issuer does.
  const telling = held.filter(
    ({ id, vct, issuer, ward_id }) =>
      own.has(id) ||
      (ward_id === null && vct === NETWORK_CERTIFICATE && isOwn && issuers.has(issuer)),
  )
  const regular = renewalTime(now, Math.min(...batches.map((batch) => lastRenewal(now, batch))))
  return grant.release(Math.min(regular, ...(await birthdayTimes(ground, telling, now))))
}

/**
 * A grant that is used for acts alone would end unused: its token is renewed now and then, at a time
 * that says nothing of any act.
 */
async function keepGrant(ground: IssuanceGround, { id, due_at }: IssuanceRow): Promise<void> {
  const grant = await OpenGrant.resume(ground, id).catch(() => undefined)
  if (grant === undefined) return
  if (grant.dueAt !== due_at) return grant.release()
  const kept = await grant.renewToken().then(() => 'kept' as const, failure)
  if (kept === 'kept') return schedule(ground, grant)
  return kept.kind === 'ended' ? grant.forget() : grant.release(retryTime(ground))
}
