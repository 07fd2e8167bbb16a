import type { FreshnessPolicy, Trust } from '@netcert/credential'
import {
  createRequestUrl,
  createUnsignedRequestObject,
  parseQuery,
  type Query,
  REQUEST_OBJECT_MEDIA_TYPE,
  type WalletAnswer,
} from '@netcert/protocol'
import { VerifierError } from './errors.js'
import { readAnswer } from './vp-answer.js'
import { assertQueryJudgeable, judgeAnswer } from './vp-judge.js'
import { createDcApiRequest, type DcApiAsked, type DcApiRequestOptions } from './vp-dc-api.js'
import { encryptionKeyFor } from './vp-encryption-key.js'
import { encodeOutcome, type PresentationResult, refusalOf, walletRefusal } from './vp-outcome.js'
import {
  clientIdOf,
  type RequestIdentity,
  requestMessage,
  signRequest,
} from './vp-request-message.js'
import { deliverResult, returnAddress } from './vp-result.js'
import {
  type ClientKind,
  createVpSession,
  isRandomText,
  randomText,
  type SessionProgress,
  sessionGone,
  type VpSession,
  type VpSessionStore,
} from './vp-session.js'
import {
  type AskedTransaction,
  authorisedTransactions,
  encodeTransactions,
  type TransactionTypes,
} from './vp-transaction.js'

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
  /** What presenting may authorise, by type; nothing unless stated. */
  readonly transactionTypes?: TransactionTypes
}

/** What a request asks, and how. */
export type VpRequestOptions = {
  /** A DCQL query; what is none is refused. */
  readonly query: Query | object
  /** A name for what is asked; the result repeats it. */
  readonly purpose?: string
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
  /** What presenting authorises; of types that the verifier knows. Many wallets know none. */
  readonly transactions?: readonly AskedTransaction[]
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
   *   `sessions_full`, `query_too_large`, `platform_number_unsupported`, `transaction_data_refused`
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
   * @returns Where the wallet leads its holder next.
   * @throws Everything of {@link readAnswer}, and CredentialError with the code of the step that
   *   failed
   */
  answer(options: {
    readonly requestId: string
    readonly members: Readonly<Record<string, unknown>>
  }): Promise<{ readonly redirectUri: string | null }>
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
      return settle(options, session, await readAnswer(session, members))
    },
    progress: async (session) => (isRandomText(session) ? sessions.progress(session) : 'unknown'),
    result: (session, responseCode) => deliverResult(sessions, session, responseCode),
  }
}

async function createRequest(
  options: VpVerifierOptions,
  { clientId: client, mode, requestUriMethod, ...asked }: VpRequestOptions,
): Promise<VpRequest> {
  const { identity, baseUrl, sessions, clock } = options
  const query = parseQuery(asked.query)
  assertQueryJudgeable(query)
  const transactionData = encodeTransactions(options.transactionTypes, query, asked.transactions)
  const encryptionKey = await encryptionKeyFor(mode)
  const session = createVpSession(clock(), (requestId) => {
    const clientId = clientIdOf(client, identity, responseUriOf(baseUrl, requestId))
    const { returnTo = null, purpose = null } = asked
    const common = { query, transactionData, purpose, returnTo, encryptionKey }
    return { clientId, client, audience: clientId, mode, ...common }
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

/** Judges first and settles in one step: a crash between leaves the request open, never half done. */
async function settle(
  options: VpVerifierOptions,
  session: VpSession,
  answer: WalletAnswer,
): Promise<{ readonly redirectUri: string | null }> {
  if (answer.kind === 'error') return settleRefusal(options, session, walletRefusal(answer.error))
  const { trust, freshness, clock, sessions } = options
  const { query, audience, nonce, requestId, returnTo, purpose, transactionData = [] } = session
  const { vpToken } = answer
  const judge = async () => {
    const credentials = await judgeAnswer({
      ...{ trust: await trust(), freshness, now: clock() },
      ...{ query, audience, nonce, vpToken },
    })
    return { credentials, transactions: authorisedTransactions(transactionData, vpToken) }
  }
  const judged = await judge().catch(async (error: unknown) => {
    await settleRefusal(options, session, error)
    throw error
  })
  const responseCode = returnTo === null ? null : randomText()
  const outcome = encodeOutcome({ kind: 'verified', purpose, ...judged })
  const settled = await sessions.settle(requestId, { outcome, responseCode })
  if (settled !== 'settled') throw sessionGone(settled)
  return { redirectUri: returnAddress(returnTo, responseCode) }
}

async function settleRefusal({ sessions }: VpVerifierOptions, session: VpSession, error: unknown) {
  const refusal = refusalOf(error)
  if (refusal === null) throw error
  const settled = await sessions.settle(session.requestId, {
    outcome: encodeOutcome(refusal),
    // A refusal holds nothing to protect; its front end learns of it wherever it waits.
    responseCode: null,
  })
  if (settled !== 'settled') throw sessionGone(settled)
  return { redirectUri: returnAddress(session.returnTo, randomText()) }
}
