import { credentialErrorCodes } from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import { httpStatusOf } from './http-status.js'
import { refusalKindOf, refusalKinds } from './refusals.js'
import { sentenceFor } from './sentences.js'

const codes = Object.keys(refusalKinds)

describe('every code', () => {
  it('has a kind, those of the credential package included', () => {
    for (const code of credentialErrorCodes) expect(codes).toContain(code)
  })

  it('has sentences in both languages that say what to do', () => {
    for (const code of codes) {
      const { what, cure } = sentenceFor(code, 'en')
      expect(what).toMatch(/^[A-Z][ -~]+\.$/)
      expect(cure).toMatch(/^[A-Z][ -~]+\.$/)
      expect(sentenceFor(code, 'zh-CN').what).toMatch(/\p{Script=Han}.*。$/u)
      expect(sentenceFor(code, 'zh-CN').cure).toMatch(/\p{Script=Han}.*。$/u)
    }
  })

  it('has an HTTP status that fits who can cure it', () => {
    expect(httpStatusOf('status_invalid')).toBe(422)
    expect(httpStatusOf('query_malformed')).toBe(400)
    expect(httpStatusOf('session_used')).toBe(409)
    expect(httpStatusOf('sessions_full')).toBe(503)
    expect(httpStatusOf('response_code_wrong')).toBe(403)
    const known = [400, 401, 403, 404, 409, 413, 422, 429, 500, 503]
    for (const code of codes) expect(known).toContain(httpStatusOf(code))
  })

  it('that is none of ours is a fault', () => {
    for (const code of ['', 'toString', '__proto__', 'ECONNRESET']) {
      expect(refusalKindOf(code)).toBe('fault')
      expect(httpStatusOf(code)).toBe(500)
    }
  })
})
