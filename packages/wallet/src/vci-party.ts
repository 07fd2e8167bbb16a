import { epochSeconds } from '@netcert/credential'
import { messageLimits } from '@netcert/protocol'
import type { AuthorizationServer, TokenEndpointResponse } from 'oauth4webapi'
import { z } from 'zod'
import { WalletError } from './errors.js'
import type { GrantedRequest, GrantParty, Tokens } from './issuance-records.js'
import { createDpopKey, createInstanceKey } from './vci-grant-keys.js'
import type { IssuanceGround } from './vci-ground.js'

/**
 * Who the wallet will be to an authorization server: attested where both sides can, unnamed where the
 * server takes pre-authorized codes so, else by its name. Keys are new for each grant, so that
 * nothing links two of them.
 *
 * @throws WalletError `token_unbound`
 */
export async function createParty(
  ground: IssuanceGround,
  server: AuthorizationServer,
  options: { readonly issuer: string; readonly isPreAuthorized: boolean },
): Promise<GrantParty> {
  const { issuer, isPreAuthorized } = options
  const knowsDpop = server.dpop_signing_alg_values_supported?.includes('ES256') === true
  if (!knowsDpop && new URL(server.issuer).origin !== new URL(issuer).origin) throw unbound()
  const methods = server.token_endpoint_auth_methods_supported ?? []
  const isAttested = ground.provider !== null && methods.includes('attest_jwt_client_auth')
  const takesUnnamed = server['pre-authorized_grant_anonymous_access_supported'] === true
  const ownName = isPreAuthorized && takesUnnamed ? null : ground.clientId
  return {
    issuer,
    authorizationServer: server.issuer,
    clientId: isAttested ? (ground.provider?.clientId ?? null) : ownName,
    dpopKey: knowsDpop ? await createDpopKey(ground) : null,
    instanceKey: isAttested ? await createInstanceKey(ground) : null,
  }
}

/**
 * The tokens of an answer.
 *
 * @param before - keeps its refresh token where the server sends no new one
 * @throws WalletError `token_unbound` when a token is not bound to the key it was asked with
 */
export function tokensOf(
  answer: TokenEndpointResponse,
  party: GrantParty,
  now: Date,
  before?: Tokens,
): Tokens {
  // Bearer although DPoP was announced: somebody took the binding away (RFC 9449 §5).
  if ((answer.token_type === 'dpop') !== (party.dpopKey !== null)) throw unbound()
  return {
    accessToken: answer.access_token,
    expiresAt: answer.expires_in === undefined ? null : epochSeconds(now) + answer.expires_in,
    refreshToken: answer.refresh_token ?? before?.refreshToken ?? null,
  }
}

const grantedDetails = z
  .array(
    z.object({
      type: z.string(),
      credential_configuration_id: z.string().optional(),
      credential_identifiers: z
        .array(z.string().min(1).max(messageLimits.maxUrlLength))
        .min(1)
        .max(32)
        .optional(),
    }),
  )
  .max(64)

/**
 * What a token is good for: by identifiers where the server gave some, else by configuration.
 *
 * @throws WalletError `issuer_answer`
 * @see OpenID4VCI 1.0 §6.2
 */
export function requestsOf(
  answer: TokenEndpointResponse,
  wanted: readonly { readonly configurationId: string; readonly copies: number }[],
): readonly GrantedRequest[] {
  const details = grantedDetails.optional().safeParse(answer.authorization_details)
  if (!details.success) throw unreadable()
  const granted = details.data?.filter(({ type }) => type === 'openid_credential') ?? []
  const requests = wanted.flatMap(({ configurationId, copies }): GrantedRequest[] => {
    const entries = granted.filter((it) => it.credential_configuration_id === configurationId)
    const identifiers = entries.flatMap((entry) => entry.credential_identifiers ?? [])
    const plain = { configurationId, copies, batches: [] }
    if (identifiers.length > 0) {
      return [...new Set(identifiers)].map((it) => ({ ...plain, credentialIdentifier: it }))
    }
    // Where details came at all, what is not among them was not granted.
    return granted.length > 0 && entries.length === 0
      ? []
      : [{ ...plain, credentialIdentifier: null }]
  })
  if (requests.length === 0) throw unreadable()
  return requests
}

/**
 * What a renewed token is still good for. An issuer names the certificates about children each time:
 * one that is not named any more has ended, by a birthday or because somebody is guardian no longer.
 */
export function stillGranted(
  answer: TokenEndpointResponse,
  requests: readonly GrantedRequest[],
): { readonly left: readonly GrantedRequest[]; readonly ended: readonly GrantedRequest[] } {
  const details = grantedDetails.optional().safeParse(answer.authorization_details)
  if (!details.success || details.data === undefined) return { left: requests, ended: [] }
  const named = new Set(details.data.flatMap((it) => it.credential_identifiers ?? []))
  const hasEnded = ({ ward, credentialIdentifier }: GrantedRequest) =>
    ward !== undefined && credentialIdentifier !== null && !named.has(credentialIdentifier)
  return { left: requests.filter((it) => !hasEnded(it)), ended: requests.filter(hasEnded) }
}

function unbound(): WalletError {
  return new WalletError(
    'token_unbound',
    "a token would not be bound to this wallet's key as it must be; do not go on, ask the issuer.",
  )
}

function unreadable(): WalletError {
  return new WalletError(
    'issuer_answer',
    'the authorization server granted nothing of what was asked for, or says so unreadably; ask the ' +
      'issuer.',
  )
}
