import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { publishedIssuerApi } from './published-issuer-api.js'
import { publishedVerifierApi } from './published-verifier-api.js'

type Document = {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: object }>>>>
  readonly components: { readonly schemas: Readonly<Record<string, object>> }
}

const documents = [
  ['issuer', publishedIssuerApi()],
  ['verifier', publishedVerifierApi()],
] as const

describe.each(documents)('schemas/openapi/%s.json', (name, text) => {
  const document = JSON.parse(text) as Document

  it('is what the schemas that run say (npm run openapi writes it anew)', async () => {
    await expect(text).toMatchFileSnapshot(`../../../schemas/openapi/${name}.json`)
  })

  it('refers to schemas that are there, and to each that is', () => {
    const references = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, it]) => it)
    const known = Object.keys(document.components.schemas)
    expect(known).toEqual(expect.arrayContaining([...new Set(references)]))
    const spokenOf = known.filter((it) => references.includes(it) || text.includes(`is ${it}.`))
    expect(spokenOf).toEqual(known)
  })

  it('holds JSON Schemas of draft 2020-12, as OpenAPI 3.1 wants them', () => {
    expect(document.openapi).toBe('3.1.1')
    const ajv = new Ajv2020({ strict: false })
    for (const schema of Object.values(document.components.schemas)) {
      expect(ajv.compile(schema)).toBeTypeOf('function')
    }
  })

  it('says of each operation what it answers', () => {
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path))
    expect(operations.length).toBeGreaterThan(6)
    for (const { responses } of operations) expect(Object.keys(responses)).not.toEqual([])
  })
})
