import {
  createEncryptionKey,
  decryptMessage,
  deferredResponseSchema,
  type DeferredResponse,
  type EncryptionPrivateJwk,
  encryptMessage,
  type IssuedResponse,
  type IssuerMetadata,
  issuedResponseSchema,
  messageLimits,
  nonceResponseSchema,
  parseMessage,
  publicEncryptionJwk,
  readBySchema,
  requestEncryptionKeys,
} from '@netcert/protocol'
import { WalletError } from './errors.js'
import { randomId } from './ledger.js'
import type { IssuanceClient } from './vci-client.js'
import type { IssuanceGround } from './vci-ground.js'
import { IssuerRefusal, readRefusal } from './vci-refusals.js'
import { badAnswer } from './vci-transport.js'

const ENCODINGS = ['A128GCM', 'A256GCM']
/** Ten certificates of 64 KiB and their wrapping. */
const MAX_ANSWER_BYTES = 2 * 1024 * 1024

/** What an issuer answers to a (deferred) credential request. */
export type CredentialAnswer =
  | { readonly kind: 'issued'; readonly answer: IssuedResponse }
  | { readonly kind: 'deferred'; readonly answer: DeferredResponse }

/**
 * A fresh `c_nonce`; `null` where the issuer uses none.
 *
 * @throws WalletError `issuer_answer`; FetchError; ProtocolError
 * @see OpenID4VCI 1.0 §7
 */
export async function fetchNonce(
  ground: IssuanceGround,
  metadata: IssuerMetadata,
): Promise<string | null> {
  if (metadata.nonce_endpoint === undefined) return null
  const headers = { accept: 'application/json' }
  const answer = await ground.fetch(metadata.nonce_endpoint, { method: 'POST', headers })
  if (answer.status !== 200) throw badAnswer('The request for a nonce', answer.status)
  const message = parseMessage(answer.text, { maxBytes: messageLimits.maxRequestBytes })
  return readBySchema(nonceResponseSchema, message, malformed('The nonce of the issuer')).c_nonce
}

/**
 * Sends a request to the credential or deferred credential endpoint, encrypted both ways where the
 * issuer can do that, with a key of its own for the answer.
 *
 * @throws IssuerRefusal; WalletError `issuer_answer`; FetchError; ProtocolError
 * @see OpenID4VCI 1.0 §8, §9, §10
 */
export async function exchange(
  client: IssuanceClient,
  options: {
    readonly metadata: IssuerMetadata
    readonly endpoint: string
    readonly accessToken: string
    readonly request: object
  },
): Promise<CredentialAnswer> {
  const { metadata, endpoint, accessToken, request } = options
  const answerKey = canAnswerEncrypted(metadata) ? await createEncryptionKey(randomId()) : null
  const message = await wrap(metadata, request, answerKey)
  const answer = await client.askIssuer(endpoint, accessToken, message)
  const text = await answer.text()
  // Some servers refuse a token without the header that RFC 6750 §3 asks for.
  if (answer.status === 401) throw new IssuerRefusal('invalid_token')
  if (answer.status !== 200 && answer.status !== 202) throw readRefusal(text, answer.status)
  const contentType = answer.headers.get('content-type') ?? ''
  const content = await unwrap(text, contentType, answerKey)
  if (answer.status === 200) {
    const refusal = malformed('The credential answer')
    return { kind: 'issued', answer: readBySchema(issuedResponseSchema, content, refusal) }
  }
  const refusal = malformed('The deferred answer')
  return { kind: 'deferred', answer: readBySchema(deferredResponseSchema, content, refusal) }
}

function canAnswerEncrypted(metadata: IssuerMetadata): boolean {
  const { credential_response_encryption: offered } = metadata
  const fits =
    offered !== undefined &&
    offered.alg_values_supported.includes('ECDH-ES') &&
    ENCODINGS.some((enc) => offered.enc_values_supported.includes(enc)) &&
    canAskEncrypted(metadata)
  if (!fits && offered?.encryption_required === true) throw noEncryption()
  return fits
}

function canAskEncrypted(metadata: IssuerMetadata): boolean {
  const { credential_request_encryption: offered } = metadata
  const fits =
    offered !== undefined &&
    ENCODINGS.some((enc) => offered.enc_values_supported.includes(enc)) &&
    requestEncryptionKeys(metadata).length > 0
  if (!fits && offered?.encryption_required === true) throw noEncryption()
  return fits
}

async function wrap(
  metadata: IssuerMetadata,
  request: object,
  answerKey: EncryptionPrivateJwk | null,
): Promise<{ readonly contentType: string; readonly body: string }> {
  if (!canAskEncrypted(metadata)) {
    return { contentType: 'application/json', body: JSON.stringify(request) }
  }
  const [recipient] = requestEncryptionKeys(metadata)
  if (recipient === undefined) throw noEncryption()
  const { credential_request_encryption: asked, credential_response_encryption: answered } =
    metadata
  const payload =
    answerKey === null
      ? request
      : {
          ...request,
          credential_response_encryption: {
            jwk: publicEncryptionJwk(answerKey),
            enc: encodingOf(answered?.enc_values_supported),
          },
        }
  const enc = encodingOf(asked?.enc_values_supported)
  return { contentType: 'application/jwt', body: await encryptMessage({ payload, recipient, enc }) }
}

function encodingOf(offered: readonly string[] = []): string {
  const enc = ENCODINGS.find((it) => offered.includes(it))
  if (enc === undefined) throw noEncryption()
  return enc
}

async function unwrap(
  text: string,
  contentType: string,
  answerKey: EncryptionPrivateJwk | null,
): Promise<object> {
  if (answerKey === null) return parseMessage(text, { maxBytes: MAX_ANSWER_BYTES })
  // Asked for encrypted, it must come so: whoever could strip that could read it.
  if (!/^application\/jwt\b/i.test(contentType)) throw badAnswer('An encrypted request', 200)
  const { payload } = await decryptMessage(text.trim(), {
    keys: [answerKey],
    maxBytes: MAX_ANSWER_BYTES,
    maxPlaintextBytes: MAX_ANSWER_BYTES,
    allowCompression: false,
  })
  return payload
}

function malformed(what: string) {
  return { code: 'message_malformed', what } as const
}

function noEncryption(): WalletError {
  return new WalletError(
    'issuer_answer',
    'the issuer insists on an encryption that this wallet does not know; ask the issuer for ' +
      'ECDH-ES with A128GCM or A256GCM.',
  )
}
