import { describe, expect, it } from 'vitest'
import { parseIssuerMetadata } from './vci-metadata.js'

const issuer = 'https://issuer.example'
const configuration = {
  format: 'dc+sd-jwt',
  vct: 'urn:example:1',
  cryptographic_binding_methods_supported: ['jwk'],
  proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
}
const metadata = (members: object = {}, configured: object = {}) => ({
  credential_issuer: issuer,
  credential_endpoint: `${issuer}/credential`,
  credential_configurations_supported: { it: { ...configuration, ...configured } },
  ...members,
})
const read = (value: unknown) => parseIssuerMetadata(value, { issuer })

describe('metadata of an issuer', () => {
  it('is read without what is not known in it, also formats of others', () => {
    const value = metadata(
      {},
      { unknown: 1, credential_signing_alg_values_supported: [-7], format: 'mso_mdoc' },
    )
    const read1 = read({ ...value, more: true })
    expect(read1).not.toHaveProperty('more')
    expect(read1.credential_configurations_supported['it']?.format).toBe('mso_mdoc')
  })

  it.each([
    ['of another issuer', metadata({ credential_issuer: `${issuer}/` })],
    ['without credential endpoint', metadata({ credential_endpoint: undefined })],
    ['without vct', metadata({}, { vct: undefined })],
    [
      'with proof types and no binding',
      metadata({}, { cryptographic_binding_methods_supported: undefined }),
    ],
    ['with binding and no proof types', metadata({}, { proof_types_supported: undefined })],
    ['with a proof type without algorithms', metadata({}, { proof_types_supported: { jwt: {} } })],
    ['with a batch of one', metadata({ batch_credential_issuance: { batch_size: 1 } })],
    [
      'with encrypted answers but no encrypted requests',
      metadata({
        credential_response_encryption: {
          alg_values_supported: ['ECDH-ES'],
          enc_values_supported: ['A128GCM'],
          encryption_required: false,
        },
      }),
    ],
    ['with a locale twice', metadata({ display: [{ locale: 'en' }, { locale: 'EN' }] })],
    [
      'with a claim twice',
      metadata({}, { credential_metadata: { claims: [{ path: ['a'] }, { path: ['a'] }] } }),
    ],
    ['with an empty path', metadata({}, { credential_metadata: { claims: [{ path: [] }] } })],
    ['that is a list', []],
  ])('is refused %s', (_what, value) => {
    expect(() => read(value)).toThrow(/metadata/)
  })
})
