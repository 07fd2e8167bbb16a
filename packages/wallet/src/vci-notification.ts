import { epochSeconds } from '@netcert/credential'
import { openRecord, sealRecord } from './issuance-records.js'
import { LEASE_SECONDS, OpenGrant } from './vci-grant.js'
import { forgetKeysOf } from './vci-grant-keys.js'
import type { IssuanceGround } from './vci-ground.js'

/**
 * Tells an issuer what became of its certificates, if it asked for that. Nothing depends on it: an
 * issuer that cannot be told is not told.
 *
 * @see OpenID4VCI 1.0 §11
 */
export async function notify(
  grant: OpenGrant,
  notificationId: string | undefined,
  event: 'credential_accepted' | 'credential_failure' | 'credential_deleted',
): Promise<void> {
  const endpoint = grant.metadata.notification_endpoint
  if (notificationId === undefined || endpoint === undefined) return
  const body = JSON.stringify({ notification_id: notificationId, event })
  await grant
    .withToken((accessToken) =>
      grant.client.askIssuer(endpoint, accessToken, { contentType: 'application/json', body }),
    )
    .catch(() => undefined)
}

/** Tells the issuer that a certificate was deleted, and stops renewing it. */
export async function reportDeletion(ground: IssuanceGround, batchId: string): Promise<void> {
  const rows = await ground.issuanceStore.notificationsOf(batchId)
  for (const row of rows) {
    const { notificationId, grant: id } = openRecord(ground.vault, 'notification', row)
    await ground.issuanceStore.remove(row.id)
    const grant = await OpenGrant.resume(ground, id).catch(() => undefined)
    if (grant === undefined) continue
    await notify(grant, notificationId, 'credential_deleted')
    await grant.release()
  }
}

/** The grants by which a certificate would be renewed are not used for that any more. */
export async function stopRenewing(ground: IssuanceGround, batchId: string): Promise<void> {
  const { issuanceStore, vault, clock } = ground
  const now = epochSeconds(clock())
  for (const { id, ...listed } of await issuanceStore.list('grant')) {
    const { requests } = openRecord(vault, 'grant', { id, ...listed })
    if (!requests.some(({ batches }) => batches.includes(batchId))) continue
    const row = await issuanceStore.lease(id, now, now + LEASE_SECONDS)
    if (row === undefined) continue
    const grant = openRecord(vault, 'grant', row)
    const left = grant.requests.filter(({ batches }) => !batches.includes(batchId))
    const content = { ...grant, requests: left }
    const dueAt = row.due_at === null ? {} : { dueAt: row.due_at }
    if (left.length === 0) {
      await issuanceStore.remove(id)
      await forgetKeysOf(ground, grant)
    } else await issuanceStore.put(sealRecord(vault, { id, kind: 'grant', content, ...dueAt }))
  }
}
