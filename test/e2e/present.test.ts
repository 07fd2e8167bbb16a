import { freshnessPolicies } from '@netcert/credential'
import { parseQuery } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { createVerifier, memorySessions } from '@netcert/verifier'
import { createVerifierServer } from '@netcert/verifier/http'
import { readTrust } from '@netcert/verifier/published-lists'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Listening, listen } from '../../scripts/src/demo/listen.js'
import { AUDIENCE, type Ground, makeGround, mint, present, publish } from './triangle.js'

const clock = () => new Date()

let ground: Ground
let platform: Listening
let wallet: string

beforeAll(async () => {
  ground = await makeGround()
  wallet = ground.folder.at('wallet')
  await mint(ground, wallet)
  const listsDir = await publish(ground)
  const rootDid = readFileSync(join(ground.issuer, 'root.did'), 'utf8').trim()
  const trust = await readTrust({ rootDid, listsDir, now: clock() })
  const verifier = createVerifier({
    trust: () => trust,
    audience: AUDIENCE,
    clock,
    freshness: freshnessPolicies['grace-24h'],
    sessions: memorySessions({ clock }),
    platform: () => null,
  })
  const named = new Map(Object.entries(queries).map(([name, query]) => [name, parseQuery(query)]))
  const server = createVerifierServer({ verifier, queries: named, health: () => ({}) })
  platform = await listen({ server, port: 0, orAnother: false })
})
afterAll(async () => {
  await platform.close()
  ground.folder.remove()
})

async function post(path: string, body: object): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${platform.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: await response.json() }
}

/** The platform asks: over 18? */
async function ask(): Promise<{ id: string; nonce: string; audience: string }> {
  const { status, body } = await post('/sessions', { query: 'age-over-18' })
  expect(status).toBe(201)
  return body as { id: string; nonce: string; audience: string }
}

describe('present: request, wallet, response over HTTP', () => {
  it('proves a fact and nothing else', async () => {
    const { id, nonce, audience } = await ask()
    expect(audience).toBe(AUDIENCE)
    const presentation = await present(wallet, nonce)
    const answer = await post(`/sessions/${id}/presentation`, { presentation })
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({
      verified: true,
      facts: { age_equal_or_over: { '18': true } },
    })
    expect(Object.keys(answer.body as object)).not.toContain('identity')
    // Two disclosures on the wire: the ages as a whole, and the one that was asked for.
    const carried = presentation.split('~').slice(1, -1)
    const names = carried.map((text) => JSON.parse(Buffer.from(text, 'base64url').toString())[1])
    expect(new Set(names)).toEqual(new Set(['18', 'age_equal_or_over']))
  })

  it('takes one answer to a session, the same one twice neither', async () => {
    const { id, nonce } = await ask()
    const presentation = await present(wallet, nonce)
    expect((await post(`/sessions/${id}/presentation`, { presentation })).status).toBe(200)
    const again = await post(`/sessions/${id}/presentation`, { presentation })
    expect(again).toMatchObject({ status: 409, body: { error: 'session_used' } })
  })

  it('refuses the answer to another session, and uses both up', async () => {
    const [first, second] = [await ask(), await ask()]
    const presentation = await present(wallet, first.nonce)
    const crossed = await post(`/sessions/${second.id}/presentation`, { presentation })
    expect(crossed).toMatchObject({ status: 422, body: { error: 'kb_nonce' } })
    const late = await post(`/sessions/${second.id}/presentation`, { presentation })
    expect(late.body).toMatchObject({ error: 'session_used' })
  })

  it('refuses an answer made for somebody else', async () => {
    const { id, nonce } = await ask()
    const presentation = await present(wallet, nonce, '--audience', 'https://other.example')
    const answer = await post(`/sessions/${id}/presentation`, { presentation })
    expect(answer).toMatchObject({ status: 422, body: { error: 'kb_aud' } })
  })

  it('gives equal answers to a stranger’s session and to none', async () => {
    const unknown = await post('/sessions/AAAAAAAAAAAAAAAAAAAAAA/presentation', {
      presentation: 'x',
    })
    expect(unknown).toMatchObject({ status: 404, body: { error: 'session_unknown' } })
  })
})
