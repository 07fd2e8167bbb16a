import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import {
  dereferenceDidKey,
  type JsonObject,
  parseJws,
  signatureAlgorithms,
  verifyJws,
} from '@netcert/credential'
import { importVerifyingKey } from '@netcert/credential/crypto'
import { LIVENESS_TYP, livenessSchema } from '@netcert/issuer'
import { jsonSchemas } from '@netcert/schemas'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { readApplication } from '../../packages/issuer/src/application/application-reading.js'

const file = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const vectors = JSON.parse(file('docs/formats/vectors/application.json')) as {
  readonly today: string
  readonly purposes_digest: string
  readonly applications: readonly {
    readonly title: string
    readonly application: JsonObject
    readonly findings?: readonly (readonly [field: string, code: string])[]
    /** Whether the schema alone finds the fault. */
    readonly schema?: boolean
  }[]
  readonly tokens: readonly {
    readonly title: string
    readonly did: string
    readonly token: string
    readonly payload: JsonObject
  }[]
}
const digest = createHash('sha256').update(file('schemas/purposes.json')).digest('base64url')
const withDigest = (application: JsonObject): unknown =>
  JSON.parse(JSON.stringify(application).replace('<digest>', digest))

describe('docs/formats/application.md', () => {
  it('names the purposes by the digest of their file', () => {
    expect(vectors.purposes_digest).toBe(digest)
  })

  it.each(vectors.applications)('judges an application: $title', (vector) => {
    const application = withDigest(vector.application)
    const validate = new Ajv2020({ strict: false }).compile(jsonSchemas['application'] ?? {})
    expect(validate(application)).toBe(vector.schema ?? true)
    const judged = (() => {
      try {
        readApplication(application, vectors.today)
        return []
      } catch (error) {
        const { findings } = error as { findings: { field: string; code: string }[] }
        return findings.map(({ field, code }) => [field, code])
      }
    })()
    expect(judged).toEqual(vector.findings ?? [])
  })

  it.each(vectors.tokens)('has a token: $title', async ({ did, token, payload }) => {
    const jws = parseJws(token, { algorithms: signatureAlgorithms, maxDepth: 4 })
    const { keyId } = { keyId: jws.header['kid'] as string }
    expect(keyId.startsWith(did)).toBe(true)
    await verifyJws(jws, await importVerifyingKey(dereferenceDidKey(keyId)))
    expect(jws.payload).toEqual(payload)
    const isStatement = jws.header['typ'] === LIVENESS_TYP
    expect(livenessSchema.safeParse(jws.payload).success).toBe(isStatement)
  })
})
