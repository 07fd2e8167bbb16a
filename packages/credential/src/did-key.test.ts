import { p256 } from '@noble/curves/nist.js'
import { ed25519 } from '@noble/curves/ed25519.js'
import fc from 'fast-check'
import { Resolver } from 'did-resolver'
import { describe, expect, it } from 'vitest'
import {
  createDidKey,
  CredentialError,
  decodeBase64Url,
  dereferenceDidKey,
  didKeyResolver,
  encodeBase64Url,
  generateSigner,
  type PublicJwk,
  parsePublicJwk,
  resolveDidKey,
} from './index.js'
import { decodeBase58, encodeBase58 } from './base58.js'

const code = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (error instanceof CredentialError) return error.code
    throw error
  }
  return 'accepted'
}

// did:key v0.9, the first example of each key type
const ED = 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK'
const EC = 'did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169'

function p256Jwk(secret: Uint8Array): PublicJwk {
  const point = p256.getPublicKey(secret, false)
  return {
    kty: 'EC',
    crv: 'P-256',
    x: encodeBase64Url(point.slice(1, 33)),
    y: encodeBase64Url(point.slice(33)),
  }
}

function ed25519Jwk(secret: Uint8Array): PublicJwk {
  return { kty: 'OKP', crv: 'Ed25519', x: encodeBase64Url(ed25519.getPublicKey(secret)) }
}

const secret = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => {
  // Below the group order and not zero, so that every value is a private key.
  const copy = bytes.slice()
  copy[0] = 0x7f
  copy[31] = (copy[31] ?? 0) | 1
  return copy
})

describe('did:key', () => {
  it('resolves the examples of the standard', () => {
    expect(resolveDidKey(ED).alg).toBe('EdDSA')
    expect(resolveDidKey(EC)).toEqual({
      did: EC,
      keyId: `${EC}#${EC.slice(8)}`,
      alg: 'ES256',
      jwk: {
        kty: 'EC',
        crv: 'P-256',
        x: 'fyNYMN0976ci7xqiSdag3buk-ZCwgXU4kz9XNkBlNUI',
        y: 'hW2ojTNfH7Jbi8--CJUo3OCbH3y5n91g-IMA9MLMbTU',
      },
    })
  })

  it('gives every key back, leading zeros included, and agrees with noble on every point', () => {
    fc.assert(
      fc.property(secret, (bytes) => {
        for (const jwk of [p256Jwk(bytes), ed25519Jwk(bytes)]) {
          const did = createDidKey(jwk)
          const resolved = resolveDidKey(did)
          expect(resolved.jwk).toEqual(jwk)
          expect(dereferenceDidKey(resolved.keyId)).toEqual(jwk)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('keeps the leading zero of a coordinate', () => {
    // x = 5 is on the curve: 31 leading zero octets
    const x = new Uint8Array(32)
    x[31] = 5
    const did = `did:key:z${encodeBase58(Uint8Array.of(0x80, 0x24, 0x02, ...x))}`
    const { jwk } = resolveDidKey(did)
    expect(decodeBase64Url(jwk.x)).toEqual(x)
    expect(createDidKey(jwk)).toBe(did)
  })

  it('judges random Ed25519 encodings as noble does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const jwk = { kty: 'OKP', crv: 'Ed25519', x: encodeBase64Url(bytes) }
        let expected = 'accepted'
        try {
          if (ed25519.Point.fromBytes(bytes, false).isSmallOrder()) expected = 'invalid_public_key'
        } catch {
          expected = 'invalid_public_key'
        }
        expect(code(() => parsePublicJwk(jwk))).toBe(expected)
      }),
      { numRuns: 200 },
    )
  })

  it('refuses all points of small order, the two of order 8 included', () => {
    const torsion = ed25519.Point.fromHex(
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
      true,
    )
    let point = ed25519.Point.ZERO
    for (let n = 0; n < 8; n += 1) {
      const jwk = { kty: 'OKP', crv: 'Ed25519', x: encodeBase64Url(point.toBytes()) }
      expect(code(() => parsePublicJwk(jwk))).toBe('invalid_public_key')
      point = point.add(torsion)
    }
  })

  it.each([
    ['another method', 'did:web:example.com', 'invalid_did'],
    ['no text', 5, 'invalid_did'],
    ['an empty value', 'did:key:z', 'invalid_did'],
    ['a leading 1, a second spelling', ED.replace('z6', 'z16'), 'unsupported_key_type'],
    ['a symbol outside base58', `${ED.slice(0, -1)}0`, 'invalid_did'],
    ['a trailing blank', `${ED} `, 'invalid_did'],
    ['a fragment', `${ED}#${ED.slice(8)}`, 'invalid_did'],
    ['a query', `${ED}?versionId=1`, 'invalid_did'],
    ['a version', ED.replace('key:', 'key:1:'), 'invalid_did'],
    ['base64url multibase', 'did:key:u7QGABYzBQc', 'unsupported_multibase'],
    ['too many characters', `did:key:z${'2'.repeat(248)}`, 'too_large'],
    [
      'secp256k1',
      'did:key:zQ3shtxV1FrJfhqE1dvxYRcCknWNjHc3c5X1y3ZSoPDi2aur2',
      'unsupported_key_type',
    ],
  ])('refuses %s', (_name, did, expected) => {
    expect(code(() => resolveDidKey(did))).toBe(expected)
  })

  it.each([
    [255, 'unsupported_key_type'],
    [256, 'unsupported_key_type'],
    [257, 'too_large'],
  ])('reads a DID of %i characters as far as %s', (length, expected) => {
    expect(code(() => resolveDidKey('did:key:z'.padEnd(length, '2')))).toBe(expected)
  })

  it.each([
    ['an overlong key code', [0xed, 0x81, 0x00], 32, 'invalid_multicodec'],
    ['a key code that does not end', [0xff, 0xff, 0xff, 0xff, 0xff], 32, 'invalid_multicodec'],
    ['a short key', [0xed, 0x01], 31, 'invalid_public_key_length'],
    ['an uncompressed point', [0x80, 0x24], 65, 'invalid_public_key_length'],
    ['a compressed point with another prefix', [0x80, 0x24], 33, 'invalid_public_key'],
  ])('refuses %s', (_name, prefix, length, expected) => {
    const bytes = Uint8Array.of(...prefix, ...new Uint8Array(length).fill(9))
    expect(code(() => resolveDidKey(`did:key:z${encodeBase58(bytes)}`))).toBe(expected)
  })

  it('refuses a DID URL whose fragment is not the key', () => {
    expect(code(() => dereferenceDidKey(ED))).toBe('invalid_did_url')
    expect(code(() => dereferenceDidKey(`${ED}#key-1`))).toBe('invalid_did_url')
    expect(code(() => dereferenceDidKey(`${ED}#${EC.slice(8)}`))).toBe('invalid_did_url')
  })

  it('serves did-resolver', async () => {
    const resolver = new Resolver(didKeyResolver())
    const good = await resolver.resolve(EC)
    expect(good.didDocument?.verificationMethod?.[0]?.id).toBe(`${EC}#${EC.slice(8)}`)
    const bad = await resolver.resolve('did:key:zzz')
    expect(bad.didDocument).toBeNull()
    expect(bad.didResolutionMetadata.error).toBe('invalidDid')
  })

  it('names generated keys', async () => {
    for (const alg of ['ES256', 'EdDSA'] as const) {
      const { signer, jwk } = await generateSigner(alg)
      expect(resolveDidKey(signer.did)).toEqual({
        did: signer.did,
        keyId: signer.keyId,
        alg,
        jwk,
      })
    }
  })
})

describe('base58btc', () => {
  it('gives all bytes back, leading zeros included', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(decodeBase58(encodeBase58(bytes))).toEqual(bytes)
      }),
    )
  })
})
