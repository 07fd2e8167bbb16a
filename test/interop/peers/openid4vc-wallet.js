import { Kms } from '@credo-ts/core'
import { clientAuthenticationAnonymous, clientAuthenticationNone } from '@openid4vc/oauth2'
import { AuthorizationFlow, Openid4vciClient } from '@openid4vc/openid4vci'
import { Openid4vpClient } from '@openid4vc/openid4vp'
import { createCallbacks, createKey } from './openid4vc-callbacks.js'
import { present, readClaims } from './meeco-format.js'

const CLIENT_ID = 'https://wallet.example'
const REDIRECT_URI = 'https://wallet.example/back'

/** A wallet of `@openid4vc/openid4vci` and `@openid4vc/openid4vp`; SD-JWT by `@meeco/sd-jwt`. */
export async function createWallet() {
  const dpopKey = await createKey(Kms)
  /** @type {{ credential: string, key: object, vct: string }[]} */
  const held = []
  return {
    held,
    /** Receives so many copies of what is offered; `logIn` stands for the person's browser. */
    async receive({ offer, txCode, copies, dpop = true, logIn }) {
      const keys = await Promise.all(Array.from({ length: copies }, () => createKey(Kms)))
      const isAnonymous = logIn === undefined
      const clientAuthentication = isAnonymous
        ? clientAuthenticationAnonymous()
        : clientAuthenticationNone({ clientId: CLIENT_ID })
      const callbacks = await createCallbacks([dpopKey, ...keys], { clientAuthentication })
      const client = new Openid4vciClient({ callbacks })
      const credentialOffer = await client.resolveCredentialOffer(offer)
      const issuerMetadata = await client.resolveIssuerMetadata(credentialOffer.credential_issuer)
      const asked = { client, credentialOffer, issuerMetadata, keys }
      const signer = { method: 'jwk', publicJwk: dpopKey.publicJwk, alg: 'ES256' }
      const dpopOptions = dpop ? { signer } : undefined
      const token = isAnonymous
        ? await client.retrievePreAuthorizedCodeAccessTokenFromOffer({
            credentialOffer,
            issuerMetadata,
            txCode,
            dpop: dpopOptions,
          })
        : await authorise({ ...asked, logIn, dpop: dpopOptions })
      const clientId = isAnonymous ? undefined : CLIENT_ID
      const received = await requestCredentials({ ...asked, token, clientId })
      held.push(...received)
      return received
    },
    /** Answers a presentation request with the first certificate of the type that is asked for. */
    answer: (request) => answer({ request, held }),
  }
}

async function authorise({ client, credentialOffer, issuerMetadata, logIn, dpop }) {
  const scope = credentialOffer.credential_configuration_ids[0]
  const started = await client.initiateAuthorization({
    clientId: CLIENT_ID,
    redirectUri: REDIRECT_URI,
    scope,
    credentialOffer,
    issuerMetadata,
    dpop,
    additionalRequestPayload: { state: 'a-state-of-the-wallet' },
  })
  if (started.authorizationFlow !== AuthorizationFlow.Oauth2Redirect) throw new Error('no redirect')
  const url = await logIn(started.authorizationRequestUrl)
  const server = issuerMetadata.authorizationServers[0]
  const answer = client.parseAndVerifyAuthorizationResponseRedirectUrl({
    url,
    authorizationServerMetadata: server,
  })
  return client.retrieveAuthorizationCodeAccessTokenFromOffer({
    credentialOffer,
    issuerMetadata,
    authorizationCode: answer.code,
    pkceCodeVerifier: started.pkce?.codeVerifier,
    redirectUri: REDIRECT_URI,
    dpop: started.dpop ?? dpop,
  })
}

async function requestCredentials({
  client,
  credentialOffer,
  issuerMetadata,
  keys,
  token,
  clientId,
}) {
  const [credentialConfigurationId] = credentialOffer.credential_configuration_ids
  const { c_nonce: nonce } = await client.requestNonce({ issuerMetadata })
  const proofs = await Promise.all(
    keys.map(({ publicJwk }) =>
      client.createCredentialRequestJwtProof({
        issuerMetadata,
        credentialConfigurationId,
        nonce,
        clientId,
        signer: { method: 'jwk', publicJwk, alg: 'ES256' },
      }),
    ),
  )
  const { accessToken, dpop } = {
    accessToken: token.accessTokenResponse.access_token,
    dpop: token.accessTokenResponse.token_type === 'DPoP' ? token.dpop : undefined,
  }
  const { credentialResponse } = await client.retrieveCredentials({
    issuerMetadata,
    credentialConfigurationId,
    accessToken,
    dpop,
    proofs: { jwt: proofs.map(({ jwt }) => jwt) },
  })
  if (credentialResponse.notification_id !== undefined) {
    await client.sendNotification({
      issuerMetadata,
      accessToken,
      dpop,
      notification: {
        notificationId: credentialResponse.notification_id,
        event: 'credential_accepted',
      },
    })
  }
  return Promise.all(credentialResponse.credentials.map(({ credential }) => hold(credential, keys)))
}

/** A copy and the key it is bound to, found by `cnf`. */
async function hold(credential, keys) {
  const claims = await readClaims(credential)
  const key = keys.find(({ publicJwk }) => publicJwk.x === claims.cnf.jwk.x)
  if (key === undefined) throw new Error('a certificate is bound to a foreign key')
  return { credential, key, vct: claims.vct, claims }
}

async function answer({ request, held }) {
  const client = new Openid4vpClient({ callbacks: await createCallbacks([]) })
  const parsed = client.parseOpenid4vpAuthorizationRequest({ authorizationRequest: request })
  const resolved = await client.resolveOpenId4vpAuthorizationRequest({
    authorizationRequestPayload: parsed.params,
  })
  const { authorizationRequestPayload } = resolved
  const vpToken = {}
  for (const query of resolved.dcql.query.credentials) {
    const copy = held.find(({ vct }) => query.meta.vct_values.includes(vct))
    if (copy === undefined) continue
    const presentation = await present({
      ...copy,
      paths: query.claims.map(({ path }) => path),
      audience: authorizationRequestPayload.client_id,
      nonce: authorizationRequestPayload.nonce,
      issuedAt: Math.floor(Date.now() / 1000),
    })
    vpToken[query.id] = [presentation]
  }
  const encryption = {
    authorization_encryption_alg_values_supported: ['ECDH-ES'],
    authorization_encryption_enc_values_supported: ['A128GCM', 'A256GCM'],
  }
  const isEncrypted = authorizationRequestPayload.response_mode === 'direct_post.jwt'
  const created = await client.createOpenid4vpAuthorizationResponse({
    authorizationRequestPayload,
    authorizationResponsePayload: { vp_token: vpToken },
    ...(isEncrypted ? { jarm: { encryption: {}, serverMetadata: encryption } } : {}),
  })
  const { response } = await client.submitOpenid4vpAuthorizationResponse({
    authorizationRequestPayload,
    authorizationResponsePayload: created.authorizationResponsePayload,
    jarm: created.jarm,
  })
  return { status: response.status, body: await response.json().catch(() => null) }
}
