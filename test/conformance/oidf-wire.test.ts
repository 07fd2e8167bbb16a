import { describe, expect, it } from 'vitest'
import { startOfferingIssuer } from '../interop/our-issuer.js'
import { openedForAll } from '../opened-for-all.js'
import { vciGround } from '../vci-wallet-ground.js'
import { createVpGround, over18 } from '../vp-platform-ground.js'
import { readVpRequest } from '../vp-wallet-ground.js'
import { hasOidfSchemas, oidfFindings } from './oidf-schema.js'

/** What really leaves our issuer, wallet and verifier, as the conformance suite reads it. */

describe.skipIf(!hasOidfSchemas)('what our issuer offers', () => {
  const issuer = openedForAll(() => startOfferingIssuer())

  it.each([
    { grant: 'pre-authorized', txCode: true },
    { grant: 'pre-authorized', type: 'gate-pass' },
    { grant: 'authorization-code' },
  ] as const)('by value: %o', async (options) => {
    const { offer } = await issuer.offer(options)
    const sent = new URL(offer).searchParams.get('credential_offer') ?? ''
    expect(oidfFindings('credential_offer-1_0', JSON.parse(sent))).toEqual([])
  })

  it('by reference', async () => {
    const { offer } = await issuer.offer({ by: 'reference' })
    const answer = await fetch(new URL(offer).searchParams.get('credential_offer_uri') ?? '')
    expect(oidfFindings('credential_offer-1_0', await answer.json())).toEqual([])
  })
})

describe.skipIf(!hasOidfSchemas)('what our wallet asks an issuer for', () => {
  const vci = vciGround()

  it('is a credential request with a proof for each copy', async () => {
    await vci.receive(await vci.open(), { batch: 3 })
    const sent = vci.issuer.asked.filter(({ path }) => path.endsWith('/credential'))
    expect(sent.length).toBeGreaterThan(0)
    for (const { body } of sent) {
      expect(oidfFindings('credential_request-1_0', JSON.parse(body))).toEqual([])
    }
  })
})

describe.skipIf(!hasOidfSchemas)('what our verifier asks a wallet for', () => {
  const ground = openedForAll(() => createVpGround())

  it.each(['did', 'redirect_uri'] as const)('is a query, as client %s', async (clientId) => {
    const mode = 'direct_post.jwt'
    const { requestUri } = await ground.engine.createRequest({ query: over18, clientId, mode })
    const { request } = await readVpRequest(requestUri)
    expect(oidfFindings('dcql_request', request.dcql_query)).toEqual([])
    const { verifier_info = [] } = request
    if (verifier_info.length > 0) {
      expect(oidfFindings('verifier_info', { verifier_info })).toEqual([])
    }
    // OpenID4VP §5.1: what the suite checks beside the schemas.
    expect(request.client_metadata?.vp_formats_supported).toHaveProperty('dc+sd-jwt')
    expect(request.nonce).toMatch(/^[A-Za-z0-9._~-]{22,43}$/)
  })
})
