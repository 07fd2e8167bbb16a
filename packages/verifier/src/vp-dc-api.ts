import {
  createSignedDcApiRequest,
  createUnsignedDcApiRequest,
  type DcApiRequest,
  originAudience,
  parseQuery,
  type Query,
} from '@netcert/protocol'
import { VerifierError } from './errors.js'
import { encryptionKeyFor } from './vp-encryption-key.js'
import { assertQueryJudgeable } from './vp-judge.js'
import {
  clientIdOf,
  type RequestIdentity,
  requestMessage,
  signRequest,
} from './vp-request-message.js'
import { type ClientKind, createVpSession, type VpSessionStore } from './vp-session.js'
import {
  type AskedTransaction,
  encodeTransactions,
  type TransactionTypes,
} from './vp-transaction.js'

/** What is asked of a wallet behind the browser. */
export type DcApiRequestOptions = {
  /** A DCQL query; what is none is refused. */
  readonly query: Query | object
  /** A name for what is asked; the result repeats it. */
  readonly purpose?: string
  /** The page that will ask, for example `https://shop.example`; the wallet signs it. */
  readonly origin: string
  readonly mode: 'dc_api' | 'dc_api.jwt'
  /** Who signs the request; null: nobody, the origin alone stands for the verifier. */
  readonly clientId: Exclude<ClientKind, 'redirect_uri'> | null
  /** What presenting authorises; of types that the verifier knows. */
  readonly transactions?: readonly AskedTransaction[]
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
    readonly transactionTypes?: TransactionTypes
  },
  { purpose, origin, mode, clientId: signedAs, ...asked }: DcApiRequestOptions,
): Promise<DcApiAsked> {
  const { identity, baseUrl, sessions, clock } = options
  const query = parseQuery(asked.query)
  assertQueryJudgeable(query)
  const transactionData = encodeTransactions(options.transactionTypes, query, asked.transactions)
  assertOrigin(origin)
  const encryptionKey = await encryptionKeyFor(mode)
  const clientId = signedAs === null ? null : clientIdOf(signedAs, identity, baseUrl)
  const now = clock()
  const session = createVpSession(now, () => ({
    clientId,
    client: signedAs ?? 'origin',
    audience: originAudience(origin),
    mode,
    query,
    transactionData,
    purpose: purpose ?? null,
    returnTo: null,
    encryptionKey,
  }))
  await sessions.put(session)
  const message = requestMessage(session, { responseUri: null, walletNonce: null, origin })
  const request =
    signedAs === null
      ? createUnsignedDcApiRequest(message)
      : createSignedDcApiRequest(await signRequest(session, message, { identity, now }))
  const { id, requestId, expiresAt } = session
  return { request, requestId, session: id, expiresAt }
}

function assertOrigin(origin: string): void {
  if (URL.canParse(origin) && new URL(origin).origin === origin) return
  throw new VerifierError('base_url', 'an origin is scheme, host and port, and nothing else.')
}
