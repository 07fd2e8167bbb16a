import { generateSigner, importSigner, type PrivateJwk, type PublicJwk } from '@netcert/credential'
import { beforeAll, describe, expect, it } from 'vitest'
import { protocolCode } from '../../../test/accreditation-verdict.js'
import { accredited } from '../../../test/accreditation-tokens.js'
import { at, DAY, NOW, stranger } from '../../../test/trust-ground.js'
import type { ClientTrust } from './client-identifier.js'
import {
  createMultisignedDcApiRequest,
  createSignedDcApiRequest,
  createUnsignedDcApiRequest,
  proveDcApiRequest,
} from './dc-api.js'
import { decideRequest } from './minimum-necessity.js'
import { checkRequest, type PresentationRequest } from './presentation-request.js'
import { proveRequest } from './proven-request.js'
import {
  type ClientProof,
  createRequestObject,
  createUnsignedRequestObject,
  readRequestObject,
} from './request-object.js'
import { createVerifierAttestation } from './verifier-attestation.js'
import type { RequestObject } from './vp-request.js'
import { createCertificateAuthority, issueLeafCertificate } from './x509-certificate.js'
import { x509HashOf } from './x509-chain.js'

const ORIGIN = 'https://shop.example'
const validity = { notBefore: at(-DAY), notAfter: at(DAY) }

async function newPrivateKey(): Promise<PrivateJwk> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const { privateKey } = await crypto.subtle.generateKey(algorithm, true, ['sign'])
  const { x = '', y = '', d = '' } = await crypto.subtle.exportKey('jwk', privateKey)
  return { kty: 'EC', crv: 'P-256', x, y, d }
}

const privateJwk = await newPrivateKey()
const { d: _, ...jwk } = privateJwk
const signer = await importSigner(privateJwk)
const attester = await generateSigner('ES256')
const authorityKey = await newPrivateKey()
const certificate = await createCertificateAuthority({ name: 'CA', key: authorityKey, ...validity })
const leaf = await issueLeafCertificate({
  authority: { certificate, key: authorityKey },
  subjectKey: jwk as PublicJwk,
  name: 'shop',
  dnsNames: ['shop.example'],
  uris: [],
  ...validity,
})
const trust: ClientTrust = {
  anchors: { certificates: [certificate] },
  attesters: [{ iss: 'https://attester.example', key: attester.jwk }],
  now: NOW,
}
const attestation = await createVerifierAttestation({
  signer: attester.signer,
  iss: 'https://attester.example',
  subject: 'shop',
  key: jwk as PublicJwk,
  issuedAt: at(-60),
  expiresAt: at(DAY),
})

const identities: readonly (readonly [clientId: string, proof: ClientProof])[] = [
  [`decentralized_identifier:${signer.did}`, { kind: 'did' }],
  ['x509_san_dns:shop.example', { kind: 'x5c', chain: [leaf] }],
  [`x509_hash:${await x509HashOf(leaf)}`, { kind: 'x5c', chain: [leaf] }],
  ['verifier_attestation:shop', { kind: 'attestation', jwt: attestation }],
]

let accreditation: Awaited<ReturnType<typeof accredited>>
beforeAll(async () => {
  accreditation = await accredited({ requestJwk: jwk as PublicJwk })
})

const alternatives = [{ 'zh-CN': '可到柜台办理', en: 'You can come to the counter' }]
const requestOf = (changes: Partial<RequestObject> = {}): RequestObject => ({
  response_type: 'vp_token',
  response_mode: 'direct_post',
  nonce: 'n-0S6',
  response_uri: 'https://shop.example/response',
  dcql_query: {
    credentials: [
      {
        id: 'a',
        format: 'dc+sd-jwt',
        meta: { vct_values: ['urn:netcert:network-certificate:1'] },
        claims: [{ path: ['real_person'] }],
      },
    ],
  },
  verifier_info: [{ format: 'registration_cert', data: accreditation.token }],
  netcert_alternatives: alternatives,
  ...changes,
})
const signed = (clientId: string, proof: ClientProof, changes: Partial<RequestObject> = {}) =>
  createRequestObject({
    request: requestOf({ client_id: clientId, ...changes }),
    signer,
    proof,
    issuedAt: at(-5),
    expiresAt: at(300),
  })
const prove = async (object: string, clientId: string): Promise<PresentationRequest> =>
  checkRequest(
    await proveRequest(readRequestObject(object), {
      clientId,
      walletNonce: null,
      requestUri: null,
      trust,
    }),
    { transactionTypes: [] },
  )
const verdictOf = ({ requestKey, query }: PresentationRequest) =>
  decideRequest({ accreditation, requestKey, query, recent: [], holdsNumber: false })

describe('a request with an accreditation', () => {
  it.each(identities)('is tied to it by the key of %s', async (clientId, proof) => {
    const request = await prove(await signed(clientId, proof), clientId)
    expect(request.requestKey).toEqual(jwk)
    expect(request.accreditationTokens).toEqual([accreditation.token])
    expect(request.alternatives).toEqual(alternatives)
    expect(verdictOf(request).outcome).toBe('allow')
    const theirs = { ...accreditation, requestJwk: stranger.jwk }
    const { requestKey, query } = request
    const asked = { requestKey, query, recent: [], holdsNumber: false }
    expect(decideRequest({ ...asked, accreditation: theirs }).code).toBe('accreditation_key')
  })

  it('that nobody signed has no key, so that no accreditation counts for it', async () => {
    const clientId = 'redirect_uri:https://shop.example/response'
    const object = createUnsignedRequestObject(requestOf({ client_id: clientId }))
    const request = await prove(object, clientId)
    expect(request.requestKey).toBe(null)
    expect(verdictOf(request).code).toBe('accreditation_key')
  })

  it('comes through a browser too: signed, signed by several, and unsigned', async () => {
    const browser = { response_mode: 'dc_api' as const, expected_origins: [ORIGIN] }
    const { response_uri: _uri, ...request } = requestOf(browser)
    const [clientId, proof] = identities[0] ?? ['', { kind: 'did' } as const]
    const one = await createRequestObject({
      request: { ...request, client_id: clientId },
      signer,
      proof,
      issuedAt: at(-5),
      expiresAt: at(300),
    })
    const several = await createMultisignedDcApiRequest({
      request,
      signatures: [
        { clientId: 'x509_san_dns:other.example', signer: stranger.signer, proof },
        { clientId, signer, proof },
      ],
    })
    for (const asked of [createSignedDcApiRequest(one), several]) {
      const proven = await proveDcApiRequest(asked, { origin: ORIGIN, trust })
      expect(checkRequest(proven, { transactionTypes: [] }).requestKey).toEqual(jwk)
    }
    const bare = createUnsignedDcApiRequest(request)
    const proven = await proveDcApiRequest(bare, { origin: ORIGIN, trust })
    expect(checkRequest(proven, { transactionTypes: [] }).requestKey).toBe(null)
  })
})

describe('what else a request brings', () => {
  const [clientId, proof] = identities[0] ?? ['', { kind: 'did' } as const]

  it('may be nothing: then nothing is accredited and no alternative is named', async () => {
    const { verifier_info: _info, netcert_alternatives: _other, ...bare } = requestOf()
    const object = await createRequestObject({
      request: { ...bare, client_id: clientId },
      signer,
      proof,
      issuedAt: at(-5),
      expiresAt: at(300),
    })
    const request = await prove(object, clientId)
    expect(request).toMatchObject({ accreditationTokens: [], alternatives: [] })
  })

  it('is left out where it could not be shown, but the request stands', async () => {
    const unshowable = [{ 'zh-CN': '好\u202e', en: 'a' }] as typeof alternatives
    const changes = { netcert_alternatives: unshowable }
    const request = await prove(await signed(clientId, proof, changes), clientId)
    expect(request.alternatives).toEqual([])
  })

  it('is bounded: 17 pieces of verifier_info are refused', async () => {
    const entry = { format: 'registration_cert', data: accreditation.token }
    const of = async (count: number) => {
      const object = await signed(clientId, proof, { verifier_info: Array(count).fill(entry) })
      return prove(object, clientId).then(() => 'read', protocolCode)
    }
    expect(await of(16)).toBe('read')
    expect(await of(17)).toBe('request_invalid')
  })
})
