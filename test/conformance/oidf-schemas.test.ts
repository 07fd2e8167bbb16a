import { generateSigner } from '@netcert/credential'
import {
  createEncryptionKey,
  createKeyProof,
  createOfferLink,
  createSignedDcApiRequest,
  createUnsignedDcApiRequest,
  PRE_AUTHORIZED_GRANT,
  parseCredentialOffer,
  parseQuery,
  publicEncryptionJwk,
  type RequestObject,
  requestObjectSchema,
} from '@netcert/protocol'
import { queries, typeMetadataDocuments } from '@netcert/schemas'
import { describe, expect, it } from 'vitest'
import { createIssuerMetadata, LOCALES } from '../../packages/issuer/src/vci-metadata.js'
import { hasOidfSchemas, type OidfSchemaName, oidfFindings } from './oidf-schema.js'

/** What we send, against the JSON Schemas with which the OpenID Foundation's suite reads it. */

const now = new Date('2026-03-01T08:00:00Z')
const baseUrl = 'https://issuer.example/cn'

const offer = {
  credential_issuer: baseUrl,
  credential_configuration_ids: ['network-certificate'],
  grants: {
    authorization_code: { issuer_state: 'oaKazRN8I0IbtZ0C7JuMn5' },
    [PRE_AUTHORIZED_GRANT]: {
      'pre-authorized_code': 'adhjhdjajkdkhjhdj',
      tx_code: { input_mode: 'numeric' as const, length: 6, description: 'code' },
    },
  },
}

async function credentialRequest() {
  const { signer, jwk } = await generateSigner('ES256')
  const encryption = await createEncryptionKey('1')
  const proof = await createKeyProof({
    signer,
    jwk,
    keyBy: 'jwk',
    audience: baseUrl,
    issuedAt: now,
    nonce: 'n-0S6_WzA2Mj',
    clientId: null,
  })
  return {
    credential_configuration_id: 'network-certificate',
    proofs: { jwt: [proof] },
    credential_response_encryption: { jwk: publicEncryptionJwk(encryption), enc: 'A128GCM' },
  }
}

const request: RequestObject = {
  response_type: 'vp_token',
  response_mode: 'dc_api',
  nonce: 'n-0S6_WzA2Mj',
  dcql_query: queries['age-over-18'],
  verifier_info: [{ format: 'jwt', data: 'eyJ.eyJ.sig', credential_ids: ['certificate'] }],
}

describe.skipIf(!hasOidfSchemas)('what the conformance suite’s schemas say to', () => {
  it.each([true, false])(
    'the metadata of our issuer, key attestations: %s',
    async (attestations) => {
      const metadata = createIssuerMetadata({
        baseUrl,
        signingAlgorithm: 'ES256',
        encryptionKey: await createEncryptionKey('1'),
        attestations,
        presenceUri: null,
        locales: LOCALES,
      })
      expect(oidfFindings('credential_issuer_metadata-1_0', metadata)).toEqual([])
    },
  )

  it('a credential offer of ours, read back from its link', () => {
    const link = createOfferLink({ kind: 'value', offer: parseCredentialOffer(offer) })
    const sent = new URL(link).searchParams.get('credential_offer') ?? ''
    expect(oidfFindings('credential_offer-1_0', JSON.parse(sent))).toEqual([])
  })

  it('a credential request of ours', async () => {
    expect(oidfFindings('credential_request-1_0', await credentialRequest())).toEqual([])
  })

  it.each(Object.entries(queries))('our query %s, as written and as sent', (_name, query) => {
    const { dcql_query } = requestObjectSchema.parse({ ...request, dcql_query: query })
    expect(oidfFindings('dcql_request', dcql_query)).toEqual([])
    expect(oidfFindings('dcql_request', parseQuery(dcql_query))).toEqual([])
  })

  it('the verifier_info of a request to a browser', () => {
    const { data } = createUnsignedDcApiRequest(request)
    const { verifier_info } = data
    expect(oidfFindings('verifier_info', { verifier_info })).toEqual([])
    expect(createSignedDcApiRequest('a.b.c').data).toEqual({ request: 'a.b.c' })
  })

  // The suite warns of members it does not know; SD-JWT VC §6.2 allows them, and ours say so by name.
  it.each(typeMetadataDocuments)('our type metadata of $vct, less its own members', (document) => {
    const standard = JSON.parse(JSON.stringify(document), (name: string, value: unknown) =>
      name.startsWith('netcert_') ? undefined : value,
    )
    expect(oidfFindings('type_metadata', standard)).toEqual([])
  })
})

describe.skipIf(!hasOidfSchemas)('these schemas refuse', () => {
  it.each<[string, OidfSchemaName, unknown]>([
    ['metadata without an endpoint', 'credential_issuer_metadata-1_0', { credential_issuer: 'x' }],
    ['an offer of nothing', 'credential_offer-1_0', { ...offer, credential_configuration_ids: [] }],
    ['a request for nothing', 'credential_request-1_0', { proofs: { jwt: ['a.b.c'] } }],
    ['a query without credentials', 'dcql_request', { credentials: [] }],
    ['an empty verifier_info', 'verifier_info', { verifier_info: [] }],
    ['a type without a vct', 'type_metadata', { name: 'nameless' }],
    ['a server whose name is a number', 'oauth_authorization_server_metadata', { issuer: 5 }],
  ])('%s', (_what, schema, message) => {
    expect(oidfFindings(schema, message)).not.toEqual([])
  })
})
