import dgram from 'node:dgram'
import dns from 'node:dns'
import net from 'node:net'
import { freshnessPolicies, verifyTrustList } from '@netcert/credential'
import { parseQuery } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createHolder, createTrustDomain, presentTo, testNow } from '../../../test/trust-domain.js'
import { memorySessions } from './memory-sessions.js'
import { createVerifier, verifyOnce } from './verifier.js'

const attempts: string[] = []

function refuse(what: string) {
  return () => {
    attempts.push(what)
    throw new Error(`${what} was tried in a test that allows no network`)
  }
}

beforeEach(() => {
  attempts.length = 0
  vi.spyOn(net.Socket.prototype, 'connect').mockImplementation(refuse('a connection'))
  vi.spyOn(net.Server.prototype, 'listen').mockImplementation(refuse('a port'))
  vi.spyOn(dgram, 'createSocket').mockImplementation(refuse('a datagram'))
  vi.spyOn(dns, 'lookup').mockImplementation(refuse('a name') as never)
  vi.spyOn(dns.promises, 'lookup').mockImplementation(refuse('a name') as never)
  vi.spyOn(globalThis, 'fetch').mockImplementation(refuse('fetch'))
})
afterEach(() => {
  vi.restoreAllMocks()
})

const audience = 'https://shop.example'
const freshness = freshnessPolicies['grace-24h']
const query = parseQuery(queries['age-over-18'])

it('verifies a thousand presentations, from trust list to result, with every socket refused', async () => {
  const domain = await createTrustDomain()
  const trust = await domain.trust()
  const holder = await createHolder()
  const credential = await domain.mint({ jwk: holder.jwk, status: 7 })
  const clock = () => testNow
  const sessions = memorySessions({ clock })
  const verifier = createVerifier({
    ...{ trust: () => trust, audience, clock, freshness, sessions },
    platform: () => null,
  })
  for (let shown = 0; shown < 1_000; shown += 1) {
    const { id: session, nonce } = await verifier.createSession({ query })
    const presentation = await presentTo({ credential, holder, audience, nonce })
    expect((await verifier.verify({ session, presentation })).verified).toBe(true)
  }
  expect(attempts).toEqual([])
})

it('refuses offline too, for a reason that a fetch could have changed', async () => {
  const domain = await createTrustDomain()
  const trust = await domain.trust([])
  const holder = await createHolder()
  const credential = await domain.mint({ jwk: holder.jwk, status: 7 })
  const nonce = 'nonce-of-good-length'
  const presentation = await presentTo({ credential, holder, audience, nonce })
  const now = testNow
  await expect(
    verifyOnce({
      ...{ trust, presentation, audience, nonce, query, freshness, now },
      ...{ replays: null, platform: null },
    }),
  ).rejects.toMatchObject({ code: 'status_unavailable' })
  await expect(
    verifyTrustList({
      token: await domain.trustListToken(),
      rootDids: [],
      now,
      graceSeconds: 0,
      minimumSequence: 0,
    }),
  ).rejects.toMatchObject({ code: 'trust_list_untrusted' })
  expect(attempts).toEqual([])
})

it('would notice a connection', () => {
  expect(() => net.connect(9, '127.0.0.1')).toThrow('a connection was tried')
  expect(attempts).toEqual(['a connection'])
})
