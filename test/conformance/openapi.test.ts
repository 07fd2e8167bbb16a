import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { serveTestIssuer } from '../issuer-server-ground.js'
import { openedForAll } from '../opened-for-all.js'
import { createSignInGround } from '../sign-in-ground.js'
import { createVpGround } from '../vp-platform-ground.js'
import { hasOidfSchemas, oidfFindings } from './oidf-schema.js'

/** What schemas/openapi says, held against the servers that run. */

type Answer = { readonly content?: Readonly<Record<string, { readonly schema: object }>> }
type Operation = { readonly responses: Readonly<Record<string, Answer>> }
type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: object
}

function readDocument(name: string): Document {
  const file = new URL(`../../schemas/openapi/${name}.json`, import.meta.url)
  return JSON.parse(readFileSync(fileURLToPath(file), 'utf8')) as Document
}

const operationsOf = ({ paths }: Document) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method): [string, string] => [method.toUpperCase(), path]),
  )

/** Asks without anything that could be accepted; gives what the document does not say. */
async function surprises(document: Document, base: string, [method, path]: [string, string]) {
  const type = JSON.stringify(document.paths[path]).includes('x-www-form-urlencoded')
    ? 'application/x-www-form-urlencoded'
    : 'application/json'
  const answer = await fetch(base + path.replace(/\{\w+\}/, 'A'.repeat(22)), {
    method,
    redirect: 'manual',
    ...(method === 'POST' ? { headers: { 'content-type': type }, body: '' } : {}),
  })
  const text = await answer.text()
  const { responses } = document.paths[path]![method.toLowerCase()]!
  const said = responses[answer.status] ?? responses[`${String(answer.status)[0]}XX`]
  if (said === undefined) return [`${method} ${path}: ${answer.status} ${text.slice(0, 200)}`]
  const schema = said.content?.['application/json']?.schema
  if (schema === undefined || text === '') return []
  const ajv = new Ajv2020({ strict: false })
  const whole = { ...schema, components: document.components }
  const validate = ajv.compile(whole)
  if (validate(JSON.parse(text))) return []
  return [`${method} ${path}: ${answer.status} ${JSON.stringify(validate.errors)} ${text}`]
}

describe('the issuer that runs', () => {
  const document = readDocument('issuer')
  const served = openedForAll(() => serveTestIssuer({ citizens: 1 }))

  it.each(operationsOf(document))('answers %s %s as its document says', async (...operation) => {
    expect(await surprises(document, served.url, operation)).toEqual([])
  })

  it.skipIf(!hasOidfSchemas)('announces itself as the conformance suite wants it', async () => {
    const read = async (name: string): Promise<unknown> =>
      (await fetch(`${served.url}/.well-known/${name}`)).json()
    const metadata = await read('openid-credential-issuer')
    expect(oidfFindings('credential_issuer_metadata-1_0', metadata)).toEqual([])
    const server = await read('oauth-authorization-server')
    expect(oidfFindings('oauth_authorization_server_metadata', server)).toEqual([])
  })
})

describe('the verifier that runs', () => {
  const document = readDocument('verifier')
  const ground = openedForAll(() => createVpGround())

  const signIn = openedForAll(createSignInGround)

  // A platform with sign-in has them all; `createVpGround` has none of those about accounts.
  it.each(operationsOf(document))('answers %s %s as its document says', async (...operation) => {
    expect(await surprises(document, signIn.baseUrl, operation)).toEqual([])
  })

  it.each(['', '&flow=dc_api'])('starts a request, %s', async (more) => {
    const url = `${ground.baseUrl}/start?query=age-over-18${more}`
    const started = await fetch(url, { method: 'POST' })
    expect(started.status).toBe(201)
    const schema = document.paths['/start']!['post']!.responses['201']!.content!
    const whole = { ...schema['application/json']!.schema, components: document.components }
    expect(new Ajv2020({ strict: false }).compile(whole)(await started.json())).toBe(true)
  })
})
