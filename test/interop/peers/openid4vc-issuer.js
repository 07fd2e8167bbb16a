import { randomBytes } from 'node:crypto'
import { Kms } from '@credo-ts/core'
import {
  Oauth2AuthorizationServer,
  Oauth2ResourceServer,
  preAuthorizedCodeGrantIdentifier,
} from '@openid4vc/oauth2'
import { Openid4vciIssuer, Openid4vciVersion } from '@openid4vc/openid4vci'
import express from 'express'
import { issue } from './meeco-format.js'
import { listen } from './loopback-server.js'
import { createCallbacks, createKey } from './openid4vc-callbacks.js'

const CONFIGURATION = 'certificate'
const randomText = () => randomBytes(24).toString('base64url')

/** An issuer of `@openid4vc/openid4vci` and `@openid4vc/oauth2`; SD-JWT by `@meeco/sd-jwt`. */
export async function startIssuer({ visible, claims, issuedAt, expiresAt }) {
  const app = express()
  const { url, close } = await listen(app)
  const [key, tokenKey] = [await createKey(Kms), await createKey(Kms)]
  const callbacks = await createCallbacks([key, tokenKey])
  const issuer = new Openid4vciIssuer({ callbacks })
  const server = new Oauth2AuthorizationServer({ callbacks })
  const credentialIssuer = issuer.createCredentialIssuerMetadata(metadataOf(url, visible.vct))
  const authorizationServer = server.createAuthorizationServerMetadata({
    issuer: url,
    token_endpoint: `${url}/token`,
    jwks_uri: `${url}/jwks`,
    dpop_signing_alg_values_supported: ['ES256'],
    grant_types_supported: [preAuthorizedCodeGrantIdentifier],
    'pre-authorized_grant_anonymous_access_supported': true,
  })
  const issuerMetadata = {
    credentialIssuer,
    authorizationServers: [authorizationServer],
    originalDraftVersion: Openid4vciVersion.V1,
    knownCredentialConfigurations:
      issuer.getKnownCredentialConfigurationsSupported(credentialIssuer),
  }
  const offers = new Map()
  const notifications = []
  const parts = { url, key, tokenKey, callbacks, issuer, server, issuerMetadata, offers }
  app.use(express.urlencoded({ extended: false }), express.json())
  app.get('/.well-known/openid-credential-issuer', (_, response) => response.json(credentialIssuer))
  app.get('/.well-known/oauth-authorization-server', (_, response) =>
    response.json(authorizationServer),
  )
  app.get('/jwks', (_, response) => response.json({ keys: [tokenKey.publicJwk] }))
  app.post('/token', answering(tokenEndpoint(parts)))
  const nonces = new Set()
  app.post('/nonce', (_, response) => {
    const c_nonce = randomText()
    nonces.add(c_nonce)
    response.set('cache-control', 'no-store').json(issuer.createNonceResponse({ cNonce: c_nonce }))
  })
  const certify = (holderJwk) =>
    issue({ issuer: key, visible, claims, holderJwk, issuedAt, expiresAt })
  app.post('/credential', answering(credentialEndpoint({ ...parts, nonces, certify })))
  app.post('/notification', (request, response) => {
    notifications.push(request.body.event)
    response.status(204).end()
  })
  return {
    did: key.did,
    notifications,
    async offer({ withTxCode = false } = {}) {
      const code = randomText()
      const txCode = withTxCode ? '493536' : undefined
      offers.set(code, txCode)
      const { credentialOffer } = await issuer.createCredentialOffer({
        credentialConfigurationIds: [CONFIGURATION],
        issuerMetadata,
        grants: {
          [preAuthorizedCodeGrantIdentifier]: {
            'pre-authorized_code': code,
            ...(txCode === undefined ? {} : { tx_code: { length: txCode.length } }),
          },
        },
      })
      return { offer: credentialOffer, txCode }
    },
    close,
  }
}

function metadataOf(url, vct) {
  return {
    credential_issuer: url,
    credential_endpoint: `${url}/credential`,
    nonce_endpoint: `${url}/nonce`,
    notification_endpoint: `${url}/notification`,
    batch_credential_issuance: { batch_size: 10 },
    display: [{ name: 'Peer issuer', locale: 'en' }],
    credential_configurations_supported: {
      [CONFIGURATION]: {
        format: 'dc+sd-jwt',
        vct,
        scope: CONFIGURATION,
        cryptographic_binding_methods_supported: ['jwk'],
        credential_signing_alg_values_supported: ['ES256'],
        proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
        credential_metadata: { display: [{ name: 'Certificate', locale: 'en' }] },
      },
    },
  }
}

/** The request as the libraries want it. */
function requestLike(url, request) {
  return {
    method: request.method,
    url: `${url}${request.path}`,
    headers: new Headers(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    ),
  }
}

function answering(endpoint) {
  return async (request, response) => {
    try {
      response.set('cache-control', 'no-store').json(await endpoint(request))
    } catch (error) {
      response.status(400).json(error.errorResponse ?? { error: 'server_error' })
    }
  }
}

function tokenEndpoint({ url, server, offers, issuerMetadata, tokenKey }) {
  return async (request) => {
    const like = requestLike(url, request)
    const parsed = server.parseAccessTokenRequest({
      request: like,
      accessTokenRequest: request.body,
    })
    const code = parsed.grant.preAuthorizedCode
    const verified = await server.verifyPreAuthorizedCodeAccessTokenRequest({
      request: like,
      grant: parsed.grant,
      accessTokenRequest: parsed.accessTokenRequest,
      authorizationServerMetadata: issuerMetadata.authorizationServers[0],
      expectedPreAuthorizedCode: offers.has(code) ? code : 'none',
      expectedTxCode: offers.get(code),
      dpop: { ...parsed.dpop, required: false },
    })
    offers.delete(code)
    return server.createAccessTokenResponse({
      audience: url,
      authorizationServer: url,
      signer: { method: 'jwk', publicJwk: tokenKey.publicJwk, alg: 'ES256', kid: tokenKey.keyId },
      subject: code,
      expiresInSeconds: 300,
      dpop: verified.dpop,
      clientId: parsed.accessTokenRequest.client_id,
    })
  }
}

function credentialEndpoint(parts) {
  const { url, callbacks, issuer, issuerMetadata, nonces, certify } = parts
  const resources = new Oauth2ResourceServer({ callbacks })
  return async (request) => {
    await resources.verifyResourceRequest({
      request: requestLike(url, request),
      resourceServer: url,
      authorizationServers: issuerMetadata.authorizationServers,
    })
    const parsed = issuer.parseCredentialRequest({
      issuerMetadata,
      credentialRequest: request.body,
    })
    const credentials = []
    for (const jwt of parsed.proofs.jwt) {
      const { nonce } = JSON.parse(Buffer.from(jwt.split('.')[1], 'base64url').toString())
      const { signer } = await issuer.verifyCredentialRequestJwtProof({
        issuerMetadata,
        jwt,
        expectedNonce: nonces.has(nonce) ? nonce : 'none',
      })
      const { kty, crv, x, y } = signer.publicJwk
      credentials.push({ credential: await certify({ kty, crv, x, y }) })
    }
    return issuer.createCredentialResponse({
      credentialRequest: parsed,
      credentials,
      notificationId: randomText(),
    })
  }
}
