import { ProtocolError } from '@netcert/protocol'
import type { VerifiedAccessToken } from './as-access-token.js'
import { createDeviceStore } from './ending/device-store.js'
import { takeOwnPause } from './ending/own-pause-request.js'
import type { Issuer } from './issuer.js'
import { IssuerError } from './issuer-error.js'
import { takeWardPause } from './minors/ward-pause-request.js'
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

/** The endpoints by their path below the base URL. */
export function createCredentialEndpoints(options: Parts): ReadonlyMap<string, Endpoint> {
  const { ground, issuer, offers, baseUrl, requestKeys: keys } = options
  const { vault, clock, database } = ground
  const store = bounded(createIssuanceStore(database), clock)
  const nonces = createNonceMint(vault.deriveKey('netcert/vci/nonce/v1'))
  const { isDeferred } = offers
  const { keyAttesters } = options
  const wards = issuer.minors.grants
  const devices = createDeviceStore(database)
  const base = { issuer, wards, devices, store, vault, nonces, baseUrl, clock }
  const parts = { ...base, keyAttesters, isDeferred }
  const nonce = async () => answerOf(200, { c_nonce: nonces.create(clock()) })
  return new Map<string, Endpoint>([
    ['/nonce', { needsToken: false, answer: nonce }],
    ['/credential', { needsToken: true, answer: credential(parts, keys) }],
    ['/deferred-credential', { needsToken: true, answer: deferred(parts, keys) }],
    ['/notification', { needsToken: true, answer: notification(parts, keys) }],
    ['/pause', { needsToken: true, answer: ownPause(issuer, keys) }],
    ['/ward-pause', { needsToken: true, answer: wardPause(issuer, keys) }],
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

function ownPause({ ending }: Pick<Issuer, 'ending'>, keys: RequestKeys): Answering {
  return async (token, body) => {
    const { message } = await readRequest(body, keys)
    return answerOf(200, await takeOwnPause(ending, token, message))
  }
}

function wardPause({ minors }: Pick<Issuer, 'minors'>, keys: RequestKeys): Answering {
  return async (token, body) => {
    const { message } = await readRequest(body, keys)
    await takeWardPause(minors, token, message)
    return { status: 204, contentType: null, text: '' }
  }
}

function answerOf(status: number, message: object): EndpointAnswer {
  return { status, contentType: 'application/json', text: JSON.stringify(message) }
}

/** Used nonces are never forgotten early: at some number there is no room for more. */
function bounded(store: IssuanceStore, clock: () => Date): IssuanceStore {
  const room = createNonceRoom(() => store.countNonces(NONCE_CAPACITY))
  return {
    ...store,
    async isNonceUsed(hash) {
      const used = await store.isNonceUsed(hash)
      // Whoever asks is about to use it, and it is kept until nobody could use it again.
      if (!used) await room.take(clock())
      return used
    },
  }
}
