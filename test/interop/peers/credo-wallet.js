import { Kms, X509Module } from '@credo-ts/core'
import { openAgent } from './credo-agent.js'

const CLIENT_ID = 'https://wallet.example'
const REDIRECT_URI = 'https://wallet.example/back'

/** A wallet of Credo: `@credo-ts/openid4vc` over an agent of `@credo-ts/core`. */
export async function createWallet({ anchors = [] } = {}) {
  const agent = await openAgent({}, { x509: new X509Module({ trustedCertificates: anchors }) })
  const { holder } = agent.openid4vc
  const held = []
  return {
    held,
    async receive({ offer, txCode, copies, dpop = true, logIn }) {
      const resolved = await holder.resolveCredentialOffer(offer)
      const dpopOptions = dpop ? await createDpop(agent) : undefined
      const token =
        logIn === undefined
          ? await holder.requestToken({
              resolvedCredentialOffer: resolved,
              txCode,
              dpop: dpopOptions,
            })
          : await authorise({ holder, resolved, logIn })
      const { credentials } = await holder.requestCredentials({
        resolvedCredentialOffer: resolved,
        ...token,
        clientId: logIn === undefined ? undefined : CLIENT_ID,
        credentialBindingResolver: async () => ({
          method: 'jwk',
          keys: await Promise.all(Array.from({ length: copies }, () => createPublicJwk(agent))),
        }),
      })
      const received = []
      for (const { record, notificationId } of credentials) {
        const stored = await agent.sdJwtVc.store({ record })
        for (const { compactSdJwtVc } of stored.credentialInstances) {
          const { prettyClaims } = agent.sdJwtVc.fromCompact(compactSdJwtVc)
          received.push({ credential: compactSdJwtVc, vct: prettyClaims.vct, claims: prettyClaims })
        }
        if (notificationId !== undefined) {
          await holder.sendNotification({
            metadata: resolved.metadata,
            notificationId,
            accessToken: token.accessToken,
            dpop: token.dpop,
            notificationEvent: 'credential_accepted',
          })
        }
      }
      held.push(...received)
      return received
    },
    async answer(request) {
      const resolved = await holder.resolveOpenId4VpAuthorizationRequest(request)
      const credentials = holder.selectCredentialsForDcqlRequest(resolved.dcql.queryResult)
      const { serverResponse } = await holder.acceptOpenId4VpAuthorizationRequest({
        authorizationRequestPayload: resolved.authorizationRequestPayload,
        dcql: { credentials },
      })
      return serverResponse
    },
    close: () => agent.shutdown(),
  }
}

async function createPublicJwk(agent) {
  const { publicJwk } = await agent.kms.createKey({ type: { kty: 'EC', crv: 'P-256' } })
  return Kms.PublicJwk.fromPublicJwk(publicJwk)
}

async function createDpop(agent) {
  return { jwk: await createPublicJwk(agent), alg: 'ES256' }
}

async function authorise({ holder, resolved, logIn }) {
  const started = await holder.resolveOpenId4VciAuthorizationRequest(resolved, {
    clientId: CLIENT_ID,
    redirectUri: REDIRECT_URI,
    scope: [resolved.credentialOfferPayload.credential_configuration_ids[0]],
  })
  const authorizationResponseRedirectUrl = await logIn(started.authorizationRequestUrl)
  const { authorizationCode } = holder.parseAuthorizationCodeFromAuthorizationResponse({
    authorizationResponseRedirectUrl,
    resolvedCredentialOffer: resolved,
  })
  return holder.requestToken({
    resolvedCredentialOffer: resolved,
    code: authorizationCode,
    clientId: CLIENT_ID,
    codeVerifier: started.codeVerifier,
    redirectUri: REDIRECT_URI,
    dpop: started.dpop,
  })
}
