import { Kms } from '@credo-ts/core'
import express from 'express'
import { createDid, openAgent } from './credo-agent.js'
import { listen } from './loopback-server.js'

const CONFIGURATION = 'certificate'

/** An issuer of Credo. */
export async function startIssuer({ visible, claims, issuedAt, expiresAt }) {
  const app = express()
  const { url, close } = await listen(app)
  const signing = {}
  const agent = await openAgent({
    app,
    issuer: {
      baseUrl: url,
      credentialRequestToCredentialMapper: ({ holderBinding }) => ({
        type: 'credentials',
        format: 'dc+sd-jwt',
        credentials: holderBinding.keys.map(({ jwk }) => ({
          payload: { ...visible, iat: issuedAt, exp: expiresAt, ...claims },
          disclosureFrame: frameOf(claims),
          holder: { method: 'jwk', jwk: Kms.PublicJwk.fromUnknown(plain(jwk.toJson())) },
          issuer: { method: 'did', didUrl: signing.didUrl },
          headerType: 'dc+sd-jwt',
        })),
      }),
    },
  })
  Object.assign(signing, await createDid(agent))
  const { issuerId } = await agent.openid4vc.issuer.createIssuer({
    display: [{ name: 'Peer issuer', locale: 'en' }],
    accessTokenSignerKeyType: { kty: 'EC', crv: 'P-256' },
    dpopSigningAlgValuesSupported: ['ES256'],
    batchCredentialIssuance: { batchSize: 10 },
    credentialConfigurationsSupported: {
      [CONFIGURATION]: {
        format: 'dc+sd-jwt',
        vct: visible.vct,
        scope: CONFIGURATION,
        cryptographic_binding_methods_supported: ['jwk'],
        credential_signing_alg_values_supported: ['ES256'],
        proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
        credential_metadata: { display: [{ name: 'Certificate', locale: 'en' }] },
      },
    },
  })
  return {
    did: signing.did,
    notifications: null,
    async offer({ withTxCode = false } = {}) {
      const { credentialOffer, issuanceSession } =
        await agent.openid4vc.issuer.createCredentialOffer({
          issuerId,
          credentialConfigurationIds: [CONFIGURATION],
          preAuthorizedCodeFlowConfig: withTxCode
            ? { txCode: { length: 6, input_mode: 'numeric' } }
            : {},
          version: 'v1',
        })
      return { offer: credentialOffer, txCode: issuanceSession.userPin }
    },
    async close() {
      await agent.shutdown()
      await close()
    },
  }
}

const plain = ({ kty, crv, x, y }) => ({ kty, crv, x, y })

function frameOf(value) {
  const nested = Object.entries(value).filter(([, it]) => typeof it === 'object' && it !== null)
  return {
    _sd: Object.keys(value),
    ...Object.fromEntries(nested.map(([name, it]) => [name, frameOf(it)])),
  }
}
