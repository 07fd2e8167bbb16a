import { createHash, randomBytes as systemBytes } from 'node:crypto'
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CredentialError } from '../errors.js'
import type { PublicJwk } from '../jwk.js'
import * as node from './node.js'
import * as web from './web.js'

const both = [
  ['node', node],
  // The keys of the two are opaque to each other, also to the compiler.
  ['web', web as unknown as typeof node],
] as const

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)
const text = new TextEncoder()

async function codeOf(run: () => unknown): Promise<string> {
  try {
    await run()
  } catch (error) {
    if (error instanceof CredentialError) return error.code
    throw error
  }
  return 'accepted'
}

describe.each(both)('crypto on %s', (_name, crypto) => {
  it.each(['sha-256', 'sha-384', 'sha-512'] as const)('hashes with %s', (alg) => {
    const expected = createHash(alg.replace('-', '')).update('abc')
    expect(crypto.hash(alg, 'abc')).toEqual(Uint8Array.from(expected.copy().digest()))
    expect(crypto.hashBase64Url(alg, text.encode('abc'))).toBe(expected.digest('base64url'))
  })

  it('authenticates as RFC 4231 test case 2 says', () => {
    const tag = crypto.hmacSha256(text.encode('Jefe'), text.encode('what do ya want for nothing?'))
    expect(Buffer.from(tag).toString('hex')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    )
  })

  it('never gives the same random bytes twice, nor lets them change later', () => {
    const drawn = Array.from({ length: 2000 }, () => crypto.randomBytes(16))
    const seen = new Set(drawn.map((it) => it.join()))
    expect(seen.size).toBe(2000)
    expect(new Set(drawn.map((it) => it.join())).size).toBe(2000)
    expect(crypto.randomBytes(10_000)).toHaveLength(10_000)
  })

  it('encodes base64url as Buffer does and decodes it again', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (data) => {
        const encoded = crypto.bytesToBase64Url(data)
        expect(encoded).toBe(Buffer.from(data).toString('base64url'))
        expect(crypto.bytesFromBase64Url(encoded)).toEqual(data)
      }),
    )
  })

  it('takes base64url in one spelling only, as bytes and as text', () => {
    const symbol = fc.constantFrom(...Array.from('ABgwQ9_-+/=. \n~é\u0100\u0141\u0177'))
    fc.assert(
      fc.property(fc.array(symbol, { maxLength: 12 }), (symbols) => {
        const encoded = symbols.join('')
        const canonical = Buffer.from(encoded, 'base64url').toString('base64url') === encoded
        expect(crypto.bytesFromBase64Url(encoded) !== undefined).toBe(canonical)
        let decoded: string | undefined
        try {
          decoded = crypto.textFromBase64Url(encoded)
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError)
          return
        }
        expect(decoded !== undefined).toBe(canonical)
      }),
      { numRuns: 3000 },
    )
  })

  it('codes texts of every length, also beyond its own buffer', () => {
    for (const length of [0, 1, 1000, 100_000, 300_000]) {
      const long = '王'.repeat(length)
      const encoded = crypto.textToBase64Url(long)
      expect(encoded).toBe(Buffer.from(long).toString('base64url'))
      expect(crypto.textFromBase64Url(encoded)).toBe(long)
      expect(crypto.textToBytes(long)).toEqual(Uint8Array.from(Buffer.from(long)))
    }
  })

  it.each(['ES256', 'EdDSA'] as const)('signs and verifies with %s', async (alg) => {
    const { key, jwk } = await crypto.generateSigningKey(alg)
    const message = text.encode('message')
    const signature = await crypto.signData(key, message)
    expect(signature).toHaveLength(64)
    const verifying = await crypto.importVerifyingKey(jwk)
    expect(await crypto.verifySignature(verifying, message, signature)).toBe(true)
    expect(await crypto.verifySignature(verifying, 'message', signature)).toBe(true)
    expect(await crypto.verifySignature(verifying, 'Message', signature)).toBe(false)
    expect(await crypto.verifySignature(verifying, message, signature.slice(1))).toBe(false)
    expect(await crypto.verifySignature(verifying, message, bytes(...signature, 0))).toBe(false)
    expect(await crypto.verifySignature(verifying, message, new Uint8Array(64))).toBe(false)
    const tampered = signature.map((byte, at) => (at === 40 ? byte ^ 1 : byte))
    expect(await crypto.verifySignature(verifying, message, tampered)).toBe(false)
  })

  it('refuses a public key off the curve', async () => {
    const { jwk } = await crypto.generateSigningKey('ES256')
    const off = { ...jwk, y: `A${'y' in jwk ? jwk.y.slice(1) : ''}` } as PublicJwk
    expect(await codeOf(() => crypto.importVerifyingKey(off))).toBe('invalid_public_key')
  })

  it('inflates what it deflates', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (data) => {
        expect(crypto.inflateZlib(crypto.deflateZlib(data), Math.max(1, data.length))).toEqual(data)
        expect(crypto.inflateZlib(deflateSync(data, { level: 0 }), 4000)).toEqual(data)
      }),
      { numRuns: 50 },
    )
  })

  const list = Uint8Array.from(systemBytes(500))
  const good = Uint8Array.from(deflateSync(list))
  const checksumWrong = good.map((byte, at) => (at === good.length - 1 ? byte ^ 1 : byte))
  const dictionary = Uint8Array.from(deflateSync(list, { dictionary: Buffer.from(list) }))
  it.each([
    ['nothing', bytes()],
    ['a byte left over', bytes(...good, 0)],
    ['a second checksum left over', bytes(...good, ...good.slice(-4))],
    ['a second stream', bytes(...good, ...good)],
    ['a cut-off stream', good.slice(0, -6)],
    ['a cut-off checksum', good.slice(0, -1)],
    ['a wrong checksum', checksumWrong],
    ['raw DEFLATE', Uint8Array.from(deflateRawSync(list))],
    ['gzip', Uint8Array.from(gzipSync(list))],
    ['a preset dictionary', dictionary],
    ['plain text', text.encode('no zlib at all, just text')],
  ])('refuses to inflate %s', async (_what, data) => {
    expect(await codeOf(() => crypto.inflateZlib(data, 1000))).toBe('status_list_malformed')
  })

  it('refuses to inflate beyond the bound, and takes exactly the bound', async () => {
    const bomb = Uint8Array.from(deflateSync(Buffer.alloc(5_000_000)))
    expect(await codeOf(() => crypto.inflateZlib(bomb, 4_999_999))).toBe('status_list_too_large')
    expect(crypto.inflateZlib(bomb, 5_000_000)).toHaveLength(5_000_000)
  })
})

describe('the two crypto files', () => {
  it('verify what the other signed', async () => {
    for (const alg of ['ES256', 'EdDSA'] as const) {
      for (const [signing, verifying] of [
        [node, web],
        [web, node],
      ] as const) {
        const { key, jwk } = await signing.generateSigningKey(alg)
        const signature = await signing.signData(key as never, text.encode('both'))
        const imported = await verifying.importVerifyingKey(jwk)
        expect(await verifying.verifySignature(imported as never, 'both', signature)).toBe(true)
      }
    }
  })

  it('judge every point alike', () => {
    const coordinate = fc.uint8Array({ minLength: 32, maxLength: 32 })
    fc.assert(
      fc.property(coordinate, coordinate, fc.boolean(), (x, y, odd) => {
        const decompressed = web.decompressP256(x, odd)
        expect(node.decompressP256(x, odd)).toEqual(decompressed)
        expect(node.isP256Point(x, y)).toBe(web.isP256Point(x, y))
        if (decompressed !== undefined) {
          expect(node.isP256Point(x, decompressed)).toBe(true)
          expect(web.isP256Point(x, decompressed)).toBe(true)
        }
        expect(node.isEd25519Point(x)).toBe(web.isEd25519Point(x))
      }),
      { numRuns: 60 },
    )
  })

  it('export the same names', () => {
    expect(Object.keys(web).toSorted()).toEqual(Object.keys(node).toSorted())
  })
})
