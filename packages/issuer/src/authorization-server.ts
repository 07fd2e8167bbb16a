import type { IncomingMessage, ServerResponse } from 'node:http'
import Provider, { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider'
import * as grants from 'oidc-provider/lib/helpers/grants.js'
import type { AttestedRequests } from './as-attested-requests.js'
import { getGrantFacts } from './as-grant-facts.js'
import { createInteractions, type Interactions } from './as-interactions.js'
import { AS_ROUTES, COOKIES, LIFETIMES } from './as-lifetimes.js'
import type { LoginPage } from './as-login-pages.js'
import type { WardGrants } from './minors/ward-grants.js'
import type { OfferBook } from './as-offers.js'
import {
  PRE_AUTHORIZED_PARAMETERS,
  preAuthorizedGrant,
  resourceServerOf,
} from './as-pre-authorized-grant.js'
import { createRecordAdapter } from './as-record-adapter.js'
import { richRequests } from './as-rich-requests.js'
import type { RecordStore } from './as-record-store.js'
import { isRedirectUri, PRE_AUTHORIZED_GRANT } from './as-wallet-client.js'

export type AuthorizationServerOptions = {
  /** Issuer identifier of the credential issuer, and so of its authorization server. */
  readonly issuer: string
  /** Configuration identifiers; each is its own scope. */
  readonly configurationIds: readonly string[]
  readonly records: RecordStore
  readonly offers: OfferBook
  readonly wards: WardGrants
  readonly attested: AttestedRequests
  readonly secrets: {
    readonly cookies: string
    /** 32 bytes. */
    readonly dpopNonces: Uint8Array
  }
  readonly errorPage: (description: string) => LoginPage
  /** A failure of our own: its code or name, never what was sent. */
  readonly onFailure: (error: unknown) => void
}

export type AuthorizationServer = Interactions & {
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void
}

/**
 * The authorization server (OAuth 2.0 with PAR, PKCE, DPoP and rich authorization requests), as
 * OpenID4VCI 1.0 §5 and §6 and FAPI 2.0 want it. It is oidc-provider; what is ours is the
 * storage, the pre-authorized grant and the policy.
 */
export async function createAuthorizationServer(
  options: AuthorizationServerOptions,
): Promise<AuthorizationServer> {
  const provider = new Provider(options.issuer, await configurationOf(options))
  // Host and protocol are ours: the express app before has replaced both by the configured ones.
  provider.proxy = true
  provider.silent = true
  // Wallets are not registered, so neither is where they are sent back to (docs/decisions/0082).
  Object.defineProperty(provider.Client.prototype, 'redirectUriAllowed', {
    value: (uri: unknown) => typeof uri === 'string' && isRedirectUri(uri),
  })
  const { records, offers, wards, attested, issuer } = options
  provider.registerGrantType(
    PRE_AUTHORIZED_GRANT,
    preAuthorizedGrant({ provider, grants, errors, offers, wards, records, attested, issuer }),
    PRE_AUTHORIZED_PARAMETERS,
  )
  provider.on('server_error', (_ctx, error) => options.onFailure(error))
  const handle = provider.callback()
  return {
    handle: (request, response) => void handle(request, response),
    ...createInteractions({ provider, records, wards, issuer }),
  }
}

async function configurationOf(options: AuthorizationServerOptions): Promise<Configuration> {
  const { issuer, records } = options
  return {
    ...formOf(options),
    adapter: createRecordAdapter({ records, usedBefore }),
    clientAuthMethods: ['none'],
    clientBasedCORS: () => true,
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    allowOmittingSingleRegisteredRedirectUri: false,
    enabledJWA: { dPoPSigningAlgValues: ['ES256', 'EdDSA'] },
    extraParams: ['issuer_state', 'attestation_jkt', 'wallet_name'],
    extraTokenClaims: (ctx, token) => tokenFacts(options, ctx, token),
    features: featuresOf(options),
    findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    // Consent is for one request: without it a second one with the person's cookie would pass.
    loadExistingGrant: (ctx) => consentedGrant(ctx),
    interactions: { url: (_ctx, { uid }) => `${issuer}/login/${uid}` },
    issueRefreshToken: (ctx, client) =>
      ctx.get('dpop') !== '' && client.grantTypeAllowed('refresh_token'),
    jwks: { keys: [await unusedSigningKey()] },
    expiresWithSession: () => false,
    pkce: { required: () => true },
    responseTypes: ['code'],
    rotateRefreshToken: true,
    routes: {
      authorization: AS_ROUTES.authorization,
      pushed_authorization_request: AS_ROUTES.par,
      token: AS_ROUTES.token,
    },
    scopes: [],
  }
}

/** Cookies, ends and pages. */
function formOf({ secrets, errorPage }: AuthorizationServerOptions): Configuration {
  return {
    cookies: {
      keys: [secrets.cookies],
      names: COOKIES,
      long: { httpOnly: true, sameSite: 'lax' },
      short: { httpOnly: true, sameSite: 'lax' },
    },
    renderError: (ctx, out) => {
      const { html, policy } = errorPage(out.error_description ?? out.error)
      ctx.set('content-security-policy', policy)
      ctx.type = 'html'
      ctx.body = html
    },
    ttl: {
      AccessToken: LIFETIMES.accessToken,
      AuthorizationCode: LIFETIMES.authorizationCode,
      Grant: LIFETIMES.grant,
      Interaction: LIFETIMES.interaction,
      RefreshToken: LIFETIMES.refreshToken,
      Session: LIFETIMES.session,
    },
  }
}

function featuresOf(options: AuthorizationServerOptions): NonNullable<Configuration['features']> {
  const { issuer, configurationIds, secrets } = options
  return {
    devInteractions: { enabled: false },
    userinfo: { enabled: false },
    rpInitiatedLogout: { enabled: false },
    dPoP: {
      enabled: true,
      nonceSecret: Buffer.from(secrets.dpopNonces),
      requireNonce: () => true,
    },
    pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => issuer,
      useGrantedResource: () => true,
      getResourceServerInfo: (_ctx, resource) => {
        if (resource !== issuer) throw new errors.InvalidTarget('the resource is not served here')
        return resourceServerOf(issuer, configurationIds.join(' '))
      },
    },
    richAuthorizationRequests: richRequests({ ...options, errors }),
  }
}

/** What goes into an access token beside what the library puts there. */
async function tokenFacts(
  { records, attested }: AuthorizationServerOptions,
  ctx: KoaContextWithOIDC,
  token: object,
): Promise<{ offer: string | null; attested: boolean }> {
  const grantId = 'grantId' in token ? String(token.grantId) : ''
  const { offer, attestationJkt } = await getGrantFacts(records, grantId)
  // Attestation-Based Client Authentication §8: the same wallet instance all the way.
  if (attestationJkt !== null && attested.get(ctx.req)?.jkt !== attestationJkt) {
    throw new errors.InvalidGrant('the grant belongs to another wallet instance')
  }
  return { offer, attested: attestationJkt !== null }
}

function consentedGrant(ctx: KoaContextWithOIDC) {
  const grantId = ctx.oidc.result?.consent?.grantId
  return grantId === undefined ? undefined : ctx.oidc.provider.Grant.find(grantId)
}

function usedBefore(model: string): Error {
  if (model === 'ReplayDetection') return new errors.InvalidDpopProof('the proof was used before')
  if (model === 'PushedAuthorizationRequest') {
    return new errors.InvalidRequestUri('the request_uri was used before')
  }
  return new errors.InvalidGrant('the grant was used before')
}

/** The library insists on a key for ID tokens. None are ever made: the key is forgotten on exit. */
async function unusedSigningKey(): Promise<JsonWebKey & { kty: 'EC' }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const { privateKey } = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const { crv, x, y, d } = await crypto.subtle.exportKey('jwk', privateKey)
  return { kty: 'EC', crv, x, y, d, alg: 'ES256', use: 'sig' } as JsonWebKey & { kty: 'EC' }
}
