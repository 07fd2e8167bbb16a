import { epochSeconds } from '@netcert/credential'
import { ProtocolError } from '@netcert/protocol'
import type { VerifiedAccessToken } from './as-access-token.js'
import { IssuerError } from './issuer-error.js'
import { answerDeferredRequest } from './vci-deferred.js'
import type { CredentialIssuerRouterOptions } from './vci-http.js'
import { answerCredentialRequest, type IssuanceParts, takeNotification } from './vci-issuance.js'
import { createIssuanceStore, type IssuanceStore } from './vci-issuance-store.js'
import { createNonceMint } from './vci-nonce.js'
import { createNonceRoom, NONCE_CAPACITY } from './vci-nonce-room.js'
import type { RequestKeys } from './vci-request-keys.js'
import {
  type ReceivedBody,
  readOutline,
  readRequest,
  readResponseEncryption,
  renderAnswer,
} from './vci-request.js'

export type EndpointAnswer = {
  readonly status: number
  /** `null` where there is no body. */
  readonly contentType: string | null
  readonly text: string
  /** What is to be done once the answer has left. */
  readonly sent?: () => Promise<void>
}

export type Endpoint =
  | { readonly needsToken: false; readonly answer: () => Promise<EndpointAnswer> }
  | {
      readonly needsToken: true
      readonly answer: (token: VerifiedAccessToken, body: ReceivedBody) => Promise<EndpointAnswer>
    }

type Parts = Omit<CredentialIssuerRouterOptions, 'verifyAccessToken' | 'tokenChallenge'> & {
  readonly baseUrl: string
  readonly requestKeys: RequestKeys
}

/** What is no longer wanted is thrown away at most that often. */
const SWEEP_SECONDS = 600
/** Kept beyond their end, against clocks that differ between processes. */
const KEPT_SECONDS = 600

/** The endpoints by their path below the base URL. */
export function createCredentialEndpoints(options: Parts): ReadonlyMap<string, Endpoint> {
  const { ground, issuer, offers, baseUrl, requestKeys: keys } = options
  const { vault, clock, database } = ground
  const store = sweeping(createIssuanceStore(database), clock)
  const nonces = createNonceMint(vault.deriveKey('netcert/vci/nonce/v1'))
  const { isDeferred } = offers
  const { keyAttesters } = options
  const parts = { issuer, store, vault, nonces, baseUrl, clock, keyAttesters, isDeferred }
  const nonce = async () => answerOf(200, { c_nonce: nonces.create(clock()) })
  return new Map<string, Endpoint>([
    ['/nonce', { needsToken: false, answer: nonce }],
    ['/credential', { needsToken: true, answer: credential(parts, keys) }],
    ['/deferred-credential', { needsToken: true, answer: deferred(parts, keys) }],
    ['/notification', { needsToken: true, answer: notification(parts, keys) }],
  ])
}

type Answering = Extract<Endpoint, { needsToken: true }>['answer']

function credential(parts: IssuanceParts, keys: RequestKeys): Answering {
  return async (token, body) => {
    const read = await readRequest(body, keys)
    const request = readOutline(read)
    const encryption = readResponseEncryption(read)
    const answer = await answerCredentialRequest(parts, token, request)
    const rendered = await renderAnswer(answer, encryption)
    return { status: 'credentials' in answer ? 200 : 202, ...rendered }
  }
}

function deferred(parts: IssuanceParts, keys: RequestKeys): Answering {
  return async (token, body) => {
    const read = await readRequest(body, keys)
    const encryption = readResponseEncryption(read)
    const { response, delivered } = await answerDeferredRequest(parts, token, read.message)
    const rendered = await renderAnswer(response, encryption)
    return { status: 'credentials' in response ? 200 : 202, ...rendered, sent: delivered }
  }
}

function notification(parts: IssuanceParts, keys: RequestKeys): Answering {
  return async (token, body) => {
    const { message } = await readRequest(body, keys).catch((cause: unknown) => {
      if (!(cause instanceof ProtocolError || cause instanceof IssuerError)) throw cause
      const text = 'A notification is a JSON object, sent as application/json.'
      throw new IssuerError('invalid_notification_request', text, { cause })
    })
    await takeNotification(parts, token, message)
    return { status: 204, contentType: null, text: '' }
  }
}

function answerOf(status: number, message: object): EndpointAnswer {
  return { status, contentType: 'application/json', text: JSON.stringify(message) }
}

/** Sweeps now and then while it is used; a sweep that fails is made up for by the next. */
function sweeping(store: IssuanceStore, clock: () => Date): IssuanceStore {
  let next = 0
  const room = createNonceRoom(() => store.countNonces(NONCE_CAPACITY))
  return {
    ...store,
    async isNonceUsed(hash) {
      const at = epochSeconds(clock())
      if (at >= next) {
        next = at + SWEEP_SECONDS
        void store.deleteExpired(at - KEPT_SECONDS).catch(() => {})
      }
      const used = await store.isNonceUsed(hash)
      // Whoever asks is about to use it, and it is kept until nobody could use it again.
      if (!used) await room.take(clock())
      return used
    },
  }
}
