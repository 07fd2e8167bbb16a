import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CredentialError, memberOf, parseJson, parseJsonObject, sameJson } from './index.js'

const limits = { maxDepth: 32 }

function codeOf(text: string): string {
  try {
    parseJson(text, limits)
  } catch (error) {
    if (error instanceof CredentialError) return error.code
    throw error
  }
  return 'accepted'
}

describe('parseJson', () => {
  it.each(['{"family_name":"Ouyang" oops}', '{"family_name":"Ouyang"', '["Ouyang",]'])(
    'quotes nothing of %s in its error or the cause of it',
    (text) => {
      const errors: unknown[] = []
      try {
        parseJson(text, limits)
      } catch (error) {
        for (let at: unknown = error; at instanceof Error; at = at.cause) errors.push(at.message)
      }
      expect(errors).toHaveLength(1)
      expect(errors.join()).not.toContain('Ouyang')
    },
  )

  it('reads whatever JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const text = JSON.stringify(value)
        // Names that reach a prototype, and halves of surrogate pairs, are refused on purpose.
        fc.pre(!text.includes('__proto__') && !/\p{Surrogate}|\\u[dD][89a-fA-F]/u.test(text))
        expect(parseJson(text, limits)).toEqual(JSON.parse(text))
        expect(parseJson(JSON.stringify(value, null, 3), limits)).toEqual(JSON.parse(text))
      }),
    )
  })

  it.each([
    ['two equal names', '{"a":1,"a":2}', 'duplicate_json_key'],
    ['two equal names, one escaped', '{"a":1,"\\u0061":2}', 'duplicate_json_key'],
    ['two equal names deep inside', '[{"b":[{"a":1,"c":{},"a":1}]}]', 'duplicate_json_key'],
    ['a number beyond a double', '{"a":1e400}', 'bad_json'],
    ['a negative number beyond a double', '[-1e400]', 'bad_json'],
    ['a bare number beyond a double', '1e999', 'bad_json'],
    ['half a surrogate pair in a value', '{"a":"\\ud800"}', 'bad_json'],
    ['half a surrogate pair in a name', '{"\\udc00":1}', 'bad_json'],
    ['a swapped surrogate pair', '["\\udc00\\ud800"]', 'bad_json'],
    ['a member __proto__', '{"a":{"__proto__":{}}}', 'bad_json'],
    ['an escaped member __proto__', '{"\\u005f_proto__":1}', 'bad_json'],
    ['a byte order mark', '\ufeff{}', 'bad_json'],
    ['a trailing comma', '{"a":1,}', 'bad_json'],
    ['NaN', '[NaN]', 'bad_json'],
    ['a comment', '{}//', 'bad_json'],
    ['nothing', '', 'bad_json'],
    ['an unfinished string', '{"a', 'bad_json'],
    ['a control character in a string', '["\n"]', 'bad_json'],
  ])('refuses %s', (_name, text, code) => {
    expect(codeOf(text)).toBe(code)
  })

  it.each([
    ['a colon in a string', '{"a:b":"c:d"}'],
    ['a quote in a string', '{"a\\"":"\\\\"}'],
    ['brackets in strings', `["${'['.repeat(100)}"]`],
    ['a surrogate pair', '["\\ud83d\\ude00"]'],
    ['names of the prototype', '{"constructor":1,"toString":2,"hasOwnProperty":3}'],
    ['the same name at two levels', '{"a":{"a":1}}'],
    ['an empty name', '{"":1}'],
  ])('takes %s', (_name, text) => {
    expect(codeOf(text)).toBe('accepted')
  })

  it('takes as many members as it may have, and not one more', () => {
    const { maxDepth } = limits
    const text = '{"a":{"b":1},"c":[{"d":"x:y"}]}'
    expect(parseJson(text, { maxDepth, maxMembers: 5 })).toEqual(JSON.parse(text))
    expect(parseJson(text, { maxDepth, maxMembers: 4 })).toEqual(JSON.parse(text))
    expect(() => parseJson(text, { maxDepth, maxMembers: 3 })).toThrow(CredentialError)
  })

  it('takes the depth of the limit and refuses one more', () => {
    expect(codeOf('['.repeat(32) + ']'.repeat(32))).toBe('accepted')
    expect(codeOf('['.repeat(33) + ']'.repeat(33))).toBe('too_deep')
    expect(codeOf('{"a":'.repeat(32_000))).toBe('too_deep')
  })

  it('says of other values that they are no object', () => {
    expect(() => parseJsonObject('[]', limits)).toThrow(CredentialError)
    expect(() => parseJsonObject('null', limits)).toThrow(CredentialError)
    expect(parseJsonObject('{}', limits)).toEqual({})
  })

  it('finds own members only', () => {
    expect(memberOf({}, 'constructor')).toBeUndefined()
    expect(memberOf(parseJsonObject('{"constructor":1}', limits), 'constructor')).toBe(1)
  })

  it('compares values, not their order', () => {
    expect(sameJson({ a: [1, { b: null }], c: 'x' }, { c: 'x', a: [1, { b: null }] })).toBe(true)
    expect(sameJson({ a: [1, 2] }, { a: [2, 1] })).toBe(false)
    expect(sameJson({ a: 1 }, { b: 1 })).toBe(false)
    expect(sameJson({}, { constructor: 1 })).toBe(false)
  })
})
