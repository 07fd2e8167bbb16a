import { generateSigner } from '@netcert/credential'
import {
  createKeyProof,
  issuedResponseSchema,
  PRE_AUTHORIZED_GRANT,
  parseIssuerMetadata,
} from '@netcert/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ServedIssuer, serveTestIssuer } from '../issuer-server-ground.js'

describe('an anonymous wallet, with nothing but HTTP', () => {
  let served: ServedIssuer

  beforeAll(async () => {
    served = await serveTestIssuer({ path: '/tenant' })
  })
  afterAll(() => served.close())

  const metadata = async () => {
    const { origin } = new URL(served.url)
    const response = await fetch(`${origin}/.well-known/openid-credential-issuer/tenant`)
    return parseIssuerMetadata(await response.json(), { issuer: served.url })
  }
  const redeem = async (secret: string, more: Record<string, string> = {}) => {
    const form = { grant_type: PRE_AUTHORIZED_GRANT, 'pre-authorized_code': secret, ...more }
    const body = new URLSearchParams(form)
    const response = await fetch(`${served.url}/token`, { method: 'POST', body })
    return (await response.json()) as {
      access_token?: string
      error?: string
      authorization_details?: { credential_identifiers: string[] }[]
    }
  }
  const proof = async (nonceEndpoint: string) => {
    const key = await generateSigner('ES256')
    const answer = await fetch(nonceEndpoint, { method: 'POST' })
    const { c_nonce: nonce } = (await answer.json()) as { c_nonce: string }
    const audience = served.url
    const issuedAt = new Date()
    return createKeyProof({ ...key, keyBy: 'jwk', audience, issuedAt, nonce, clientId: null })
  }
  const ask = async (token: string, body: object) => {
    const { credential_endpoint } = await metadata()
    return fetch(credential_endpoint, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  }

  it('gets a certificate for a code and its transaction code', async () => {
    const { nonce_endpoint } = await metadata()
    const offer = await served.offer({ types: ['gate-pass'], txCode: 'generate' })
    expect((await redeem(offer.secret)).error).toBe('invalid_request')
    const token = await redeem(offer.secret, { tx_code: offer.txCode! })
    const identifier = token.authorization_details?.[0]?.credential_identifiers[0]
    const named =
      identifier === undefined
        ? { credential_configuration_id: 'gate-pass' }
        : { credential_identifier: identifier }
    const body = { ...named, proofs: { jwt: [await proof(nonce_endpoint!)] } }
    const response = await ask(token.access_token!, body)
    expect(response.status).toBe(200)
    expect(issuedResponseSchema.parse(await response.json()).credentials).toHaveLength(1)
  })

  it('gets nothing else for that code, and nothing with the token in the address', async () => {
    const { nonce_endpoint, credential_endpoint } = await metadata()
    const offer = await served.offer({ types: ['gate-pass'] })
    const token = await redeem(offer.secret)
    const jwt = [await proof(nonce_endpoint!)]
    const other = { credential_configuration_id: 'network-certificate', proofs: { jwt } }
    const refused = await ask(token.access_token!, other)
    expect([refused.status, ((await refused.json()) as { error: string }).error]).toEqual([
      400,
      'invalid_credential_request',
    ])
    const inAddress = await fetch(`${credential_endpoint}?access_token=${token.access_token}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...other, credential_configuration_id: 'gate-pass' }),
    })
    expect(inAddress.status).toBe(401)
    expect((await redeem(offer.secret)).error).toBe('invalid_grant')
  })
})
