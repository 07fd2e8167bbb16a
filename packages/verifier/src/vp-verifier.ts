import type { FreshnessPolicy, Trust } from '@netcert/credential'
import {
  createRequestUrl,
  createUnsignedRequestObject,
  REQUEST_OBJECT_MEDIA_TYPE,
} from '@netcert/protocol'
import { type AccreditedPlatform } from './accredited-platform.js'
import { VerifierError } from './errors.js'
import type { MinorActStore } from './minor-act.js'
import { readAnswer } from './vp-answer.js'
import { prepareAsking, type VpAsked } from './vp-asked.js'
import { createDcApiRequest, type DcApiAsked, type DcApiRequestOptions } from './vp-dc-api.js'
import type { PresentationResult } from './vp-outcome.js'
import {
  clientIdOf,
  type RequestIdentity,
  requestMessage,
  signRequest,
} from './vp-request-message.js'
import { deliverResult } from './vp-result.js'
import { type Settled, settleAnswer } from './vp-settlement.js'
import {
  type ClientKind,
  createVpSession,
  isRandomText,
  type SessionProgress,
  sessionGone,
  type VpSession,
  type VpSessionStore,
} from './vp-session.js'
import { type TransactionTypes } from './vp-transaction.js'

/** What we repeat of a wallet is bounded; so are wallets that read it (OpenID4VP 1.0 §5.10). */
const MAX_WALLET_NONCE = 512

/** Options of {@link createVpVerifier}. Whatever security depends on is required. */
export type VpVerifierOptions = {
  readonly identity: RequestIdentity
  /** Where the wallet-facing addresses begin: `<baseUrl>/request/…`, `<baseUrl>/response/…`. */
  readonly baseUrl: string
  readonly sessions: VpSessionStore
  /** Asked for each answer; return the newest trust you hold. Nothing is fetched here. */
  readonly trust: () => Trust | Promise<Trust>
  readonly clock: () => Date
  readonly freshness: FreshnessPolicy
  /**
   * Asked for each request and answer: whose numbers are opened and what may be asked. null: nobody
   * is accredited, so facts alone are asked.
   */
  readonly platform: () => AccreditedPlatform | null
  /** What presenting may authorise beside netcert's own types. */
  readonly transactionTypes?: TransactionTypes
  /** Where acts of minors wait for their second answer; needed for `createMinorActs` alone. */
  readonly acts?: MinorActStore
}

/** What a request asks, and how. */
export type VpRequestOptions = VpAsked & {
  readonly clientId: ClientKind
  readonly mode: 'direct_post' | 'direct_post.jwt'
  /**
   * Page that a wallet on the same device leads back to. With it the result is released only
   * together with the response code that the wallet brings there; without it, to whoever has the
   * transaction id.
   */
  readonly returnTo?: string
  /** `post` lets a wallet that can send a nonce of its own. Both are always answered. */
  readonly requestUriMethod?: 'get' | 'post'
}

/** A request for a wallet, as a link or QR code. */
export type VpRequest = {
  readonly requestUri: string
  /** The transaction id: for the front end that asked, and nobody else. */
  readonly session: string
  readonly expiresAt: Date
}

/** A verifier that asks wallets over OpenID4VP 1.0. */
export type VpVerifier = {
  /**
   * @throws ProtocolError for a query that is none or cannot be judged; VerifierError `client_unavailable`,
   *   `sessions_full`, `query_too_large`, `over_asking`, `unaccredited`, `transaction_data_refused`;
   *   TypeError for terms that no answer to the query could be held to
   */
  createRequest(options: VpRequestOptions): Promise<VpRequest>
  /** The same for a wallet behind the browser; its answer goes to {@link VpVerifier.answer}. */
  createDcApiRequest(options: DcApiRequestOptions): Promise<DcApiAsked>
  /**
   * The request object behind a `request_uri`, as often as it is asked for until it is answered.
   *
   * @throws VerifierError `session_used`, `session_expired`, `session_unknown`, `request_malformed`
   */
  requestObject(options: {
    readonly requestId: string
    readonly walletNonce: string | null
  }): Promise<{ readonly mediaType: string; readonly body: string }>
  /**
   * Takes a wallet's answer: form members, or the data of the Digital Credentials API. What is no
   * answer to the request leaves it open; what is one ends it, verified or refused.
   *
   * @returns Where the wallet leads its holder next, and the signed receipt for what it disclosed.
   * @throws Everything of {@link readAnswer}; CredentialError with the code of the step that failed;
   *   VerifierError `different_holder`, `presence_too_old`
   */
  answer(options: {
    readonly requestId: string
    readonly members: Readonly<Record<string, unknown>>
  }): Promise<Settled>
  progress(session: string): Promise<SessionProgress>
  /**
   * The result, once.
   *
   * @throws The refusal that the answer met; VerifierError `session_waiting`,
   *   `response_code_wrong`, `result_delivered`, `session_expired`, `session_unknown`,
   *   `wallet_declined`, `wallet_failed`
   */
  result(session: string, responseCode: string | null): Promise<PresentationResult>
}

/** Makes a verifier for wallets. It opens no socket and reads no file of its own accord. */
export function createVpVerifier(options: VpVerifierOptions): VpVerifier {
  const { sessions } = options
  return {
    createRequest: (asked) => createRequest(options, asked),
    createDcApiRequest: (asked) => createDcApiRequest(options, asked),
    requestObject: (asked) => requestObject(options, asked),
    async answer({ requestId, members }) {
      const session = await openSession(sessions, requestId)
      return settleAnswer(options, session, await readAnswer(session, members))
    },
    progress: async (session) => (isRandomText(session) ? sessions.progress(session) : 'unknown'),
    result: (session, responseCode) => deliverResult(sessions, session, responseCode),
  }
}

async function createRequest(
  options: VpVerifierOptions,
  { clientId: client, requestUriMethod, ...asked }: VpRequestOptions,
): Promise<VpRequest> {
  const { identity, baseUrl, sessions, clock } = options
  const now = clock()
  const prepared = await prepareAsking(options, asked, { client, now })
  const session = createVpSession(now, (requestId) => {
    const clientId = clientIdOf(client, identity, responseUriOf(baseUrl, requestId))
    return { ...prepared, clientId, client, audience: clientId, returnTo: asked.returnTo ?? null }
  })
  await sessions.put(session)
  const { id, expiresAt, requestId } = session
  const requestUri =
    client === 'redirect_uri'
      ? createRequestUrl({ request: messageOf(options, session, null) })
      : createRequestUrl({
          clientId: session.audience,
          requestUri: `${baseUrl}/request/${requestId}`,
          ...(requestUriMethod === undefined ? {} : { requestUriMethod }),
        })
  return { requestUri, session: id, expiresAt }
}

async function requestObject(
  options: VpVerifierOptions,
  { requestId, walletNonce }: { readonly requestId: string; readonly walletNonce: string | null },
) {
  if (walletNonce?.length === 0 || (walletNonce?.length ?? 0) > MAX_WALLET_NONCE) {
    throw new VerifierError(
      'request_malformed',
      `a wallet_nonce has 1 to ${MAX_WALLET_NONCE} characters.`,
    )
  }
  const session = await openSession(options.sessions, requestId)
  if (session.mode.startsWith('dc_api')) throw sessionGone('unknown')
  const request = messageOf(options, session, walletNonce)
  const body =
    session.client === 'redirect_uri'
      ? createUnsignedRequestObject(request)
      : await signRequest(session, request, { identity: options.identity, now: options.clock() })
  return { mediaType: REQUEST_OBJECT_MEDIA_TYPE, body }
}

function messageOf(options: VpVerifierOptions, session: VpSession, walletNonce: string | null) {
  const responseUri = responseUriOf(options.baseUrl, session.requestId)
  return requestMessage(session, { responseUri, walletNonce, origin: null })
}

function responseUriOf(baseUrl: string, requestId: string): string {
  return `${baseUrl}/response/${requestId}`
}

async function openSession(sessions: VpSessionStore, requestId: string): Promise<VpSession> {
  if (!isRandomText(requestId)) throw sessionGone('unknown')
  const found = await sessions.find(requestId)
  if (found.state !== 'open') throw sessionGone(found.state)
  return found.session
}
