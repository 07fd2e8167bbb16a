import { hexOf } from './keyed-tag.js'
import { hash } from '@netcert/credential/crypto'
import { epochSeconds } from '@netcert/credential'
import type { IssuerMetadata } from '@netcert/protocol'
import {
  type AuthorizationServer,
  AuthorizationResponseError,
  calculatePKCECodeChallenge,
  generateRandomCodeVerifier,
  generateRandomState,
  type TokenEndpointResponse,
  validateAuthResponse,
} from 'oauth4webapi'
import { WalletError } from './errors.js'
import { openRecord, sealRecord, type SignIn } from './issuance-records.js'
import { IssuanceClient } from './vci-client.js'
import { discoverAuthorizationServer } from './vci-discovery.js'
import { orForgetKeys } from './vci-grant-keys.js'
import type { IssuanceGround } from './vci-ground.js'
import type { OfferPlan } from './vci-offer.js'
import { refusedGrant } from './vci-refusals.js'

/** How long a citizen may take to sign in. */
const SIGN_IN_SECONDS = 3600

/**
 * Prepares a sign-in: gives the address to open in the citizen's browser. What is needed to go on is
 * on disk when this resolves, so another process may do that.
 *
 * @throws WalletError `grant_refused`, `authorization_server`; FetchError
 * @see OpenID4VCI 1.0 §5, RFC 9126, RFC 7636
 */
export async function beginSignIn(
  ground: IssuanceGround,
  client: IssuanceClient,
  options: {
    readonly metadata: IssuerMetadata
    readonly plan: OfferPlan
    readonly redirectUri: string
    readonly batch: number | null
  },
): Promise<string> {
  const { metadata, plan, redirectUri, batch } = options
  const { configurationIds } = plan
  const state = generateRandomState()
  const codeVerifier = generateRandomCodeVerifier()
  const parameters = new URLSearchParams({
    response_type: 'code',
    client_id: client.party.clientId ?? ground.clientId,
    redirect_uri: redirectUri,
    state,
    code_challenge: await calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    ...wishes(metadata, client.server, configurationIds),
    ...(plan.issuerState === null ? {} : { issuer_state: plan.issuerState }),
    ...(metadata.authorization_servers === undefined
      ? {}
      : { resource: metadata.credential_issuer }),
  })
  const url = await authorizationUrl(client, parameters)
  await ground.issuanceStore.put(
    sealRecord(ground.vault, {
      id: signInId(state),
      kind: 'sign-in',
      content: { ...client.party, state, codeVerifier, redirectUri, configurationIds, batch },
      expiresAt: epochSeconds(ground.clock()) + SIGN_IN_SECONDS,
    }),
  )
  return url
}

/** By `authorization_details` where the server knows them, else by `scope` (§5.1). */
function wishes(
  metadata: IssuerMetadata,
  server: AuthorizationServer,
  configurationIds: readonly string[],
): Readonly<Record<string, string>> {
  const known = metadata.credential_configurations_supported
  const scopes = configurationIds.flatMap((id) => known[id]?.scope ?? [])
  const types = server['authorization_details_types_supported']
  const takesDetails = Array.isArray(types) && types.includes('openid_credential')
  if (!takesDetails && scopes.length === configurationIds.length) {
    return { scope: [...new Set(scopes)].join(' ') }
  }
  const locations =
    metadata.authorization_servers === undefined ? {} : { locations: [metadata.credential_issuer] }
  const details = configurationIds.map((id) => ({
    type: 'openid_credential',
    credential_configuration_id: id,
    ...locations,
  }))
  return { authorization_details: JSON.stringify(details) }
}

async function authorizationUrl(
  client: IssuanceClient,
  parameters: URLSearchParams,
): Promise<string> {
  const { authorization_endpoint, pushed_authorization_request_endpoint } = client.server
  if (authorization_endpoint === undefined) {
    throw new WalletError(
      'authorization_server',
      'the authorization server has no page to sign in at; ask the issuer for another offer.',
    )
  }
  const url = new URL(authorization_endpoint)
  const pushed =
    pushed_authorization_request_endpoint === undefined
      ? parameters
      : new URLSearchParams({
          client_id: parameters.get('client_id') ?? '',
          request_uri: (await client.pushAuthorization(parameters)).request_uri,
        })
  for (const [name, value] of pushed) url.searchParams.set(name, value)
  return url.href
}

/**
 * Takes the answer to a sign-in, once: checks where it came to, `state` and `iss`, and redeems its
 * code.
 *
 * @throws WalletError `sign_in_mismatch`, `grant_refused`; FetchError
 * @see RFC 9207, RFC 9700 §4.4
 */
export async function finishSignIn(
  ground: IssuanceGround,
  redirect: string,
): Promise<{
  readonly client: IssuanceClient
  readonly signIn: SignIn
  readonly answer: TokenEndpointResponse
}> {
  const url = URL.canParse(redirect) ? new URL(redirect) : undefined
  const id = signInId(url?.searchParams.get('state') ?? '')
  const row = await ground.issuanceStore.get('sign-in', id)
  if (url === undefined || row === undefined) throw mismatch()
  if ((row.expires_at ?? 0) <= epochSeconds(ground.clock())) throw mismatch()
  const signIn = openRecord(ground.vault, 'sign-in', row)
  const expected = new URL(signIn.redirectUri)
  if (url.origin !== expected.origin || url.pathname !== expected.pathname) throw mismatch()
  const server = await discoverAuthorizationServer(ground, signIn.authorizationServer)
  const callback = readCallback(server, url, signIn)
  // Of two calls with the same answer one goes on.
  if (!(await ground.issuanceStore.remove(id))) throw mismatch()
  return orForgetKeys(ground, signIn, async () => {
    if (callback instanceof Error) throw callback
    const client = await IssuanceClient.open(ground, server, signIn)
    const { redirectUri, codeVerifier } = signIn
    const answer = await client.redeemCode(callback, { redirectUri, codeVerifier })
    return { client, signIn, answer }
  })
}

/** @returns the server's refusal, if it is truly the server's */
function readCallback(
  server: AuthorizationServer,
  url: URL,
  { clientId, state }: SignIn,
): URLSearchParams | Error {
  try {
    return validateAuthResponse(server, { client_id: clientId ?? '' }, url, state)
  } catch (error) {
    if (error instanceof AuthorizationResponseError) return refusedGrant(error)
    throw mismatch()
  }
}

/** The store learns no state before the sign-in is found by it. */
function signInId(state: string): string {
  return hexOf(hash('sha-256', state))
}

function mismatch(): WalletError {
  return new WalletError(
    'sign_in_mismatch',
    'the answer belongs to no sign-in of this wallet, or comes from another server than the one ' +
      'asked; begin again with the offer.',
  )
}
