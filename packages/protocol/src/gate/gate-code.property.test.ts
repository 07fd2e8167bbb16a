import { encodeTextBase64Url, type JsonValue } from '@netcert/credential'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { createGateCodeGround, type GateCodeGround } from '../../../../test/gate-code-ground.js'
import { judgeCode } from '../../../../test/gate-code-judgement.js'
import { damages, mutate, withFittingTag } from '../../../../test/gate-code-mutation.js'
import { ProtocolError } from '../errors.js'
import { packAnswer, unpackAnswer } from './answer.js'
import { packChallenge, unpackChallenge } from './challenge.js'

const audience =
  'decentralized_identifier:did:key:zDnaeUKTWUXc1HDpGfKbEK31nKLN19yX5aunFd7VK1CUMeyJu'
const nonce = 'rq9bkbd1xdm3y0u4i3qZ-A'
const known = { audience, nonce }

/** Octets in each form that a code has a mark for, and in some it has none for. */
const octets = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const encoded = (form: BufferEncoding) => (bytes: Uint8Array) => Buffer.from(bytes).toString(form)
const raw = fc.oneof(
  ...[15, 16, 17, 31, 32, 33, 34, 63, 64, 65].map((length) =>
    octets(length).map(encoded('base64url')),
  ),
  ...[31, 32, 33, 48].map((length) => octets(length).map(encoded('base64'))),
)
const word = fc.oneof(
  raw,
  raw.map((text) => `sha256-${text}`),
  fc.constantFrom(audience, nonce, 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK'),
  fc.constantFrom('年满 18 岁', 'urn:netcert:gate-pass:1', 'EC', 'P-256', 'x', 'y', 'kty', 'crv'),
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
)
const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>
const value = fc.oneof(
  json,
  word,
  fc.nat(4_294_967_295),
  fc.nat({ max: 9_999_999_999 }),
  fc.boolean(),
)
/** JSON in any spelling: with blanks, escapes and line ends as well. */
const spelled = fc
  .tuple(fc.dictionary(word, value, { maxKeys: 4 }), fc.constantFrom(undefined, 2, '\t'))
  .map(([object, space]) => JSON.stringify(object, undefined, space))
const part = fc.oneof(
  spelled.map((text) => encodeTextBase64Url(text)),
  raw,
)
const jws = fc.tuple(part, part, raw).map((parts) => parts.join('.'))
const binding = fc.tuple(part, spelled, raw).map(([header, rest, signature]) => {
  const payload = `{"aud":"${audience}","nonce":"${nonce}","more":${rest},"nonce":"${nonce}"}`
  return `${header}.${encodeTextBase64Url(payload)}.${signature}`
})
const presentation = fc
  .tuple(jws, fc.array(part, { maxLength: 5 }), binding)
  .map(([credential, disclosures, kb]) => [credential, ...disclosures, kb].join('~'))

/** What does not fit a QR code is refused; whatever is packed comes back. */
function packed(pack: () => string): string | null {
  try {
    return pack()
  } catch (error) {
    const isTooLong = error instanceof ProtocolError && /holds|too (long|much)/.test(error.message)
    if (isTooLong) return null
    throw error
  }
}

describe('codes of a gate', () => {
  it('give back any presentation as the very text', async () => {
    let longest = 0
    await fc.assert(
      fc.asyncProperty(presentation, async (text) => {
        const code = packed(() => packAnswer({ presentation: text, known }))
        if (code === null) return
        longest = Math.max(longest, text.length)
        const options = { audience, nonces: [nonce], decryptionKeys: [] }
        expect((await unpackAnswer(code, options)).presentation).toBe(text)
      }),
      { numRuns: 300 },
    )
    expect(longest).toBeGreaterThan(500)
  })

  it('give back any request object as the very text', () => {
    const nested = fc.tuple(part, jws, raw).map(([header, inner, signature]) => {
      const payload = JSON.stringify({ verifier_info: [{ data: inner }] })
      return `${header}.${encodeTextBase64Url(payload)}.${signature}`
    })
    fc.assert(
      fc.property(fc.oneof(jws, nested), (text) => {
        const code = packed(() => packChallenge(text))
        if (code !== null) expect(unpackChallenge(code)).toBe(text)
      }),
      { numRuns: 300 },
    )
  })

  it('are nothing when they are anything', async () => {
    const characters = fc.constantFrom(
      ...Array.from('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'),
    )
    const any = fc.oneof(fc.string({ unit: characters, maxLength: 600 }), fc.string())
    await fc.assert(
      fc.asyncProperty(any, async (text) => {
        expect((await judgeCode(`NC1:${text}`, known)).presentation).toBeNull()
        expect(() => unpackChallenge(`NCC1:${text}`)).toThrow(ProtocolError)
      }),
      { numRuns: 300 },
    )
  })
})

// 20,000 of them, and 20,000 with fitting tags: test/gate-codes.soak.test.ts.
describe('mutated codes', () => {
  let ground: GateCodeGround
  let codes: { readonly code: string; readonly presentation: string }[] = []
  beforeAll(async () => {
    ground = await createGateCodeGround()
    const shown = await ground.presentations()
    codes = shown.map((one) => ({ code: packAnswer(one), presentation: one.presentation }))
  })

  it('are refused by a code of their own', async () => {
    const others = codes.map(({ code }) => code)
    await fc.assert(
      fc.asyncProperty(fc.nat(), damages, async (which, damaged) => {
        const { code } = codes[which % codes.length]!
        const mutated = mutate(code, damaged, others)
        if (others.includes(mutated)) return
        expect((await judgeCode(mutated, ground)).presentation).toBeNull()
      }),
      { numRuns: 500 },
    )
  })

  it('with a tag that fits say something else or the same, and are no fault', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), damages, async (which, damaged) => {
        const { code } = codes[which % codes.length]!
        const mutated = withFittingTag(mutate(code, damaged, []), ground.audience, ground.nonce)
        // A guard against hanging, not a measure: a busy machine takes its time.
        expect((await judgeCode(mutated, ground)).milliseconds).toBeLessThan(10_000)
      }),
      { numRuns: 300 },
    )
  })
})
