import { type IssuerMetadata, PRE_AUTHORIZED_GRANT } from '@netcert/protocol'
import type { TokenEndpointResponse } from 'oauth4webapi'
import type { CertificateSummary } from './certificate-summary.js'
import { WalletError } from './errors.js'
import { IssuanceClient } from './vci-client.js'
import { authorizationServersOf, discoverIssuer, findAuthorizationServer } from './vci-discovery.js'
import { fetchCertificate } from './vci-fetching.js'
import { OpenGrant } from './vci-grant.js'
import { orForgetKeys } from './vci-grant-keys.js'
import type { IssuanceGround } from './vci-ground.js'
import { reportDeletion, stopRenewing } from './vci-notification.js'
import { agree, type OfferConsent, planOffer, readOffer, receiveQuestion } from './vci-offer.js'
import { renewPlatformCopies } from './platform-copies.js'
import { forgetHoldingOf } from './platform-holdings.js'
import { forgetRevoked } from './revoked-copies.js'
import { createParty, requestsOf, tokensOf } from './vci-party.js'
import { copiesOf } from './vci-proofs.js'
import { type HeldWard, isFetchedForAct, listWards, noteWards } from './ward-records.js'
import { type RenewalReport, renew, schedule } from './vci-renewal.js'
import { beginSignIn, finishSignIn } from './vci-sign-in.js'

export type ReceiveOfferOptions = {
  /** `openid-credential-offer://…`, `haip-vci://…`, or an https link with an offer. */
  readonly offer: string
  /**
   * Where the offer asks for one; it reached the citizen another way. A function is asked once that is
   * known, and the citizen agreed.
   */
  readonly txCode?: string | (() => string)
  /** Copies of each certificate; ten, or as many as the issuer signs at once. */
  readonly batch?: number
  /** Where the browser comes back to after a sign-in. */
  readonly redirectUri?: string
  readonly consent: OfferConsent
}

/** What an offer brought. */
export type ReceivedOffer = {
  readonly kind: 'received'
  readonly certificates: readonly CertificateSummary[]
  /** Put off by the issuer: `pollDeferred` asks again. */
  readonly deferred: readonly { readonly configurationId: string; readonly retryAt: Date }[]
  /** Not received, while others were; with the code of the error. */
  readonly failed: readonly { readonly configurationId: string; readonly code: string }[]
  /** Children it is about, and what for; a guardianship is fetched when an act needs one. */
  readonly wards: readonly (HeldWard & { readonly configurationId: string })[]
}

/** Or the address at which the citizen signs in first; `continueOffer` goes on from there. */
export type OfferOutcome = ReceivedOffer | { readonly kind: 'sign-in'; readonly url: string }

const DEFAULT_REDIRECT_URI = 'http://127.0.0.1/netcert-wallet'

/** Takes up a credential offer (OpenID4VCI 1.0). */
export async function receiveOffer(
  ground: IssuanceGround,
  options: ReceiveOfferOptions,
): Promise<OfferOutcome> {
  const { consent, batch = null, redirectUri = DEFAULT_REDIRECT_URI } = options
  const offer = await readOffer(ground, options.offer, consent)
  const metadata = await discoverIssuer(ground, offer.credential_issuer)
  const plan = planOffer(offer, metadata, ground.provider !== null)
  const server = await findAuthorizationServer(ground, {
    candidates: authorizationServersOf(metadata, offer.grants),
    grantType: plan.preAuthorized === null ? 'authorization_code' : PRE_AUTHORIZED_GRANT,
    mayAsk: async (identifier) => {
      const { host } = new URL(identifier)
      if (host === new URL(offer.credential_issuer).host) return
      await agree(consent, { kind: 'contact', host, why: 'server' })
    },
  })
  await agree(consent, receiveQuestion(plan, metadata, server.issuer))
  // Without trust nothing could be taken in, and the code would be spent for nothing.
  await ground.trust()
  const { preAuthorized } = plan
  const form = preAuthorized === null ? null : codeForm(preAuthorized, givenCode(options))
  const party = await createParty(ground, server, {
    issuer: metadata.credential_issuer,
    isPreAuthorized: form !== null,
  })
  const begun = await orForgetKeys(ground, party, async () => {
    const client = await IssuanceClient.open(ground, server, party)
    if (form === null) return beginSignIn(ground, client, { metadata, plan, redirectUri, batch })
    const answer = await client.requestToken(PRE_AUTHORIZED_GRANT, form)
    const wanted = plan.configurationIds
    return beginGrant(ground, { client, metadata, answer, batch, wanted })
  })
  return typeof begun === 'string' ? { kind: 'sign-in', url: begun } : fetchAll(ground, begun)
}

/** Goes on after a sign-in, with the address the browser came back to. */
export async function continueOffer(
  ground: IssuanceGround,
  options: { readonly redirect: string },
): Promise<ReceivedOffer> {
  // Without trust nothing could be taken in, and the sign-in would be spent for nothing.
  await ground.trust()
  const { client, signIn, answer } = await finishSignIn(ground, options.redirect)
  const grant = await orForgetKeys(ground, signIn, async () => {
    const metadata = await discoverIssuer(ground, signIn.issuer)
    const { batch, configurationIds: wanted } = signIn
    return beginGrant(ground, { client, metadata, answer, batch, wanted })
  })
  return fetchAll(ground, grant)
}

/** Renews what is due by the wallet's own schedule, and at once what has run out or was revoked. */
export async function refill(ground: IssuanceGround): Promise<readonly RenewalReport[]> {
  await forgetRevoked(ground)
  const renewed = await renew(ground)
  return [...renewed, ...(await renewPlatformCopies(ground))]
}

/** Deletes a certificate with its copies and keys, and tells an issuer that asked to be told. */
export async function forget(ground: IssuanceGround, batchId: string): Promise<void> {
  await reportDeletion(ground, batchId)
  await stopRenewing(ground, batchId)
  await forgetHoldingOf(ground, batchId)
  await ground.issuanceStore.forgetBatch(batchId)
}

async function beginGrant(
  ground: IssuanceGround,
  options: {
    readonly client: IssuanceClient
    readonly metadata: IssuerMetadata
    readonly answer: TokenEndpointResponse
    readonly batch: number | null
    readonly wanted: readonly string[]
  },
): Promise<OpenGrant> {
  const { client, metadata, answer, batch } = options
  const copies = copiesOf(metadata, batch)
  const wanted = options.wanted.map((configurationId) => ({ configurationId, copies }))
  const tokens = tokensOf(answer, client.party, ground.clock())
  const requests = await noteWards(ground, metadata, requestsOf(answer, wanted))
  return OpenGrant.begin(ground, {
    client,
    metadata,
    grant: { ...client.party, tokens, requests },
  })
}

async function fetchAll(ground: IssuanceGround, grant: OpenGrant): Promise<ReceivedOffer> {
  const outcome = await fetchEach(ground, grant)
  await schedule(ground, grant)
  return outcome
}

/** @throws the first error when nothing else came of it; then the grant is forgotten, too. */
async function fetchEach(ground: IssuanceGround, grant: OpenGrant): Promise<ReceivedOffer> {
  const certificates: CertificateSummary[] = []
  const deferred: { configurationId: string; retryAt: Date }[] = []
  const failed: { configurationId: string; code: string }[] = []
  let firstError: Error | undefined
  for (const request of grant.requests) {
    const { configurationId } = request
    if (isFetchedForAct(request.vct)) continue
    try {
      const fetched = await fetchCertificate(ground, grant, request)
      if (fetched.kind === 'received') certificates.push(fetched.certificate)
      else deferred.push({ configurationId, retryAt: fetched.retryAt })
    } catch (error) {
      firstError ??= error instanceof Error ? error : new TypeError(String(error))
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'fault'
      failed.push({ configurationId, code })
    }
  }
  if (certificates.length + deferred.length === 0 && firstError !== undefined) {
    await grant.forget()
    throw firstError
  }
  const known = new Map((await listWards(ground)).map((ward) => [ward.id, ward]))
  const wards = grant.requests.flatMap(({ ward = '', configurationId }) => {
    const held = known.get(ward)
    return held === undefined ? [] : [{ ...held, configurationId }]
  })
  return { kind: 'received', certificates, deferred, failed, wards }
}

function givenCode({ txCode }: ReceiveOfferOptions): string | undefined {
  return typeof txCode === 'function' ? txCode() : txCode
}

/** @throws WalletError `tx_code_missing` */
function codeForm(
  preAuthorized: { readonly code: string; readonly transactionCode: object | null },
  txCode: string | undefined,
): URLSearchParams {
  const form = new URLSearchParams({ 'pre-authorized_code': preAuthorized.code })
  // A code that the offer does not ask for would be refused (OpenID4VCI 1.0 §6.3).
  if (preAuthorized.transactionCode === null) return form
  if (txCode === undefined || txCode === '') {
    throw new WalletError(
      'tx_code_missing',
      'the offer needs the transaction code that the issuer sent another way; give it, too.',
    )
  }
  form.set('tx_code', txCode)
  return form
}
