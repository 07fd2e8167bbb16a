import type Provider from 'oidc-provider'
import type { errors, TokenEndpointGrantContext } from 'oidc-provider'
import type * as Grants from 'oidc-provider/lib/helpers/grants.js'
import type { AttestedRequests } from './as-attested-requests.js'
import {
  detailedIds,
  grantedDetails,
  keptDetails,
  requestedIds,
} from './as-authorization-details.js'
import { putGrantFacts } from './as-grant-facts.js'
import { LIFETIMES } from './as-lifetimes.js'
import { OFFER_REFUSALS, type OfferBook, type OfferRedemption } from './as-offers.js'
import { recordHash, type RecordStore } from './as-record-store.js'
import { IssuerError } from './issuer-error.js'
import type { WardGrants } from './minors/ward-grants.js'
import { addressOf } from './request-address.js'

export type PreAuthorizedParameters = {
  readonly 'pre-authorized_code'?: string | undefined
  readonly tx_code?: string | undefined
}

/** What the grant reads at the token endpoint. @see OpenID4VCI 1.0 §6.1 */
export const PRE_AUTHORIZED_PARAMETERS = ['pre-authorized_code', 'tx_code', 'authorization_details']

type Context = TokenEndpointGrantContext<PreAuthorizedParameters>

/** What the grant is made of; the library's parts are handed in by authorization-server.ts. */
export type PreAuthorizedGrantParts = {
  readonly provider: Provider
  readonly grants: typeof Grants
  readonly errors: typeof errors
  readonly offers: OfferBook
  readonly wards: WardGrants
  readonly records: RecordStore
  readonly attested: AttestedRequests
  readonly issuer: string
}

/**
 * The pre-authorized code grant (OpenID4VCI §6.1). Whatever can be refused without the code is
 * refused before it is redeemed, so that a mistake does not burn it.
 */
export function preAuthorizedGrant(
  parts: PreAuthorizedGrantParts,
): (ctx: Context) => Promise<void> {
  const { provider, grants, errors } = parts
  return async (ctx) => {
    const { 'pre-authorized_code': code, tx_code: txCode } = ctx.oidc.params
    if (code === undefined || code === '') {
      throw new errors.InvalidRequest("missing required parameter 'pre-authorized_code'")
    }
    const proof = await grants.validateDpop(provider, ctx)
    const { clientId } = ctx.oidc.client
    await grants.checkDpopReplay(provider, ctx, proof, clientId)
    const address = addressOf(ctx.req)
    const redemption = await parts.offers
      .redeemPreAuthorizedCode({ code, txCode, address })
      .catch((error: unknown) => refuse(parts, ctx, error))
    await respond(parts, ctx, { redemption, jkt: proof?.thumbprint })
  }
}

function refuse({ errors }: PreAuthorizedGrantParts, ctx: Context, error: unknown): never {
  const answer = error instanceof IssuerError ? OFFER_REFUSALS[error.code] : undefined
  if (answer === 'invalid_grant') {
    throw new errors.InvalidGrant('the pre-authorized code or the tx_code is not valid')
  }
  if (answer === 'invalid_request') {
    throw new errors.InvalidRequest('tx_code is missing or not expected')
  }
  if (answer === 'busy') {
    // Attempts are counted by the minute.
    ctx.set('retry-after', '60')
    throw new errors.CustomOIDCProviderError('slow_down', 'too many attempts; try again later')
  }
  throw error
}

type Answering = { readonly redemption: OfferRedemption; readonly jkt: string | undefined }

async function respond(
  parts: PreAuthorizedGrantParts,
  ctx: Context,
  { redemption, jkt }: Answering,
): Promise<void> {
  const { provider, grants, issuer } = parts
  const { client } = ctx.oidc
  const accountId = redemption.citizen
  const grantId = await saveGrant(parts, ctx, redemption)
  const scope = redemption.configurationIds.join(' ')
  const asked = detailedIds(requestedIds(ctx.oidc.params.authorization_details), scope)
  const detailed = asked.filter((id) => redemption.configurationIds.includes(id))
  const token = new provider.AccessToken({ accountId, client, grantId, gty: GRANT_NAME })
  token.resourceServer = new provider.ResourceServer(issuer, resourceServerOf(issuer, scope))
  token.scope = scope
  if (jkt !== undefined) token.setThumbprint('jkt', jkt)
  const details = grantedDetails(detailed, await parts.wards.identifiersOf(recordHash(grantId)))
  if (details.length > 0) token.rar = details
  const accessToken = await token.save()
  const refreshToken =
    jkt === undefined
      ? undefined
      : await refreshTokenOf(parts, ctx, { accountId, grantId, scope, token, detailed })
  ctx.body = grants.buildTokenResponse(provider, {
    accessToken,
    tokenType: token.tokenType,
    expiresIn: token.expiration,
    refreshToken,
    scope,
    authorizationDetails: token.rar,
  })
}

const GRANT_NAME = 'pre_authorized_code'

/** How the credential endpoints look to the library: one resource, opaque tokens. */
export function resourceServerOf(issuer: string, scope: string) {
  return {
    scope,
    audience: issuer,
    accessTokenTTL: LIFETIMES.accessToken,
    accessTokenFormat: 'opaque' as const,
  }
}

async function saveGrant(
  { provider, records, wards, attested, issuer }: PreAuthorizedGrantParts,
  ctx: Context,
  redemption: OfferRedemption,
): Promise<string> {
  const { clientId } = ctx.oidc.client
  const grant = new provider.Grant({ accountId: redemption.citizen, clientId })
  grant.addResourceScope(issuer, redemption.configurationIds.join(' '))
  const grantId = await grant.save()
  const attestationJkt = attested.get(ctx.req)?.jkt ?? null
  const facts = { offer: redemption.offer, attestationJkt }
  const lifetimeSeconds = LIFETIMES.grant
  await putGrantFacts(records, { grantId, facts, lifetimeSeconds, now: new Date() })
  const { citizen: guardian, ward, configurationIds } = redemption
  const granted = { grantId: recordHash(grantId), lifetimeSeconds }
  if (ward !== null) await wards.put(granted, { guardian, ward, configurationIds })
  return grantId
}

type Refreshing = {
  readonly accountId: string
  readonly grantId: string
  readonly scope: string
  readonly token: InstanceType<Provider['AccessToken']>
  readonly detailed: readonly string[]
}

async function refreshTokenOf(
  { provider, grants, issuer }: PreAuthorizedGrantParts,
  ctx: Context,
  { accountId, grantId, scope, token, detailed }: Refreshing,
): Promise<string> {
  const refreshToken = new provider.RefreshToken({
    accountId,
    client: ctx.oidc.client,
    grantId,
    gty: GRANT_NAME,
    rotations: 0,
    scope,
    resource: issuer,
    ...(detailed.length === 0 ? {} : { rar: keptDetails(detailed) }),
  })
  await grants.applyRefreshTokenBindings(provider, ctx, token, refreshToken)
  return refreshToken.save()
}
