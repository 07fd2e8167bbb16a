import { Kms, X509Certificate, X509Module } from '@credo-ts/core'
import express from 'express'
import { createDid, openAgent } from './credo-agent.js'
import { listen } from './loopback-server.js'
import { certify } from './peer-certificate.js'

const VERIFIED = 'ResponseVerified'

/** A verifier of Credo. */
export async function startVerifier() {
  const app = express()
  const { url, close } = await listen(app)
  const base = url.replace('127.0.0.1', 'localhost')
  const agent = await openAgent({ app, verifier: { baseUrl: base } }, { x509: new X509Module() })
  const { didUrl } = await createDid(agent)
  const { verifierId } = await agent.openid4vc.verifier.createVerifier({})
  const { keyId, publicJwk } = await agent.kms.createKey({ type: { kty: 'EC', crv: 'P-256' } })
  const certificate = await certify({ publicJwk: Kms.PublicJwk.fromPublicJwk(publicJwk).toJson() })
  const leaf = X509Certificate.fromEncodedCertificate(certificate.leaf)
  leaf.publicJwk.keyId = keyId
  const signers = {
    redirect_uri: { method: 'none' },
    decentralized_identifier: { method: 'did', didUrl },
    x509_hash: { method: 'x5c', x5c: [leaf], clientIdPrefix: 'x509_hash' },
    x509_san_dns: { method: 'x5c', x5c: [leaf], clientIdPrefix: 'x509_san_dns' },
  }
  const state = { session: undefined }
  return {
    anchor: certificate.pem,
    async request({ query, clientId, mode }) {
      const created = await agent.openid4vc.verifier.createAuthorizationRequest({
        verifierId,
        requestSigner: signers[clientId],
        dcql: { query },
        responseMode: mode,
        version: 'v1',
      })
      state.session = created.verificationSession.id
      return created.authorizationRequest
    },
    async result() {
      const { verifier } = agent.openid4vc
      const session = await verifier.getVerificationSessionById(state.session)
      if (session.state !== VERIFIED) throw new Error(`${session.state}: ${session.errorMessage}`)
      const { dcql } = await verifier.getVerifiedAuthorizationResponse(state.session)
      const [[presentation]] = Object.values(dcql.presentations)
      return presentation.prettyClaims
    },
    async close() {
      await agent.shutdown()
      await close()
    },
  }
}
