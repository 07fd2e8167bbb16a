import {
  createEncryptionKey,
  decryptMessage,
  type EncryptionJwk,
  encryptMessage,
  issuedResponseSchema,
  parseIssuerMetadata,
  publicEncryptionJwk,
  requestEncryptionKeys,
} from '@netcert/protocol'
import { CompactEncrypt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type CredentialIssuerGround,
  ISSUER,
  newHolderKeys,
  proofsOf,
  startCredentialIssuer,
} from '../../../test/credential-issuer-ground.js'
import { databasesOn } from '../../../test/database-engines.js'

describe('encrypted requests and answers', () => {
  const databases = databasesOn('sqlite')
  let test: CredentialIssuerGround
  let issuerKey: EncryptionJwk

  beforeAll(async () => {
    test = await startCredentialIssuer({ databases })
    const metadata = await fetch(`${test.origin}/.well-known/openid-credential-issuer/tenant`)
    const parsed = parseIssuerMetadata(await metadata.json(), { issuer: ISSUER })
    issuerKey = requestEncryptionKeys(parsed)[0]!
  })
  afterAll(() => test.close())

  const request = async (members: object = {}) => {
    const nonce = await test.nonce()
    const jwt = await proofsOf(await newHolderKeys(2), { nonce, now: test.now })
    return { credential_configuration_id: 'network-certificate', proofs: { jwt }, ...members }
  }
  const send = (body: string) =>
    test.post('/credential', {
      token: test.grant({}),
      body,
      headers: { 'content-type': 'application/jwt' },
    })
  const refused = async (response: Response) => {
    expect(response.headers.get('content-type')).toBe('application/json')
    return [response.status, ((await response.json()) as { error: string }).error]
  }

  it.each([
    ['A128GCM', undefined],
    ['A256GCM', 'DEF'],
  ] as const)('go with %s and zip %s', async (enc, zip) => {
    const own = await createEncryptionKey('answer')
    const wish = {
      jwk: publicEncryptionJwk(own),
      enc,
      ...(zip === undefined ? {} : { zip }),
    }
    const payload = await request({ credential_response_encryption: wish })
    const response = await send(
      await encryptMessage({ payload, recipient: issuerKey, enc, ...(zip ? { zip } : {}) }),
    )
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'application/jwt',
    ])
    const answer = await decryptMessage(await response.text(), {
      keys: [own],
      maxBytes: 200_000,
      maxPlaintextBytes: 200_000,
      allowCompression: zip !== undefined,
    })
    expect(answer).toMatchObject({ kid: 'answer', enc })
    expect(issuedResponseSchema.parse(answer.payload).credentials).toHaveLength(2)
  })

  it('answer an encrypted request in clear when nothing else is asked for', async () => {
    const response = await send(
      await encryptMessage({ payload: await request(), recipient: issuerKey, enc: 'A128GCM' }),
    )
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'application/json',
    ])
  })

  it('never encrypt an error', async () => {
    const own = await createEncryptionKey('answer')
    const wish = { jwk: publicEncryptionJwk(own), enc: 'A128GCM' }
    const payload = await request({ credential_response_encryption: wish, proofs: {} })
    const response = await send(
      await encryptMessage({ payload, recipient: issuerKey, enc: 'A128GCM' }),
    )
    expect(await refused(response)).toEqual([400, 'invalid_proof'])
  })

  it.each([
    ['another enc', { enc: 'A128CBC-HS256' }],
    ['another zip', { enc: 'A128GCM', zip: 'GZIP' }],
    ['no enc', {}],
    [
      'a key of another curve',
      { enc: 'A128GCM', jwk: { kty: 'EC', crv: 'P-384', alg: 'ECDH-ES' } },
    ],
    ['a key without alg', { enc: 'A128GCM', jwk: { kty: 'EC', crv: 'P-256' } }],
  ] as const)('refuse %s for the answer', async (_what, wish) => {
    const own = publicEncryptionJwk(await createEncryptionKey('answer'))
    const payload = await request({ credential_response_encryption: { jwk: own, ...wish } })
    const response = await send(
      await encryptMessage({ payload, recipient: issuerKey, enc: 'A128GCM' }),
    )
    expect(await refused(response)).toEqual([400, 'invalid_encryption_parameters'])
  })

  it('refuse a key that is not on its curve, a foreign key, and what is no JWE', async () => {
    const own = publicEncryptionJwk(await createEncryptionKey('answer'))
    const off = { ...own, y: own.x }
    const wish = { credential_response_encryption: { jwk: off, enc: 'A128GCM' } }
    const payload = await request(wish)
    const batches = () => test.ground.database.kysely.selectFrom('batches').select('id').execute()
    const before = await batches()
    const crooked = await encryptMessage({ payload, recipient: issuerKey, enc: 'A128GCM' })
    expect(await refused(await send(crooked))).toEqual([400, 'invalid_encryption_parameters'])
    expect(await batches()).toEqual(before)
    const foreign = await encryptMessage({ payload, recipient: own, enc: 'A128GCM' })
    expect(await refused(await send(foreign))).toEqual([400, 'invalid_encryption_parameters'])
    expect(await refused(await send('e30.e30.AA'))).toEqual([400, 'invalid_encryption_parameters'])
    const good = await encryptMessage({ payload, recipient: issuerKey, enc: 'A128GCM' })
    const flipped = `${good.slice(0, -3)}${good.endsWith('AAA') ? 'BBB' : 'AAA'}`
    expect(await refused(await send(flipped))).toEqual([400, 'invalid_encryption_parameters'])
  })

  /** A compressed request that is `bytes` long when it is inflated. */
  const compressed = (bytes: number) =>
    new CompactEncrypt(new TextEncoder().encode(`{"a":"${'x'.repeat(bytes - 8)}"}`))
      .setProtectedHeader({
        alg: 'ECDH-ES',
        enc: 'A128GCM',
        zip: 'DEF',
        ...(issuerKey.kid === undefined ? {} : { kid: issuerKey.kid }),
      })
      .encrypt({ kty: 'EC', crv: 'P-256', x: issuerKey.x, y: issuerKey.y })

  it.each([
    [200 * 1024 - 1, 'invalid_credential_request'],
    [200 * 1024, 'invalid_credential_request'],
    [200 * 1024 + 1, 'invalid_encryption_parameters'],
  ])('inflate to %i bytes: %s', async (bytes, error) => {
    expect(await refused(await send(await compressed(bytes)))).toEqual([400, error])
  })

  it('refuse a compressed request that inflates beyond its bound', async () => {
    const jwe = await compressed(20_000_000)
    expect(jwe.length).toBeLessThan(64 * 1024)
    expect(await refused(await send(jwe))).toEqual([400, 'invalid_encryption_parameters'])
  })
})
