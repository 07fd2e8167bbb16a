import { createHash, randomBytes } from 'node:crypto'
import type { Vault } from '@netcert/agent'
import { epochSeconds, type PublicJwk } from '@netcert/credential'
import {
  type CredentialRequest,
  type CredentialResponse,
  type KeyOf,
  notificationRequestSchema,
} from '@netcert/protocol'
import type { VerifiedAccessToken } from './as-access-token.js'
import type { DeviceStore, FetchedWith } from './ending/device-store.js'
import type { Issuer } from './issuer.js'
import { IssuerError } from './issuer-error.js'
import { type ConfigurationId, configurationPolicy } from './vci-configurations.js'
import { sealDeferredCopies } from './vci-deferred-copies.js'
import type { GrantedWard, WardGrants } from './minors/ward-grants.js'
import type { IssuanceStore, UsedNonce } from './vci-issuance-store.js'
import type { NonceMint } from './vci-nonce.js'
import { type ProvenKeys, verifyProofs } from './vci-proofs.js'
import { assertAlone, readBlinded } from './vci-numbered.js'
import { resolveDataset } from './vci-request.js'

/** Seconds a wallet waits before it asks for a deferred certificate. */
export const DEFERRED_INTERVAL_SECONDS = 5
const DEFERRED_KEPT_SECONDS = 30 * 86_400
const NOTIFICATION_KEPT_SECONDS = 30 * 86_400
const HOUR_SECONDS = 3600

export type IssuanceParts = {
  readonly issuer: Issuer
  readonly store: IssuanceStore
  readonly vault: Vault
  readonly nonces: NonceMint
  readonly baseUrl: string
  readonly clock: () => Date
  readonly keyAttesters: KeyOf | null
  readonly isDeferred: (offer: string) => Promise<boolean>
  readonly wards: WardGrants
  readonly devices: Pick<DeviceStore, 'noteBatch'>
}

/**
 * Answers a credential request: certificates, or the promise of them. The nonce is used up in the
 * transaction that commits the plan, and nothing is signed before.
 *
 * @throws IssuerError, ProtocolError: see `refusalOf`.
 * @see OpenID4VCI 1.0 §8
 */
export async function answerCredentialRequest(
  parts: IssuanceParts,
  token: VerifiedAccessToken,
  request: CredentialRequest,
): Promise<CredentialResponse> {
  const { configuration, wardIdentifier } = resolveDataset(request, token)
  const blinded = readBlinded(request, configurationPolicy(configuration))
  const { baseUrl: audience, clock, nonces, keyAttesters, store } = parts
  const { clientId } = token
  const demands = { audience, clientId, now: clock(), nonces, keyAttesters }
  const proven = await verifyProofs(request.proofs, demands)
  if (blinded !== null) assertAlone(proven)
  // Only to spare a status place: the transaction decides.
  if (await store.isNonceUsed(proven.nonceHash)) {
    throw new IssuerError('invalid_nonce', 'The c_nonce was used already; take a fresh one.')
  }
  const holderJwks = keysFor(configuration, proven)
  const whose = await whoseOf(parts.wards, token, wardIdentifier)
  const wanted = { configuration, holderJwks, proven, blinded, whose }
  if (token.offer !== null && (await parts.isDeferred(token.offer))) {
    return defer(parts, token, wanted)
  }
  return issueNow(parts, token, wanted)
}

type Wanted = {
  readonly configuration: ConfigurationId
  readonly holderJwks: readonly PublicJwk[]
  readonly proven: ProvenKeys
  /** The point the copy's platform number is blinded with; `null` for a copy without one. */
  readonly blinded: string | null
  readonly whose: Whose
}

/** Whom certificates are about, and what of a grant says that its bearer may have them. */
type Whose = {
  readonly citizen: string
  readonly guardian: string | null
  readonly granted: GrantedWard | null
}

/** @throws IssuerError `guardian_not_linked` where the grant no longer brings that ward. */
async function whoseOf(
  wards: WardGrants,
  { citizen, grantId }: VerifiedAccessToken,
  identifier: string | null,
): Promise<Whose> {
  if (identifier === null) return { citizen, guardian: null, granted: null }
  const granted = { grantId, identifier }
  return { citizen: await wards.wardOf(granted), guardian: citizen, granted }
}

/** A type with fewer copies than the batch has proofs gives each of the first keys one. */
function keysFor(configuration: ConfigurationId, { keys }: ProvenKeys): readonly PublicJwk[] {
  return keys.slice(0, configurationPolicy(configuration).copies)
}

async function issueNow(
  { issuer, store, wards, devices, clock }: IssuanceParts,
  token: VerifiedAccessToken,
  { configuration, holderJwks, proven, blinded, whose }: Wanted,
): Promise<CredentialResponse> {
  const { grantId } = token
  const { citizen, guardian, granted } = whose
  const { vct, kind } = configurationPolicy(configuration)
  const notification = randomName()
  const expiresAt = epochSeconds(clock()) + NOTIFICATION_KEPT_SECONDS
  const row = { id_hash: hashOf(notification), grant_id: grantId, expires_at: expiresAt }
  let isFirst = false
  const planned = await issuer.plan(
    { citizen, ...(guardian === null ? {} : { guardian }), type: vct, copies: kind, holderJwks },
    {
      stands: async (trx) => {
        await store.assertGrant(trx, grantId)
        if (granted !== null) await wards.assertStands(trx, granted)
      },
      also: async (trx, batch) => {
        await store.useNonce(trx, usedNonce(proven))
        await store.putNotification(trx, batch, row)
        await devices.noteBatch(trx, batch, fetchedWith(token, clock()))
        isFirst = await issuer.applications.noteIssued(trx, token.offer)
      },
    },
  )
  if (isFirst) await issuer.applications.settle()
  const { credentials } = await issuer.sign(planned, holderJwks, blinded)
  return {
    credentials: credentials.map((credential) => ({ credential })),
    notification_id: notification,
  }
}

async function defer(
  { store, vault, clock }: IssuanceParts,
  { grantId }: VerifiedAccessToken,
  { configuration, holderJwks, proven, blinded, whose }: Wanted,
): Promise<CredentialResponse> {
  const { citizen, guardian } = whose
  const transaction = randomName()
  const idHash = hashOf(transaction)
  const at = epochSeconds(clock())
  const sealing = { vault, idHash }
  await store.putDeferred(
    {
      id_hash: idHash,
      grant_id: grantId,
      citizen,
      guardian,
      configuration_id: configuration,
      ready_at: at + DEFERRED_INTERVAL_SECONDS,
      expires_at: at + DEFERRED_KEPT_SECONDS,
      holder_keys: sealDeferredCopies(sealing, { holderJwks, blinded }),
    },
    usedNonce(proven),
  )
  return { transaction_id: transaction, interval: DEFERRED_INTERVAL_SECONDS }
}

/**
 * Notes what became of a batch in the wallet; telling it again changes nothing.
 *
 * @throws IssuerError `invalid_notification_request`, `invalid_notification_id`
 * @see OpenID4VCI 1.0 §11
 */
export async function takeNotification(
  { store, clock }: Pick<IssuanceParts, 'store' | 'clock'>,
  { grantId }: VerifiedAccessToken,
  message: unknown,
): Promise<void> {
  const parsed = notificationRequestSchema.safeParse(message)
  if (!parsed.success) {
    throw new IssuerError(
      'invalid_notification_request',
      'A notification has notification_id, event and perhaps event_description.',
    )
  }
  const { notification_id: id, event } = parsed.data
  // The description can hold anything, also about a person, and nobody needs it: it is not kept.
  const known = await store.setEvent({
    idHash: hashOf(id),
    grantId,
    event,
    at: epochSeconds(clock()),
  })
  if (known) return
  const text = 'The notification_id does not belong to this access token.'
  throw new IssuerError('invalid_notification_id', text)
}

function usedNonce({ nonceHash, nonceEndsAt }: ProvenKeys): UsedNonce {
  return { hash: nonceHash, expiresAt: epochSeconds(nonceEndsAt) }
}

/** What a token's wallet is to the issuer: one device of whoever holds it. */
export function fetchedWith(
  { citizen, grantId, attested }: VerifiedAccessToken,
  now: Date,
): FetchedWith {
  const at = epochSeconds(now)
  const kind = attested ? 'attested_wallet' : 'wallet'
  return { citizen, grantHash: grantId, kind, at: at - (at % HOUR_SECONDS) }
}

/** 192 random bits: a plain hash of such a name gives nothing away. */
function randomName(): string {
  return randomBytes(24).toString('base64url')
}

/** What is stored of a name that is handed out: who reads the table cannot use it. */
export function hashOf(name: string): string {
  return createHash('sha256').update(name).digest('base64url')
}
