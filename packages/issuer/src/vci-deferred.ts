import { epochSeconds, type PublicJwk } from '@netcert/credential'
import { type CredentialResponse, deferredRequestSchema } from '@netcert/protocol'
import type { VerifiedAccessToken } from './as-access-token.js'
import type { FetchedWith } from './ending/device-store.js'
import { IssuerError } from './issuer-error.js'
import type { IssuerSchema } from './issuer-schema-store.js'
import type { PlannedBatch } from './minting.js'
import type { Stands } from './person-store.js'
import { configurationPolicy, isConfigurationId } from './vci-configurations.js'
import { type DeferredCopies, openDeferredCopies } from './vci-deferred-copies.js'
import {
  DEFERRED_INTERVAL_SECONDS,
  fetchedWith,
  hashOf,
  type IssuanceParts,
} from './vci-issuance.js'
import { deferredContext } from './vci-sealed-columns.js'

type StoredDeferred = IssuerSchema['vci_deferred']

/** An answer, and what ends the transaction once it has left. */
export type DeferredAnswer = {
  readonly response: CredentialResponse
  readonly delivered: () => Promise<void>
}

/** Somebody else committed the plan of this transaction in between. */
class PlannedElsewhere extends Error {}

/**
 * Answers a deferred credential request. One transaction leads to one plan and one set of
 * certificates: the signer keeps what it signed, sealed, until its answer has left, so that a crash
 * or a second request in between gets the very same.
 *
 * @throws IssuerError `invalid_credential_request`, `invalid_transaction_id` for one that is unknown,
 *   of another grant, or over; as `issuer.plan`.
 * @see OpenID4VCI 1.0 §9
 */
export async function answerDeferredRequest(
  parts: IssuanceParts,
  token: VerifiedAccessToken,
  message: unknown,
): Promise<DeferredAnswer> {
  const parsed = deferredRequestSchema.safeParse(message)
  if (!parsed.success) {
    throw new IssuerError('invalid_credential_request', 'A deferred request has transaction_id.')
  }
  const transaction = parsed.data.transaction_id
  const idHash = hashOf(transaction)
  const at = epochSeconds(parts.clock())
  const row = await openTransaction(parts, token, idHash, at)
  if (row.ready_at > at) {
    const response = { transaction_id: transaction, interval: DEFERRED_INTERVAL_SECONDS }
    return { response, delivered: async () => {} }
  }
  const credentials = await certificatesOf(parts, token, row)
  return {
    // No notification_id: a deferred answer can come twice, and a notification is about one.
    response: { credentials: credentials.map((credential) => ({ credential })) },
    delivered: async () => {
      await parts.store.endDeferred(idHash, at)
    },
  }
}

async function openTransaction(
  { store }: IssuanceParts,
  token: Pick<VerifiedAccessToken, 'grantId'>,
  idHash: string,
  at: number,
): Promise<StoredDeferred> {
  const row = await store.getDeferred(idHash)
  const open = row !== undefined && row.delivered_at === null && row.expires_at > at
  // One answer for all: nobody learns of the transactions of others.
  if (!open || row.grant_id !== token.grantId) throw unknownTransaction()
  return row
}

async function certificatesOf(
  parts: IssuanceParts,
  token: VerifiedAccessToken,
  row: StoredDeferred,
): Promise<readonly string[]> {
  const { issuer, store } = parts
  if (row.credentials !== null) return opened(parts, row, row.credentials)
  const { holderJwks, blinded } = copiesOf(parts, row)
  const planned = await planOf(parts, row, {
    holderJwks,
    fetched: fetchedWith(token, parts.clock()),
    offer: token.offer,
  })
  try {
    // The signer keeps them, sealed, in the transaction that counts them.
    return (await issuer.sign(planned, holderJwks, blinded)).credentials
  } catch (error) {
    if (!(error instanceof IssuerError && error.code === 'batch_signed')) throw error
  }
  // Another request was faster: its certificates are the ones.
  const now = await store.getDeferred(row.id_hash)
  if (now?.credentials === undefined || now.credentials === null) throw unknownTransaction()
  if (now.grant_id !== token.grantId) throw unknownTransaction()
  return opened(parts, now, now.credentials)
}

type Fetching = {
  readonly holderJwks: readonly PublicJwk[]
  readonly fetched: FetchedWith
  readonly offer: string | null
}

async function planOf(
  parts: IssuanceParts,
  row: StoredDeferred,
  { holderJwks, fetched, offer }: Fetching,
): Promise<PlannedBatch> {
  const { issuer, store, devices } = parts
  if (row.batch !== null) return issuer.reopenPlan(row.batch)
  if (!isConfigurationId(row.configuration_id)) throw unknownTransaction()
  const { vct, kind } = configurationPolicy(row.configuration_id)
  const { citizen, guardian } = row
  const holder = guardian === null ? {} : { guardian }
  const stands = await standsFor(parts, row)
  let isFirst = false
  try {
    const planned = await issuer.plan(
      { citizen, ...holder, type: vct, copies: kind, holderJwks },
      {
        stands,
        also: async (trx, batch) => {
          if (!(await store.setDeferredBatch(trx, row.id_hash, batch))) throw new PlannedElsewhere()
          await devices.noteBatch(trx, batch, fetched)
          isFirst = await issuer.applications.noteIssued(trx, offer)
        },
      },
    )
    if (isFirst) await issuer.applications.settle()
    return planned
  } catch (error) {
    if (!(error instanceof PlannedElsewhere)) throw error
    const now = await store.getDeferred(row.id_hash)
    if (now === undefined || now.batch === null || now.delivered_at !== null) {
      throw unknownTransaction()
    }
    return issuer.reopenPlan(now.batch)
  }
}

/** What has to be there still: the grant, and of a guardian's grant the ward. */
async function standsFor(
  { store, wards }: IssuanceParts,
  { grant_id: grantId, guardian, citizen: ward, configuration_id: configurationId }: StoredDeferred,
): Promise<Stands> {
  const granted =
    guardian === null ? null : await wards.grantedFor({ grantId, ward, configurationId })
  return async (trx) => {
    await store.assertGrant(trx, grantId)
    if (granted !== null) await wards.assertStands(trx, granted)
  }
}

function copiesOf({ vault }: IssuanceParts, row: StoredDeferred): DeferredCopies {
  if (row.holder_keys === null) throw unknownTransaction()
  return openDeferredCopies({ vault, idHash: row.id_hash }, row.holder_keys)
}

function opened({ vault }: IssuanceParts, row: StoredDeferred, sealed: string): readonly string[] {
  return readSealed(vault.unseal(sealed, deferredContext(row.id_hash, 'credentials'))).map(String)
}

function readSealed(bytes: Uint8Array): unknown[] {
  const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  if (!Array.isArray(value)) throw new TypeError('what was sealed here is a list')
  return value
}

function unknownTransaction(): IssuerError {
  const text = 'The transaction_id is not known here, or it is over; ask for the certificate anew.'
  return new IssuerError('invalid_transaction_id', text)
}
