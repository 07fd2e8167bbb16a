import { generateSigner, type JsonObject } from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import { queries } from '@netcert/schemas'
import { later, testNow } from '../../../../test/trust-domain.js'
import {
  createRequestObject,
  createUnsignedRequestObject,
  readRequestObject,
} from '../request-object.js'
import type { RequestObject } from '../vp-request.js'
import { proveGateRequest } from './gate-request.js'

const { signer } = await generateSigner('ES256')
const other = await generateSigner('ES256')
const trust = { anchors: 'none known', attesters: [], now: testNow } as const
const clientId = `decentralized_identifier:${signer.did}`
const usual: RequestObject = {
  response_type: 'vp_token',
  response_mode: 'netcert_qr',
  nonce: 'rq9bkbd1xdm3y0u4i3qZ-A',
  client_id: clientId,
  dcql_query: queries['gate-age-over-18'],
}

async function prove(changes: Partial<RequestObject> = {}, at = testNow, by = signer) {
  const text = await createRequestObject({
    ...{ request: { ...usual, ...changes }, signer: by, proof: { kind: 'did' } },
    ...{ issuedAt: at, expiresAt: later(90, at) },
  })
  return proveGateRequest(readRequestObject(text), { trust })
}

describe('a challenge of a gate', () => {
  it.each([
    ['netcert_qr', false],
    ['netcert_qr.jwt', true],
  ] as const)('is answered by a code: %s', async (response_mode, encrypted) => {
    expect(await prove({ response_mode })).toMatchObject({
      audience: clientId,
      target: { to: 'qr' },
      encrypted,
      client: { proof: 'key' },
    })
  })

  it.each([-365 * 86_400, -91, 365 * 86_400])(
    'is proven %i s from the clock of the wallet: the gate judges its age',
    async (seconds) => {
      expect((await prove({}, later(seconds))).request.nonce).toBe(usual.nonce)
    },
  )

  it.each([
    ['direct_post', { response_mode: 'direct_post' }, 'request_invalid'],
    ['dc_api', { response_mode: 'dc_api' }, 'request_invalid'],
    ['a response_uri', { response_uri: 'https://venue.example/answer' }, 'response_uri'],
    ['a redirect_uri', { redirect_uri: 'https://venue.example/answer' }, 'response_uri'],
    ['no client_id', { client_id: undefined }, 'request_invalid'],
    [
      'the name of another',
      { client_id: `decentralized_identifier:${other.signer.did}` },
      'client_unproven',
    ],
    ['a name without a prefix', { client_id: 'venue' }, 'client_unknown'],
  ] as const)('is refused with %s', async (_, changes, code) => {
    await expect(prove(changes as Partial<RequestObject>)).rejects.toMatchObject({ code })
  })

  it('is refused without a signature, and with the signature of another', async () => {
    const unsigned = readRequestObject(createUnsignedRequestObject(usual))
    await expect(proveGateRequest(unsigned, { trust })).rejects.toMatchObject({
      code: 'client_unproven',
    })
    const jws = await createRequestObject({
      ...{ request: usual, signer, proof: { kind: 'did' } },
      ...{ issuedAt: testNow, expiresAt: later(90) },
    })
    const object = readRequestObject(jws)
    const payload: JsonObject = { ...object.payload, aud: 'https://another.example' }
    await expect(proveGateRequest({ ...object, payload }, { trust })).rejects.toMatchObject({
      code: 'request_audience',
    })
    const altered = `${jws.slice(0, -4)}${jws.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`
    await expect(proveGateRequest(readRequestObject(altered), { trust })).rejects.toMatchObject({
      code: 'request_signature',
    })
  })
})
