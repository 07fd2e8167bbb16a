import type { ListedPauses, OwnPauseRecord } from './held-pauses.js'
import type { KeptErasure } from './cancelled-issuer.js'
import type { GreedyRequest, PlatformBlinding, PlatformHolding } from './platform-holding.js'
import type { RefusedRequestRecord } from './refused-requests.js'
import type { WardRecord } from './ward-records.js'
import type { IssuanceKind, IssuanceRow } from './stores.js'
import type { Vault } from './keys.js'

/** Who the wallet is to an authorization server, and the key its tokens are bound to. */
export type GrantParty = {
  readonly issuer: string
  readonly authorizationServer: string
  /** `null`: a pre-authorized code is redeemed without a name. */
  readonly clientId: string | null
  /**
   * Alias of the key its tokens are bound to; `null` where the server does not know DPoP. Grants
   * from before such keys lay in the key store hold the key itself, and go on with it.
   */
  readonly dpopKey: string | DpopKey | null
  /** Alias of the key of this wallet instance for this server, where the wallet is attested. */
  readonly instanceKey: string | null
}

/** A P-256 key for DPoP proofs (RFC 9449), with its private half. */
export type DpopKey = {
  readonly kty: 'EC'
  readonly crv: 'P-256'
  readonly x: string
  readonly y: string
  readonly d: string
}

export type Tokens = {
  readonly accessToken: string
  /** Seconds since 1970; `null` when the server did not say. */
  readonly expiresAt: number | null
  readonly refreshToken: string | null
}

/** One certificate that a grant is good for. */
export type GrantedRequest = {
  readonly configurationId: string
  readonly credentialIdentifier: string | null
  /** Copies to ask for each time: always as many, whatever was used. */
  readonly copies: number
  /** Its type; known once a copy was received, and of a child's from the first. */
  readonly vct?: string
  /** The child it is about; absent where it is the citizen's own. */
  readonly ward?: string
  /** What was received by it and may still be there. */
  readonly batches: readonly string[]
}

/** The right to fetch certificates, again and again while it lasts. */
export type Grant = GrantParty & {
  readonly tokens: Tokens
  readonly requests: readonly GrantedRequest[]
}

/** A sign-in at the issuer's authorization server that the citizen is busy with. */
export type SignIn = GrantParty & {
  readonly state: string
  readonly codeVerifier: string
  readonly redirectUri: string
  readonly configurationIds: readonly string[]
  readonly batch: number | null
}

/** An issuance that the issuer put off. */
export type Deferred = {
  readonly grant: string
  readonly transactionId: string
  readonly configurationId: string
  readonly credentialIdentifier: string | null
  readonly keyAliases: readonly string[]
  readonly intervalSeconds: number
  readonly ward?: string
  /** For a copy that is to be one platform's. */
  readonly blinding?: PlatformBlinding
}

/** By what a received certificate is reported to its issuer. */
export type Notification = { readonly grant: string; readonly notificationId: string }

type Contents = {
  grant: Grant
  'sign-in': SignIn
  deferred: Deferred
  notification: Notification
  platform: PlatformHolding
  'greedy-request': GreedyRequest
  'refused-request': RefusedRequestRecord
  /** It holds nothing; whoever leases it has the turn. */
  turn: Record<string, never>
  ward: WardRecord
  /** The copy that a cancellation was signed with. */
  cancelling: { readonly copy: string }
  erasure: KeptErasure
  pause: OwnPauseRecord
  listed: ListedPauses
}

/** Seals a record for the store; it is bound to its id and kind. */
export function sealRecord<Kind extends IssuanceKind>(
  vault: Vault,
  record: {
    readonly id: string
    readonly kind: Kind
    readonly content: Contents[Kind]
    readonly batchId?: string
    readonly dueAt?: number
    readonly expiresAt?: number
    readonly leasedUntil?: number
  },
): IssuanceRow {
  const {
    id,
    kind,
    content,
    batchId = null,
    dueAt = null,
    expiresAt = null,
    leasedUntil = null,
  } = record
  const plain = new TextEncoder().encode(JSON.stringify(content))
  return {
    id,
    kind,
    batch_id: batchId,
    due_at: dueAt,
    expires_at: expiresAt,
    leased_until: leasedUntil,
    sealed: vault.seal(plain, contextOf(kind, id)),
  }
}

/** Opens a record of that kind. */
export function openRecord<Kind extends IssuanceKind>(
  vault: Vault,
  kind: Kind,
  row: IssuanceRow,
): Contents[Kind] {
  const plain = new TextDecoder().decode(vault.unseal(row.sealed, contextOf(kind, row.id)))
  // Sealed by sealRecord and authenticated by the vault, so its form is known.
  return JSON.parse(plain) as Contents[Kind]
}

function contextOf(kind: IssuanceKind, id: string): string {
  return `netcert/wallet/issuance/v1|${kind}|${id}`
}
