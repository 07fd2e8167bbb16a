import { describe, expect, it } from 'vitest'
import { certificateType, NETWORK_CERTIFICATE } from './certificate-types.js'
import {
  credentialLimits,
  createBatch,
  generateSigner,
  type JsonValue,
  parseDisclosure,
  parseJws,
  splitSdJwt,
} from './index.js'

const issuer = await generateSigner('ES256')
const holder = await generateSigner('ES256')
const status = { uri: 'https://status.example/lists/1', index: 7 }
const shared = {
  type: certificateType(NETWORK_CERTIFICATE),
  signer: issuer.signer,
  claims: {
    network_number: 'AAAAABBBBBCCCCCDDDDD12',
    real_person: 'document+face',
    age_equal_or_over: { '18': true },
  },
  issuedAt: new Date('2027-01-15T08:31:22Z'),
  expiresAt: new Date('2027-02-14T09:59:59Z'),
}

function open(credential: string) {
  const { jwt, disclosures } = splitSdJwt(credential, credentialLimits)
  const { payload } = parseJws(jwt, { algorithms: ['ES256'], maxDepth: 32 })
  return { payload, disclosures: disclosures.map((it) => parseDisclosure(it, { maxDepth: 32 })) }
}

const digestsIn = (value: JsonValue | undefined): readonly string[] =>
  JSON.stringify(value).match(/"[\w-]{43}"/g) ?? []

describe('createBatch', () => {
  it('names the key in each copy only when asked to', async () => {
    const copies = [{ holderJwk: holder.jwk, status: null }]
    for (const namesKey of [true, false]) {
      const [credential = ''] = await createBatch({ ...shared, namesKey, copies })
      const { header } = parseJws(credential.split('~')[0] ?? '', {
        algorithms: ['ES256'],
        maxDepth: 32,
      })
      expect(header['kid']).toBe(namesKey ? issuer.signer.keyId : undefined)
    }
  })

  it('makes copies that share no digest, salt, key, status entry or time below the hour', async () => {
    const keys = await Promise.all(Array.from({ length: 5 }, () => generateSigner('ES256')))
    const copies = keys.map(({ jwk }, index) => ({
      holderJwk: jwk,
      status: { uri: 'https://status.example/lists/1', index },
    }))
    const opened = (await createBatch({ ...shared, copies })).map(open)
    const digests = opened.flatMap(({ payload, disclosures }) => [
      ...digestsIn(payload['_sd']),
      ...disclosures.flatMap(({ value }) => digestsIn(value)),
    ])
    expect(digests).toHaveLength(5 * (16 + 5))
    expect(new Set(digests).size).toBe(digests.length)
    const salts = opened.flatMap((it) => it.disclosures.map(({ salt }) => salt))
    expect(new Set(salts).size).toBe(salts.length)
    expect(opened.map(({ payload }) => payload['cnf'])).toEqual(keys.map(({ jwk }) => ({ jwk })))
    for (const { payload } of opened) expect(Number(payload['iat']) % 3600).toBe(0)
  })

  it('refuses the same holder key in two copies', async () => {
    const holderJwk = holder.jwk
    const copies = [
      { holderJwk, status: null },
      { holderJwk, status: null },
    ]
    await expect(createBatch({ ...shared, copies })).rejects.toMatchObject({
      code: 'copies_not_unlinkable',
    })
  })

  it('refuses the same status entry in two copies', async () => {
    const holderJwk = holder.jwk
    const { jwk } = await generateSigner('EdDSA')
    const copies = [
      { holderJwk, status },
      { holderJwk: jwk, status },
    ]
    await expect(createBatch({ ...shared, copies })).rejects.toMatchObject({
      code: 'copies_not_unlinkable',
    })
  })
})
