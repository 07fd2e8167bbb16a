import { describe, expect, it } from 'vitest'
import { plainView } from './issued-view.js'
import type { JsonObject } from './json.js'
import { parseTypeMetadata } from './type-metadata.js'
import { mergeTypeMetadata, resolveTypeMetadata } from './type-metadata-merge.js'
import { assertTypeRules } from './type-metadata-rules.js'

const refusal = (code: string) => expect.objectContaining({ code })
const vct = 'https://types.example/card/1'
const parse = (members: object) => parseTypeMetadata(JSON.stringify({ vct, ...members }))
const parseClaim = (claim: object) => parse({ claims: [{ path: ['a'], ...claim }] })

describe('a type metadata document', () => {
  it('keeps what it says about each claim and ignores what nobody knows', () => {
    const claim = { path: ['a', null, 3], sd: 'always', mandatory: true, svg_id: 'a_1', more: 1 }
    expect(parse({ claims: [claim], schema: {}, extends: 'urn:x:y', name: '卡' })).toEqual({
      vct,
      extends: 'urn:x:y',
      claims: [{ path: ['a', null, 3], sd: 'always', mandatory: true, svgId: 'a_1' }],
    })
  })

  it.each([
    ['no text at all', ''],
    ['an array', '[]'],
    ['no vct', '{}'],
    ['two vct', `{"vct":"${vct}","vct":"${vct}"}`],
    ['a megabyte', `{"vct":"${'a'.repeat(1024 * 1024)}"}`],
  ])('is malformed as %s', (_, text) => {
    expect(() => parseTypeMetadata(text)).toThrow(refusal('type_metadata_malformed'))
  })

  it.each([
    ['claims that are no array', { claims: {} }],
    ['too many claims', { claims: Array.from({ length: 1_025 }, (_, i) => ({ path: [`c${i}`] })) }],
    ['a claim that is no object', { claims: ['a'] }],
    ['two claims of one path', { claims: [{ path: ['a'] }, { path: ['a'] }] }],
    [
      'two claims of one svg_id',
      {
        claims: [
          { path: ['a'], svg_id: 'x' },
          { path: ['b'], svg_id: 'x' },
        ],
      },
    ],
    ['an extends that is no text', { extends: 1 }],
    ['a name that is no text', { name: {} }],
    ['a display that is no array', { display: {} }],
    ['a display without locale', { display: [{ name: 'Card' }] }],
    ['a display without name', { display: [{ locale: 'en' }] }],
    ['a locale with a blank', { display: [{ locale: 'en US', name: 'Card' }] }],
    ['a rendering that is no object', { display: [{ locale: 'en', name: 'C', rendering: 1 }] }],
  ])('is malformed with %s', (_, members) => {
    expect(() => parse(members)).toThrow(refusal('type_metadata_malformed'))
  })

  it.each([
    [{ path: [] }],
    [{ path: 'a' }],
    [{ path: ['a', -1] }],
    [{ path: ['a', 1.5] }],
    [{ path: ['a', true] }],
    [{ path: Array.from({ length: 33 }, () => 'a') }],
    [{ sd: 'sometimes' }],
    [{ mandatory: 'true' }],
    [{ svg_id: '1a' }],
    [{ svg_id: 'a">' }],
    [{ display: [{ label: 'A' }] }],
    [{ display: [{ locale: 'en' }] }],
  ])('is malformed with a claim of %j', (claim) => {
    expect(() => parseClaim(claim)).toThrow(refusal('type_metadata_malformed'))
  })

  const rendering = (value: object) => ({
    display: [{ locale: 'en', name: 'Card', rendering: value }],
  })
  const svg = (...templates: object[]) => rendering({ svg_templates: templates })

  it('takes images by https and data URI only', () => {
    const logo = (uri: unknown) => () => parse(rendering({ simple: { logo: { uri } } }))
    for (const uri of ['https://a.example/l.png', 'data:image/png;base64,AAAA']) {
      expect(logo(uri)).not.toThrow()
    }
    for (const uri of ['http://a.example/l.png', 'file:///l.png', 'javascript:1', undefined]) {
      expect(logo(uri)).toThrow(refusal('type_metadata_malformed'))
    }
  })

  it('wants properties from each of several templates', () => {
    const uri = 'https://a.example/t.svg'
    const properties = { orientation: 'portrait' }
    expect(() => parse(svg({ uri }))).not.toThrow()
    expect(() => parse(svg({ uri, properties }, { uri, properties }))).not.toThrow()
    for (const wrong of [
      svg({ uri, properties }, { uri }),
      svg({ uri, properties: {} }),
      svg({ uri, properties: { orientation: 'round' } }),
      svg({ uri, properties: { colour: 'red' } }),
      svg('x' as never),
    ]) {
      expect(() => parse(wrong)).toThrow(refusal('type_metadata_malformed'))
    }
  })
})

describe('a type that extends another', () => {
  const base = parse({
    vct: 'urn:base',
    display: [{ locale: 'en', name: 'Base' }],
    claims: [
      { path: ['a'], sd: 'always', mandatory: true, display: [{ locale: 'en', label: 'A' }] },
      { path: ['b'] },
    ],
  })
  const extend = (...claims: object[]) => mergeTypeMetadata(base, parse({ claims }))

  it('inherits every claim, combines those of one path, and adds its own', () => {
    expect(extend({ path: ['b'], sd: 'never' }, { path: ['c'] })).toEqual({
      vct,
      display: base.display,
      claims: [base.claims[0], { path: ['b'], sd: 'never' }, { path: ['c'] }],
    })
  })

  it('replaces whole what it says itself', () => {
    const display = [{ locale: 'de', label: 'Ä' }]
    expect(extend({ path: ['a'], display }).claims[0]).toEqual({ ...base.claims[0], display })
    const own = [{ locale: 'de', name: 'Karte' }]
    expect(mergeTypeMetadata(base, parse({ display: own })).display).toEqual(own)
  })

  it.each([
    [{ path: ['a'], sd: 'never' }],
    [{ path: ['a'], sd: 'allowed' }],
    [{ path: ['a'], mandatory: false }],
  ])('must not loosen what is fixed: %j', (claim) => {
    expect(() => extend(claim)).toThrow(refusal('type_metadata_extension_violation'))
  })

  const chain = (length: number) =>
    new Map(
      Array.from({ length }, (_, i) => {
        const next = i + 1 < length ? { extends: `urn:t:${i + 1}` } : {}
        return [`urn:t:${i}`, JSON.stringify({ vct: `urn:t:${i}`, ...next })] as const
      }),
    )
  const resolve = (documents: ReadonlyMap<string, string>, integrity?: string) =>
    resolveTypeMetadata({ vct: 'urn:t:0', integrity, documents, maxDepth: 8 })

  it('is followed to the limit and not beyond', () => {
    expect(resolve(chain(8)).vct).toBe('urn:t:0')
    expect(resolve(chain(9)).vct).toBe('urn:t:0')
    expect(() => resolve(chain(10))).toThrow(refusal('type_metadata_too_deep'))
  })

  it('must not go in circles, and must be at hand, its own and unchanged', () => {
    const circle = new Map([['urn:t:0', '{"vct":"urn:t:0","extends":"urn:t:0"}']])
    expect(() => resolve(circle)).toThrow(refusal('type_metadata_cycle'))
    expect(() => resolve(new Map())).toThrow(refusal('type_metadata_unavailable'))
    const other = new Map([['urn:t:0', '{"vct":"urn:t:9"}']])
    expect(() => resolve(other)).toThrow(refusal('type_metadata_vct_mismatch'))
    expect(() => resolve(chain(1), 'sha256-AAAA')).toThrow(refusal('integrity_mismatch'))
  })
})

describe('the rules of a type', () => {
  const check = (claims: object[], payload: JsonObject, role: 'holder' | 'verifier' = 'verifier') =>
    assertTypeRules(parse({ claims }), plainView(payload), role)

  it('hold a holder to every mandatory claim, a verifier only to those that cannot hide', () => {
    const claims = [{ path: ['a'], mandatory: true }]
    expect(() => check(claims, {})).not.toThrow()
    expect(() => check(claims, {}, 'holder')).toThrow(refusal('mandatory_claim_missing'))
    expect(() => check([{ ...claims[0], sd: 'never' }], {})).toThrow(
      refusal('mandatory_claim_missing'),
    )
    expect(() => check(claims, { a: null }, 'holder')).not.toThrow()
  })

  it('refuse a visible claim that must hide, and a path that does not fit', () => {
    expect(() => check([{ path: ['a'], sd: 'always' }], { a: 1 })).toThrow(
      refusal('sd_rule_violated'),
    )
    expect(() => check([{ path: ['a', 'b'] }], { a: 1 })).toThrow(refusal('claim_path_error'))
    expect(() => check([{ path: ['a', null] }], { a: {} })).toThrow(refusal('claim_path_error'))
    expect(() => check([{ path: ['a', 0] }], { a: {} })).toThrow(refusal('claim_path_error'))
    expect(() => check([{ path: ['a', null] }, { path: ['a', 3] }], { a: [1] })).not.toThrow()
  })
})
