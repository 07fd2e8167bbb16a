import { freshnessPolicies } from '@netcert/credential'
import { parseQuery } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { beforeAll, describe, expect, it } from 'vitest'
import { later, presentTo, testNow } from '../../../test/trust-domain.js'
import {
  audience,
  createVerifierGround,
  over18,
  type VerifierGround,
} from '../../../test/verifier-ground.js'
import { memorySessions } from './memory-sessions.js'
import { memoryReplays } from './replay.js'
import { verifyOnce } from './verifier.js'

let ground: VerifierGround
const clock = () => testNow
const refusal = (code: string) => expect.objectContaining({ code })

beforeAll(async () => {
  ground = await createVerifierGround()
})

/** Of the ground's certificate. */
const shownFor = (nonce: string) =>
  presentTo({ credential: ground.credential, holder: ground.holder, audience, nonce })

describe('a session', () => {
  it('is used up by a response that is refused', async () => {
    const verifier = ground.verifierWith()
    const { id: session, nonce } = await verifier.createSession({ query: over18 })
    await expect(verifier.verify({ session, presentation: 'rubbish' })).rejects.toThrow(
      refusal('malformed_serialization'),
    )
    const presentation = await shownFor(nonce)
    await expect(verifier.verify({ session, presentation })).rejects.toThrow(
      refusal('session_used'),
    )
  })

  it('takes exactly one of 12 simultaneous responses', async () => {
    const verifier = ground.verifierWith()
    const { id: session, nonce } = await verifier.createSession({ query: over18 })
    const presentation = await shownFor(nonce)
    const outcomes = await Promise.allSettled(
      Array.from({ length: 12 }, () => verifier.verify({ session, presentation })),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('expires, and is unknown where it never was', async () => {
    let now = testNow
    const moving = () => now
    const verifier = ground.verifierWith({
      clock: moving,
      sessions: memorySessions({ clock: moving }),
    })
    const { id: session } = await verifier.createSession({ query: over18 })
    now = later(300)
    await expect(verifier.verify({ session, presentation: '' })).rejects.toThrow(
      refusal('session_expired'),
    )
    await expect(verifier.verify({ session: 'never', presentation: '' })).rejects.toThrow(
      refusal('session_unknown'),
    )
  })

  it('is not started for a query that no answer could be judged for', async () => {
    const verifier = ground.verifierWith()
    const signIn = parseQuery(queries['sign-in'])
    await expect(verifier.createSession({ query: signIn })).rejects.toThrow(refusal('unaccredited'))
    const { id, ...same } = over18.credentials[0]!
    const twice = parseQuery({
      credentials: [
        { id: 'a', ...same },
        { id: 'b', ...same },
      ],
    })
    await expect(verifier.createSession({ query: twice })).rejects.toThrow(
      refusal('query_needs_several_presentations'),
    )
    expect(id).toBe('certificate')
  })

  it('carries a nonce and an id that nobody can guess', async () => {
    const sessions = await Promise.all(
      Array.from({ length: 100 }, () => ground.verifierWith().createSession({ query: over18 })),
    )
    const secrets = new Set(sessions.flatMap(({ id, nonce }) => [id, nonce]))
    expect(secrets.size).toBe(200)
    for (const secret of secrets) expect(secret).toMatch(/^[A-Za-z0-9_-]{22}$/)
  })
})

describe('verifyOnce', () => {
  const once = async (options: Partial<Parameters<typeof verifyOnce>[0]> = {}) => {
    const nonce = 'nonce-of-good-length-1'
    const presentation = await shownFor(nonce)
    const freshness = freshnessPolicies['grace-24h']
    const given = {
      trust: ground.trust,
      presentation,
      audience,
      nonce,
      query: over18,
      freshness,
      now: testNow,
    }
    return verifyOnce({ ...given, replays: null, platform: null, ...options })
  }

  it('verifies without a session', async () => {
    expect((await once()).facts).toEqual({ age_equal_or_over: { '18': true } })
  })

  it('refuses a replay, of 12 at once all but one', async () => {
    const replays = memoryReplays({ clock })
    const nonce = 'nonce-of-good-length-1'
    const presentation = await shownFor(nonce)
    const outcomes = await Promise.allSettled(
      Array.from({ length: 12 }, () => once({ presentation, replays })),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await expect(once({ presentation, replays })).rejects.toThrow(refusal('presentation_replayed'))
  })

  it('does not remember what it refused', async () => {
    const replays = memoryReplays({ clock, capacity: 1 })
    await expect(once({ replays, nonce: 'another' })).rejects.toThrow(refusal('kb_nonce'))
    expect((await once({ replays })).verified).toBe(true)
  })
})
