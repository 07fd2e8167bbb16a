import { epochSeconds } from '@netcert/credential'
import { keyOf } from './held-grants.js'
import { type Deferred, type Grant, openRecord, sealRecord } from './issuance-records.js'
import type { KeyStore, Vault } from './keys.js'
import type { IssuanceRow, IssuanceStore } from './stores.js'
import { forgetKeysOf } from './vci-grant-keys.js'

/** A certificate that its issuer put off, and that this wallet asks for again. */
export type PutOffCertificate = {
  readonly id: string
  /** Under which the issuer offers it: the last part of its type's name. */
  readonly configurationId: string
  /** The child it is about; null: the citizen's own. */
  readonly ward: string | null
  /** Not asked again before. */
  readonly retryAt: Date
  /**
   * None of these came yet. False: it replaces one that is held, and comes by the wallet's own schedule;
   * there is nothing to stop.
   */
  readonly isFirst: boolean
}

/** What issuers put off. Nobody is asked here. */
export type PutOff = {
  /** Those that are not one platform's own copy, the next to be asked first. */
  list(): Promise<readonly PutOffCertificate[]>
  /**
   * Asks for it no more, now or by the schedule, and erases the keys made for it. The issuer is not told:
   * what it has under way goes on.
   *
   * @returns false, and nothing is changed, while it is being asked for this moment
   */
  stopWaiting(id: string): Promise<boolean>
}

/** What looking at put off certificates needs of the wallet. */
export type PutOffSource = {
  readonly issuanceStore: IssuanceStore
  readonly keyStore: KeyStore
  readonly vault: Vault
  readonly clock: () => Date
}

/** So long another caller keeps away from the grant; what is done with it takes moments. */
const LEASE_SECONDS = 30

export function createPutOff(source: PutOffSource): PutOff {
  return {
    list: () => listPutOff(source),
    stopWaiting: (id) => stopWaiting(source, id),
  }
}

async function listPutOff(source: PutOffSource): Promise<readonly PutOffCertificate[]> {
  const { issuanceStore, vault } = source
  const found: PutOffCertificate[] = []
  for (const row of await issuanceStore.list('deferred')) {
    const deferred = openRecord(vault, 'deferred', row)
    // A platform's own copy is fetched for an answer, and waited for there.
    if (deferred.blinding !== undefined) continue
    const grantRow = await issuanceStore.get('grant', deferred.grant)
    const grant = grantRow === undefined ? null : openRecord(vault, 'grant', grantRow)
    const { configurationId, ward = null } = deferred
    const retryAt = new Date((row.due_at ?? 0) * 1000)
    found.push({ id: row.id, configurationId, ward, retryAt, isFirst: isFirst(grant, deferred) })
  }
  return found
}

async function stopWaiting(source: PutOffSource, id: string): Promise<boolean> {
  const { issuanceStore, keyStore, vault } = source
  const row = await issuanceStore.get('deferred', id)
  if (row === undefined) return true
  const deferred = openRecord(vault, 'deferred', row)
  if (!(await dropFromGrant(source, deferred))) return false
  await issuanceStore.remove(id)
  for (const alias of await issuanceStore.unusedKeys(deferred.keyAliases)) {
    await keyStore.delete(alias)
  }
  return true
}

/** Else the schedule would ask for it anew. @returns false while another caller has the grant */
async function dropFromGrant(source: PutOffSource, deferred: Deferred): Promise<boolean> {
  const { issuanceStore, clock } = source
  const now = epochSeconds(clock())
  if ((await issuanceStore.get('grant', deferred.grant)) === undefined) return true
  const row = await issuanceStore.lease(deferred.grant, now, now + LEASE_SECONDS)
  if (row === undefined) return false
  await keepWithout(source, row, deferred)
  return true
}

async function keepWithout(
  { issuanceStore, keyStore, vault }: PutOffSource,
  row: IssuanceRow,
  deferred: Deferred,
): Promise<void> {
  const grant = openRecord(vault, 'grant', row)
  const { id, due_at } = row
  const isKept = ({ batches, ...it }: Grant['requests'][number]) =>
    batches.length > 0 || keyOf(it) !== keyOf(deferred)
  const requests = grant.requests.filter(isKept)
  if (requests.length > 0) {
    const dueAt = due_at === null ? {} : { dueAt: due_at }
    const content = { ...grant, requests }
    await issuanceStore.put(sealRecord(vault, { id, kind: 'grant', content, ...dueAt }))
    return
  }
  await issuanceStore.remove(id)
  await forgetKeysOf({ keyStore }, grant)
}

function isFirst(grant: Grant | null, deferred: Deferred): boolean {
  const request = grant?.requests.find((it) => keyOf(it) === keyOf(deferred))
  return (request?.batches.length ?? 0) === 0
}
