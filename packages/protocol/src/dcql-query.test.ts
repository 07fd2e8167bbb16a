import { queries } from '@netcert/schemas'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { parseQuery } from './dcql-query.js'
import { ProtocolError } from './errors.js'
import { publishedQuerySchema } from './published-schema.js'

const certificate = {
  id: 'certificate',
  format: 'dc+sd-jwt',
  meta: { vct_values: ['urn:netcert:network-certificate:1'] },
}
const queryWith = (members: object) => ({ credentials: [{ ...certificate, ...members }] })

function codeOf(value: unknown): string {
  try {
    parseQuery(value)
  } catch (error) {
    if (error instanceof ProtocolError) return error.code
    throw error
  }
  return 'accepted'
}

describe('parseQuery', () => {
  it('reads every named query', () => {
    for (const query of Object.values(queries)) expect(parseQuery(query)).toEqual(query)
  })

  it('ignores members it does not know', () => {
    expect(parseQuery({ ...queryWith({ future: 1 }), later: [] })).toEqual({
      credentials: [certificate],
    })
  })

  it('takes other formats as alternatives and leaves their members alone', () => {
    const mdoc = {
      id: 'mdoc',
      format: 'mso_mdoc',
      meta: { doctype_value: 'a' },
      claims: 'whatever',
    }
    expect(codeOf({ credentials: [certificate, mdoc] })).toBe('accepted')
  })

  it('refuses a query that switches holder binding off', () => {
    expect(codeOf(queryWith({ require_cryptographic_holder_binding: false }))).toBe(
      'holder_binding_required',
    )
    expect(codeOf(queryWith({ require_cryptographic_holder_binding: true }))).toBe('accepted')
  })

  const claim = { id: 'a', path: ['real_person'] }
  it.each<[string, unknown]>([
    ['null', null],
    ['an array', []],
    ['no credentials', { credentials: [] }],
    ['an id with a blank', queryWith({ id: 'a b' })],
    ['two credentials with one id', { credentials: [certificate, certificate] }],
    ['no meta', { credentials: [{ id: 'a', format: 'dc+sd-jwt' }] }],
    ['no vct_values', queryWith({ meta: {} })],
    ['empty vct_values', queryWith({ meta: { vct_values: [] } })],
    ['empty claims', queryWith({ claims: [] })],
    ['an empty path', queryWith({ claims: [{ path: [] }] })],
    ['a negative index', queryWith({ claims: [{ path: ['a', -1] }] })],
    ['a fractional index', queryWith({ claims: [{ path: ['a', 0.5] }] })],
    ['a boolean path step', queryWith({ claims: [{ path: [true] }] })],
    ['null among values', queryWith({ claims: [{ path: ['a'], values: [null] }] })],
    ['a fraction among values', queryWith({ claims: [{ path: ['a'], values: [1.5] }] })],
    ['empty values', queryWith({ claims: [{ path: ['a'], values: [] }] })],
    ['claim_sets without claims', queryWith({ claim_sets: [['a']] })],
    [
      'claim_sets over a claim without id',
      queryWith({ claims: [{ path: ['a'] }], claim_sets: [['a']] }),
    ],
    ['a claim set with an unknown id', queryWith({ claims: [claim], claim_sets: [['b']] })],
    ['two claims with one id', queryWith({ claims: [claim, claim] })],
    ['an empty claim set', queryWith({ claims: [claim], claim_sets: [[]] })],
    [
      'a credential set with an unknown id',
      { credentials: [certificate], credential_sets: [{ options: [['other']] }] },
    ],
    [
      'more than 64 claims',
      queryWith({ claims: Array.from({ length: 65 }, () => ({ path: ['a'] })) }),
    ],
  ])('refuses %s', (_, value) => {
    expect(codeOf(value)).toBe('query_malformed')
  })

  it('names the place of the problem and the section to read', () => {
    expect(() => parseQuery(queryWith({ claims: [{ path: [] }] }))).toThrow(
      /credentials\.0\.claims\.0\.path: .*section 6/,
    )
  })
})

describe('the published JSON Schema', () => {
  it('is the file schemas/dcql-query.schema.json', async () => {
    await expect(publishedQuerySchema()).toMatchFileSnapshot(
      '../../../schemas/dcql-query.schema.json',
    )
  })

  it('accepts the named queries and refuses a malformed one', () => {
    const validate = new Ajv2020().compile(JSON.parse(publishedQuerySchema()) as object)
    for (const query of Object.values(queries)) expect(validate(query)).toBe(true)
    expect(validate(queryWith({ meta: {} }))).toBe(false)
    expect(validate(queryWith({ claims: [{ path: [true] }] }))).toBe(false)
  })
})
