import {
  createSignedDcApiRequest,
  createUnsignedDcApiRequest,
  type DcApiRequest,
  originAudience,
} from '@netcert/protocol'
import { type AccreditedPlatform } from './accredited-platform.js'
import { VerifierError } from './errors.js'
import { prepareAsking, type VpAsked } from './vp-asked.js'
import {
  clientIdOf,
  type RequestIdentity,
  requestMessage,
  signRequest,
} from './vp-request-message.js'
import {
  type ClientKind,
  createVpSession,
  type VpSession,
  type VpSessionStore,
} from './vp-session.js'
import { type TransactionTypes } from './vp-transaction.js'

/** What is asked of a wallet behind the browser. */
export type DcApiRequestOptions = VpAsked & {
  /** The page that will ask, for example `https://shop.example`; the wallet signs it. */
  readonly origin: string
  readonly mode: 'dc_api' | 'dc_api.jwt'
  /** Who signs the request; null: nobody, the origin alone stands for the verifier. */
  readonly clientId: Exclude<ClientKind, 'redirect_uri'> | null
}

/** A request for `navigator.credentials.get({ digital: { requests: [request] } })`. */
export type DcApiAsked = {
  readonly request: DcApiRequest
  /** Names the request when its answer is handed in. */
  readonly requestId: string
  /** The transaction id. */
  readonly session: string
  readonly expiresAt: Date
}

/**
 * Asks over the Digital Credentials API. The answer is bound to the origin, signed request or not.
 *
 * @throws As `createRequest`, and TypeError for an origin that is none
 * @see OpenID4VP 1.0 Appendix A
 */
export async function createDcApiRequest(
  options: {
    readonly identity: RequestIdentity
    readonly baseUrl: string
    readonly sessions: VpSessionStore
    readonly clock: () => Date
    readonly platform: () => AccreditedPlatform | null
    readonly transactionTypes?: TransactionTypes
  },
  { origin, clientId: signedAs, ...asked }: DcApiRequestOptions,
): Promise<DcApiAsked> {
  const { identity, baseUrl, sessions, clock } = options
  assertOrigin(origin)
  const now = clock()
  const prepared = await prepareAsking(options, asked, { client: signedAs, now })
  const clientId = signedAs === null ? null : clientIdOf(signedAs, identity, baseUrl)
  const session = createVpSession(now, () => ({
    ...prepared,
    clientId,
    client: signedAs ?? 'origin',
    audience: originAudience(origin),
    returnTo: null,
  }))
  await sessions.put(session)
  const request = await dcApiRequestOf(session, { identity, origin, now })
  const { id, requestId, expiresAt } = session
  return { request, requestId, session: id, expiresAt }
}

async function dcApiRequestOf(
  session: VpSession,
  options: { readonly identity: RequestIdentity; readonly origin: string; readonly now: Date },
): Promise<DcApiRequest> {
  const { origin } = options
  const message = requestMessage(session, { responseUri: null, walletNonce: null, origin })
  return session.client === 'origin'
    ? createUnsignedDcApiRequest(message)
    : createSignedDcApiRequest(await signRequest(session, message, options))
}

function assertOrigin(origin: string): void {
  if (URL.canParse(origin) && new URL(origin).origin === origin) return
  throw new VerifierError('base_url', 'an origin is scheme, host and port, and nothing else.')
}
