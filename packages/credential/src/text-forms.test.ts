import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  CredentialError,
  createJws,
  credentialLimits,
  decodeBase64Url,
  decodeTextBase64Url,
  derFromRawSignature,
  encodeBase64Url,
  encodeDisclosure,
  encodeTextBase64Url,
  generateSigner,
  joinSdJwt,
  type JsonObject,
  parseDisclosure,
  parseJws,
  rawFromDerSignature,
  splitJws,
  splitSdJwt,
  verifyJws,
} from './index.js'
import { importVerifyingKey } from '@netcert/credential/crypto'

async function codeOf(run: () => unknown): Promise<string> {
  try {
    await run()
  } catch (error) {
    if (error instanceof CredentialError) return error.code
    throw error
  }
  return 'accepted'
}

describe('base64url', () => {
  it('gives bytes and text back', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string({ unit: 'binary' }), (bytes, text) => {
        expect(decodeBase64Url(encodeBase64Url(bytes))).toEqual(bytes)
        expect(decodeTextBase64Url(encodeTextBase64Url(text))).toBe(text)
      }),
    )
  })

  it('takes exactly what encoding the octets again gives', () => {
    const symbol = fc.constantFrom(...Array.from('ABgwQ9_-+/=. \n~é\u0100\u0141\u0177'))
    fc.assert(
      fc.property(fc.array(symbol, { maxLength: 12 }), (symbols) => {
        const text = symbols.join('')
        const canonical = Buffer.from(text, 'base64url').toString('base64url') === text
        let taken = true
        try {
          decodeBase64Url(text)
        } catch {
          taken = false
        }
        expect(taken).toBe(canonical)
      }),
      { numRuns: 5000 },
    )
  })

  it.each(['QQ==', 'QR', 'Q', 'QUE=', 'Q+', 'Q/', 'QU E', 'QU\n', 'Qé', 'QUE.'])(
    'refuses %j',
    async (text) => {
      expect(await codeOf(() => decodeBase64Url(text))).toBe('bad_base64url')
    },
  )

  it('refuses bytes that are no UTF-8', async () => {
    for (const bytes of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80]]) {
      const encoded = encodeBase64Url(Uint8Array.from(bytes))
      expect(await codeOf(() => decodeTextBase64Url(encoded))).toBe('bad_utf8')
    }
  })
})

describe('disclosures', () => {
  it('give name and value back', () => {
    const value = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    )
    fc.assert(
      fc.property(fc.string(), fc.option(fc.string()), value, (salt, name, claim) => {
        const disclosure = { salt, name, value: claim }
        expect(parseDisclosure(encodeDisclosure(disclosure), { maxDepth: 32 })).toEqual(disclosure)
      }),
    )
  })

  it.each([
    ['an object', '{}', 'disclosure_malformed'],
    ['one element', '["s"]', 'disclosure_wrong_arity'],
    ['four elements', '["s","n",1,2]', 'disclosure_wrong_arity'],
    ['a number as salt', '[1,"n",2]', 'disclosure_malformed'],
    ['a number as name', '["s",1,2]', 'disclosure_malformed'],
    ['no JSON', 'x', 'bad_json'],
  ])('refuse %s', async (_name, json, code) => {
    expect(await codeOf(() => parseDisclosure(encodeTextBase64Url(json), { maxDepth: 32 }))).toBe(
      code,
    )
  })
})

describe('the compact serialization', () => {
  it('gives its parts back', () => {
    const part = fc.stringMatching(/^[\w-]{1,20}$/)
    fc.assert(
      fc.property(part, fc.array(part, { maxLength: 10 }), (jwt, disclosures) => {
        const text = joinSdJwt(jwt, disclosures)
        const parts = { jwt, disclosures, keyBindingJwt: null, boundText: text }
        expect(splitSdJwt(text, credentialLimits)).toEqual(parts)
        expect(splitSdJwt(`${text}kb`, credentialLimits)).toEqual({ ...parts, keyBindingJwt: 'kb' })
      }),
    )
  })

  it.each([
    ['no tilde', 'a.b.c', 'malformed_serialization'],
    ['nothing before the tilde', '~a~', 'malformed_serialization'],
    ['an empty disclosure', 'a.b.c~~', 'malformed_serialization'],
    ['a signed part among the disclosures', 'a.b.c~d.e.f~', 'malformed_serialization'],
    ['257 disclosures', `a.b.c~${'d~'.repeat(257)}`, 'too_many_disclosures'],
    ['more than 64 KiB', `a.b.c~${'d'.repeat(65_536)}~`, 'too_large'],
  ])('refuses %s', async (_name, text, code) => {
    expect(await codeOf(() => splitSdJwt(text, credentialLimits))).toBe(code)
  })

  it.each([255, 256])('takes %i disclosures', (count) => {
    expect(splitSdJwt(`a~${'d~'.repeat(count)}`, credentialLimits).disclosures).toHaveLength(count)
  })

  it('has at most 64 KiB', async () => {
    const long = (length: number) => 'a~'.padStart(length, 'a')
    const codes = [65_535, 65_536, 65_537].map((length) =>
      codeOf(() => splitSdJwt(long(length), credentialLimits)),
    )
    expect((await Promise.all(codes))[2]).toBe('too_large')
    expect(new Set((await Promise.all(codes)).slice(0, 2))).not.toContain('too_large')
  })
})

describe('ECDSA signatures', () => {
  it('are the same in both spellings', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (raw) => {
        expect(rawFromDerSignature(derFromRawSignature(raw))).toEqual(raw)
      }),
    )
  })

  it('refuse DER that is none', () => {
    for (const hex of ['', '3000', '30060201010201', '300602010102010100', '30040201010500']) {
      expect(() => rawFromDerSignature(Uint8Array.from(Buffer.from(hex, 'hex')))).toThrow(TypeError)
    }
  })
})

describe('JWS', () => {
  const options = { algorithms: ['ES256', 'EdDSA'], maxDepth: 32 } as const
  const signed = async (header: JsonObject, payload: JsonObject = { a: 1 }) => {
    const { signer, jwk } = await generateSigner('ES256')
    const text = await createJws({ header: { typ: 'test', ...header }, payload, signer })
    return { text, jwk }
  }

  it.each(['ES256', 'EdDSA'] as const)('gives a payload signed with %s back', async (alg) => {
    const { signer, jwk } = await generateSigner(alg)
    const text = await createJws({ header: { typ: 'test' }, payload: { a: '王' }, signer })
    const jws = parseJws(text, options)
    expect(jws.header).toEqual({ alg, typ: 'test' })
    expect(jws.payload).toEqual({ a: '王' })
    await verifyJws(jws, await importVerifyingKey(jwk))
  })

  it('refuses another key, and a key of the other kind', async () => {
    const jws = parseJws((await signed({})).text, options)
    const other = await importVerifyingKey((await generateSigner('ES256')).jwk)
    expect(await codeOf(() => verifyJws(jws, other))).toBe('bad_signature')
    const kind = await importVerifyingKey((await generateSigner('EdDSA')).jwk)
    expect(await codeOf(() => verifyJws(jws, kind))).toBe('alg_key_mismatch')
  })

  it.each([
    ['crit', { crit: ['x'] }, 'crit_unsupported'],
    ['an empty crit', { crit: [] }, 'crit_unsupported'],
    ['an unencoded payload', { b64: false }, 'crit_unsupported'],
    ['alg none', { alg: 'none' }, 'alg_not_allowed'],
    ['alg HS256', { alg: 'HS256' }, 'alg_not_allowed'],
    ['an alg in other case', { alg: 'es256' }, 'alg_not_allowed'],
    ['an alg that is no text', { alg: ['ES256'] }, 'alg_not_allowed'],
  ])('refuses %s', async (_name, header, code) => {
    const { text } = await signed(header as JsonObject)
    expect(await codeOf(() => parseJws(text, options))).toBe(code)
    // Again, in case the header was remembered.
    expect(await codeOf(() => parseJws(text, options))).toBe(code)
  })

  it('refuses characters that shorten to the signed ones', async () => {
    const { text } = await signed({})
    const [header = '', payload = '', signature = ''] = text.split('.')
    const shifted = String.fromCharCode(payload.charCodeAt(0) + 256) + payload.slice(1)
    const forged = [header, shifted, signature].join('.')
    expect(await codeOf(() => splitJws(forged, options))).toBe('bad_base64url')
    expect(await codeOf(() => parseJws(forged, options))).toBe('bad_base64url')
  })

  it.each(['', '.', '..', 'a.b', '.YQ.YQ', 'e30.e30.', 'e30..', 'e30.e30.YQ.YQ'])(
    'refuses the form %j',
    async (text) => {
      expect(await codeOf(() => parseJws(text, options))).not.toBe('accepted')
    },
  )

  it('refuses a payload that is no object, and a header that is none', async () => {
    const array = `${encodeTextBase64Url('{"alg":"ES256"}')}.${encodeTextBase64Url('[]')}.AAAA`
    expect(await codeOf(() => parseJws(array, options))).toBe('payload_not_object')
    const header = `${encodeTextBase64Url('["ES256"]')}.${encodeTextBase64Url('{}')}.AAAA`
    expect(await codeOf(() => parseJws(header, options))).toBe('header_invalid')
  })
})
