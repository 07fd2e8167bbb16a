import { describe, expect, it } from 'vitest'
import { digestDisclosure, encodeDisclosure } from './disclosure.js'
import { satisfyDemands } from './claim-demands.js'
import { selectClaims } from './claim-path.js'
import { plainView } from './issued-view.js'
import type { JsonObject } from './json.js'
import { credentialLimits } from './limits.js'
import { processSdJwt } from './sd-jwt-process.js'

const refusal = (code: string) => expect.objectContaining({ code })
const element = (value: string) => encodeDisclosure({ salt: `s-${value}`, name: null, value })
const held = (value: string) => ({ '...': digestDisclosure('sha-256', element(value)) })

/** An array of three as issued, whose middle element is held back. */
const withHole = () =>
  processSdJwt({
    payload: { list: [held('first'), held('second'), 'third'], plain: { a: [{ b: 1 }, { b: 2 }] } },
    disclosures: [element('first')],
    hashAlgorithm: 'sha-256',
    limits: credentialLimits,
  })
const satisfy = (...paths: (string | number | null)[][]) =>
  satisfyDemands(withHole(), [paths.map((path) => ({ path }))])

describe('a path into an array', () => {
  it('counts the array as issued, what is held back included', () => {
    const values = (path: (string | number | null)[]) =>
      selectClaims(withHole(), path).map(({ value, disclosed }) => [value, disclosed])
    expect(values(['list', 0])).toEqual([['first', true]])
    expect(values(['list', 1])).toEqual([[undefined, true]])
    expect(values(['list', 2])).toEqual([['third', false]])
    expect(values(['list', 3])).toEqual([])
    expect(values(['list', null])).toHaveLength(3)
  })

  it('selects nothing below an element that is held back', () => {
    expect(selectClaims(withHole(), ['list', 1, 'x'])).toEqual([])
    expect(() => selectClaims(withHole(), ['list', 0, 'x'])).toThrow(refusal('claim_path_error'))
  })
})

describe('what was asked for', () => {
  it('comes out with its place in objects, and only as far as a path leads', () => {
    expect(satisfy(['list', 2])).toEqual({ list: ['third'] })
    expect(satisfy(['list', 0], ['list', 2])).toEqual({ list: ['first', 'third'] })
    expect(satisfy(['list', null])).toEqual({ list: ['first', 'third'] })
    expect(satisfy(['plain', 'a', 1, 'b'])).toEqual({ plain: { a: [{ b: 2 }] } })
    expect(satisfy(['plain', 'a', null, 'b'], ['plain'])).toEqual({
      plain: { a: [{ b: 1 }, { b: 2 }] },
    })
  })

  it('is not there when the element is held back or the path does not fit', () => {
    for (const path of [['list', 1], ['list', 3], ['list', 'x'], ['plain', null], ['nothing']]) {
      expect(() => satisfy(path)).toThrow(refusal('query_unsatisfied'))
    }
  })

  it('may have one of several values, compared as JSON values', () => {
    const view = plainView({ n: 1, s: '1', list: ['a', 'b'], o: {} })
    const has = (path: (string | null)[], ...values: (string | number | boolean)[]) => {
      return () => satisfyDemands(view, [[{ path, values }]])
    }
    expect(has(['n'], 2, 1)).not.toThrow()
    expect(has(['list', null], 'b')).not.toThrow()
    for (const wrong of [has(['n'], '1', true), has(['s'], 1), has(['o'], 'x'), has(['n'])]) {
      expect(wrong).toThrow(refusal('query_unsatisfied'))
    }
  })

  it('reaches no prototype', () => {
    const payload = JSON.parse('{"constructor":1}') as JsonObject
    expect(satisfyDemands(plainView(payload), [[{ path: ['constructor'] }]])).toEqual({
      constructor: 1,
    })
    for (const name of ['toString', '__proto__', 'hasOwnProperty']) {
      expect(() => satisfyDemands(plainView(payload), [[{ path: [name] }]])).toThrow(
        refusal('query_unsatisfied'),
      )
    }
  })
})
