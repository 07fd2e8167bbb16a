import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { generateSigner, type JsonObject, type Signer } from '@netcert/credential'
import {
  type ClientProof,
  createRequestObject,
  createRequestUrl,
  decryptMessage,
  type EncryptionPrivateJwk,
  parseAnswer,
  publicEncryptionJwk,
  type RequestObject,
} from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { later, testNow } from './trust-domain.js'

/** What arrived at the verifier. */
export type Arrival = {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export type Reply = {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** A verifier on a loopback port that says what a test wants it to say, and writes down the rest. */
export type VerifierServer = {
  readonly url: string
  readonly arrivals: readonly Arrival[]
  /** The forms that were posted to `/response`. */
  readonly answers: readonly Record<string, string>[]
  /** What is said at a path; unset paths say 404, `/response` says 200 `{}`. */
  on(path: string, reply: (arrival: Arrival) => Reply | Promise<Reply>): void
  /** Cuts every connection: what was asked is heard, and never answered. */
  dropConnections(): void
  close(): Promise<void>
}

export async function startVerifier(): Promise<VerifierServer> {
  const arrivals: Arrival[] = []
  const replies = new Map<string, (arrival: Arrival) => Reply | Promise<Reply>>()
  const json = { 'content-type': 'application/json' }
  replies.set('/response', () => ({ headers: json, body: '{}' }))
  const server = createServer((request, response) => {
    void (async () => {
      const path = request.url ?? ''
      const { method = '', headers } = request
      const arrival = { method, path, headers, body: await text(request) }
      arrivals.push(arrival)
      const {
        status = 200,
        headers: sent = {},
        body = '',
      } = (await replies.get(path)?.(arrival)) ?? { status: 404 }
      response.writeHead(status, sent).end(body)
    })()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    arrivals,
    get answers() {
      const posted = arrivals.filter(({ path }) => path === '/response')
      return posted.map(({ body }) => Object.fromEntries(new URLSearchParams(body)))
    },
    on: (path, reply) => void replies.set(path, reply),
    dropConnections: () => server.closeAllConnections(),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

export const NONCE = 'nonce-of-this-one-request_0123456789'

/** A request by `direct_post` for proof of being 18; changes replace members. */
export function requestOf(
  server: Pick<VerifierServer, 'url'>,
  changes: Partial<RequestObject> = {},
) {
  const request: RequestObject = {
    response_type: 'vp_token',
    response_mode: 'direct_post',
    response_uri: `${server.url}/response`,
    nonce: NONCE,
    state: 'state-of-this-one-request',
    dcql_query: queries['age-over-18'],
    client_metadata: {
      vp_formats_supported: {
        'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] },
      },
    },
    ...changes,
  }
  return request
}

/** Who signs a request. */
export type Asker = {
  readonly clientId: string
  readonly signer: Signer
  readonly proof: ClientProof
}

/** A verifier named by its did:key. */
export async function didAsker(): Promise<Asker> {
  const { signer } = await generateSigner('ES256')
  return { clientId: `decentralized_identifier:${signer.did}`, signer, proof: { kind: 'did' } }
}

/** A signed request object; valid for five minutes from `testNow`. */
export function signRequest(asker: Asker, request: RequestObject): Promise<string> {
  return createRequestObject({
    request: { client_id: asker.clientId, ...request },
    signer: asker.signer,
    proof: asker.proof,
    issuedAt: testNow,
    expiresAt: later(300),
  })
}

/** A link with the signed request by value. */
export async function linkOf(asker: Asker, request: RequestObject): Promise<string> {
  return createRequestUrl({
    clientId: asker.clientId,
    requestObject: await signRequest(asker, request),
  })
}

/** The `client_metadata` of a verifier that wants its answer encrypted to this key. */
export function encryptedTo(
  key: EncryptionPrivateJwk,
): NonNullable<RequestObject['client_metadata']> {
  return {
    jwks: { keys: [publicEncryptionJwk(key)] },
    encrypted_response_enc_values_supported: ['A128GCM', 'A256GCM'],
    vp_formats_supported: { 'dc+sd-jwt': {} },
  }
}

/** Opens the one answer that arrived encrypted. */
export async function openAnswer(
  jwe: string | undefined,
  key: EncryptionPrivateJwk,
): Promise<{ payload: JsonObject; answer: ReturnType<typeof parseAnswer> }> {
  const { payload } = await decryptMessage(jwe ?? '', {
    keys: [key],
    maxBytes: 200 * 1024,
    maxPlaintextBytes: 200 * 1024,
    allowCompression: false,
  })
  return { payload, answer: parseAnswer(payload) }
}
