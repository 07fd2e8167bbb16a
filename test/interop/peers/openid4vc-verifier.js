import { createHash, randomBytes } from 'node:crypto'
import { Kms } from '@credo-ts/core'
import { Openid4vpVerifier, parseOpenid4vpAuthorizationResponse } from '@openid4vc/openid4vp'
import express from 'express'
import { listen } from './loopback-server.js'
import { verify } from './meeco-format.js'
import { createCallbacks, createKey } from './openid4vc-callbacks.js'
import { certify } from './peer-certificate.js'

const randomText = () => randomBytes(24).toString('base64url')

/** A verifier of `@openid4vc/openid4vp`; SD-JWT by `@meeco/sd-jwt`. */
export async function startVerifier({ issuerJwk }) {
  const app = express()
  const { url, close } = await listen(app)
  const base = url.replace('127.0.0.1', 'localhost')
  const key = await createKey(Kms)
  const certificate = await certify(key)
  const state = { requests: new Map(), answer: undefined }
  app.use(express.urlencoded({ extended: false, limit: '200kb' }))
  app.all('/request/:id', (request, response) => {
    const { jwt } = state.requests.get(request.params.id)
    response.set('content-type', 'application/oauth-authz-req+jwt').send(jwt)
  })
  app.post('/response/:id', async (request, response) => {
    const asked = state.requests.get(request.params.id)
    state.answer = readAnswer(asked, request.body, issuerJwk)
    state.answer.then(
      () => response.json({}),
      () => response.status(400).json({ error: 'invalid_request' }),
    )
  })
  return {
    anchor: certificate.pem,
    async request(options) {
      const id = randomText()
      const asked = await createRequest({ ...options, id, base, key, certificate })
      state.requests.set(id, asked)
      return asked.link
    },
    result: () => state.answer,
    close,
  }
}

async function createRequest({ id, base, key, certificate, query, clientId, mode }) {
  const responseUri = `${base}/response/${id}`
  const encryption = await createKey()
  const callbacks = await createCallbacks([key, encryption])
  const verifier = new Openid4vpVerifier({ callbacks })
  const { client, jwtSigner } = identityOf({ clientId, key, certificate, responseUri })
  const isEncrypted = mode === 'direct_post.jwt'
  const encryptionJwk = { ...encryption.publicJwk, kid: 'enc-1', use: 'enc', alg: 'ECDH-ES' }
  const created = await verifier.createOpenId4vpAuthorizationRequest({
    authorizationRequestPayload: {
      response_type: 'vp_token',
      response_mode: mode,
      client_id: client,
      nonce: randomText(),
      state: randomText(),
      response_uri: responseUri,
      dcql_query: query,
      client_metadata: {
        vp_formats_supported: {
          'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] },
        },
        ...(isEncrypted
          ? {
              jwks: { keys: [encryptionJwk] },
              encrypted_response_enc_values_supported: ['A256GCM', 'A128GCM'],
            }
          : {}),
      },
    },
    ...(jwtSigner === undefined
      ? {}
      : { jar: { jwtSigner, requestUri: `${base}/request/${id}`, expiresInSeconds: 300 } }),
  })
  return {
    link: created.authorizationRequest,
    jwt: created.jar?.authorizationRequestJwt,
    payload: created.authorizationRequestPayload,
    callbacks,
  }
}

function identityOf({ clientId, key, certificate, responseUri }) {
  const x5c = { method: 'x5c', x5c: [certificate.leaf], alg: 'ES256' }
  switch (clientId) {
    case 'redirect_uri':
      return { client: `redirect_uri:${responseUri}` }
    case 'decentralized_identifier':
      return {
        client: `decentralized_identifier:${key.did}`,
        jwtSigner: { method: 'did', didUrl: key.keyId, alg: 'ES256' },
      }
    case 'x509_san_dns':
      return { client: 'x509_san_dns:localhost', jwtSigner: x5c }
    default: {
      const hash = createHash('sha256').update(Buffer.from(certificate.leaf, 'base64'))
      return { client: `x509_hash:${hash.digest('base64url')}`, jwtSigner: x5c }
    }
  }
}

async function readAnswer({ payload, callbacks }, authorizationResponse, issuerJwk) {
  const parsed = await parseOpenid4vpAuthorizationResponse({
    authorizationResponse,
    authorizationRequestPayload: payload,
    callbacks,
  })
  const [[id, presentations]] = Object.entries(parsed.dcql.presentations)
  if (payload.dcql_query.credentials[0].id !== id) throw new Error('answers another query')
  return verify({
    presentation: presentations[0],
    issuerJwk,
    audience: payload.client_id,
    nonce: payload.nonce,
  })
}
