import { describe, expect, it } from 'vitest'
import { ProtocolError } from './errors.js'
import {
  answerLimits,
  createAnswer,
  createErrorAnswer,
  encodeAnswerForm,
  encryptedAnswerOf,
  parseAnswer,
  parseAnswerReply,
} from './vp-response.js'

const codeOf = (read: () => unknown): string => {
  try {
    read()
  } catch (error) {
    if (error instanceof ProtocolError) return error.code
    throw error
  }
  return 'accepted'
}
const readForm = (body: string) => parseAnswer(Object.fromEntries(new URLSearchParams(body)))

describe('an answer', () => {
  it('comes out of a form as it went in', async () => {
    const vpToken = { a: ['one~'], b: ['two~', 'three~'] }
    const members = await createAnswer({ vpToken, state: 's', encryption: null })
    expect(readForm(encodeAnswerForm(members))).toEqual({
      kind: 'presentations',
      vpToken,
      state: 's',
    })
    const no = await createErrorAnswer({ error: 'access_denied', state: null, encryption: null })
    expect(readForm(encodeAnswerForm(no))).toEqual({
      kind: 'error',
      error: 'access_denied',
      state: null,
    })
  })

  it('may hold members that nobody knows, and errors that nobody knows', () => {
    expect(parseAnswer({ vp_token: { a: ['x'] }, future: {} }).kind).toBe('presentations')
    expect(parseAnswer({ error: 'something_new' })).toMatchObject({ error: 'other' })
  })

  it.each<[string, Record<string, unknown>]>([
    ['nothing', {}],
    ['both an answer and an error', { vp_token: '{"a":["x"]}', error: 'access_denied' }],
    ['a token that is no object', { vp_token: '["x"]' }],
    ['an empty token', { vp_token: '{}' }],
    ['a presentation that is not in a list', { vp_token: '{"a":"x"}' }],
    ['an empty list', { vp_token: '{"a":[]}' }],
    ['an empty presentation', { vp_token: '{"a":[""]}' }],
    ['a presentation that is no text', { vp_token: '{"a":[{}]}' }],
    ['an id that no query can have', { vp_token: '{"a b":["x"]}' }],
    ['a state that stands twice', { vp_token: '{"a":["x"]}', state: ['s', 't'] }],
  ])('is refused with %s', (_, members) => {
    expect(codeOf(() => parseAnswer(members))).toMatch(/^(answer|message)_malformed$/)
  })

  it('is refused when its token is no JSON, or says a thing twice', () => {
    expect(codeOf(() => parseAnswer({ vp_token: 'x' }))).toBe('message_malformed')
    expect(codeOf(() => parseAnswer({ vp_token: '{"a":["x"],"a":["y"]}' }))).toBe(
      'message_malformed',
    )
  })

  it('has at most 64 presentations to one query, and 200 KiB', () => {
    const many = (count: number) => ({
      vp_token: { a: Array.from({ length: count }, () => 'x') },
    })
    const { maxPresentations, maxBytes } = answerLimits
    expect(codeOf(() => parseAnswer(many(maxPresentations - 1)))).toBe('accepted')
    expect(codeOf(() => parseAnswer(many(maxPresentations)))).toBe('accepted')
    expect(codeOf(() => parseAnswer(many(maxPresentations + 1)))).toBe('answer_malformed')
    const long = (length: number) => {
      const token = '{"a":["x"]}'
      return { vp_token: token + ' '.repeat(length - token.length) }
    }
    expect(codeOf(() => parseAnswer(long(maxBytes - 1)))).toBe('accepted')
    expect(codeOf(() => parseAnswer(long(maxBytes)))).toBe('accepted')
    expect(codeOf(() => parseAnswer(long(maxBytes + 1)))).toBe('message_too_large')
  })

  it('has at most 200 members, and none beyond is looked at', () => {
    const keyed = (count: number) => {
      const token = Object.fromEntries(Array.from({ length: count }, (_, at) => [`a${at}`, ['x']]))
      return { vp_token: JSON.stringify(token) }
    }
    expect([199, 200, 201].map((count) => codeOf(() => parseAnswer(keyed(count))))).toEqual([
      'accepted',
      'accepted',
      'message_malformed',
    ])
  })

  it('says whether it is encrypted', () => {
    expect(encryptedAnswerOf({ response: 'jwe' })).toBe('jwe')
    expect(encryptedAnswerOf({ vp_token: '{}' })).toBeNull()
    expect(codeOf(() => encryptedAnswerOf({ response: ['a', 'b'] }))).toBe('answer_malformed')
  })
})

describe('the reply to an answer', () => {
  it('may say where to go on', () => {
    const redirect_uri = 'https://shop.example/done#response_code=1'
    expect(parseAnswerReply(JSON.stringify({ redirect_uri }))).toEqual({
      redirectUri: redirect_uri,
      receipt: null,
    })
    expect(parseAnswerReply('{}')).toEqual({ redirectUri: null, receipt: null })
  })

  it('may bring a receipt, and one that is no text is none', () => {
    expect(parseAnswerReply('{"netcert_receipt":"a.b.c"}').receipt).toBe('a.b.c')
    expect(parseAnswerReply('{"netcert_receipt":{"a":1}}').receipt).toBe(null)
  })

  it('is refused when that is no text, or when it is no JSON', () => {
    for (const no of [
      7,
      'http://[',
      './#/safety?part=erase',
      `https://a.example/${'x'.repeat(9000)}`,
    ]) {
      const reply = JSON.stringify({ redirect_uri: no, netcert_receipt: 'a.b.c' })
      expect(parseAnswerReply(reply)).toEqual({ redirectUri: null, receipt: 'a.b.c' })
    }
    expect(codeOf(() => parseAnswerReply('<html>'))).toBe('message_malformed')
  })
})
