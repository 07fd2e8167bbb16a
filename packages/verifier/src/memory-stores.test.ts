import { parseQuery } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { describe, expect, it } from 'vitest'
import { later, testNow } from '../../../test/trust-domain.js'
import { memorySessions } from './memory-sessions.js'
import { memoryReplays } from './replay.js'
import { createSession } from './session.js'

const query = parseQuery(queries['age-over-18'])
const sessionAt = (now: Date) => createSession({ audience: 'shop', query, now })
const refusal = (code: string) => expect.objectContaining({ code })

describe('sessions in memory', () => {
  it('are refused beyond the capacity, and accepted again when old ones have ended', async () => {
    let now = testNow
    const sessions = memorySessions({ capacity: 3, clock: () => now })
    for (let made = 0; made < 3; made += 1) await sessions.put(sessionAt(now))
    await expect(sessions.put(sessionAt(now))).rejects.toThrow(refusal('sessions_full'))
    now = later(300)
    await sessions.put(sessionAt(now))
  })

  it('make room as soon as one is answered', async () => {
    const sessions = memorySessions({ capacity: 1, clock: () => testNow })
    const first = sessionAt(testNow)
    await sessions.put(first)
    expect((await sessions.take(first.id)).state).toBe('taken')
    await sessions.put(sessionAt(testNow))
    expect((await sessions.take(first.id)).state).toBe('used')
  })

  it('hold 5,000 by default, in bounded memory however many come and go', async () => {
    const sessions = memorySessions({ clock: () => testNow })
    for (let made = 0; made < 5_000; made += 1) await sessions.put(sessionAt(testNow))
    await expect(sessions.put(sessionAt(testNow))).rejects.toThrow(refusal('sessions_full'))

    const busy = memorySessions({ capacity: 10, clock: () => testNow })
    const firstIds: string[] = []
    for (let made = 0; made < 1_000; made += 1) {
      const session = sessionAt(testNow)
      await busy.put(session)
      await busy.take(session.id)
      if (made < 10) firstIds.push(session.id)
    }
    // The marks of used sessions are bounded too: the oldest are forgotten, and stay refused.
    for (const id of firstIds) expect((await busy.take(id)).state).toBe('unknown')
  })

  it('refuse a query that would make them large', () => {
    const claims = Array.from({ length: 64 }, (_, at) => ({ path: [`${at}`.padStart(200, 'x')] }))
    const large = parseQuery({
      credentials: [{ id: 'c', format: 'dc+sd-jwt', meta: { vct_values: ['t'] }, claims }],
    })
    expect(() => createSession({ audience: 'shop', query: large, now: testNow })).toThrow(
      refusal('query_too_large'),
    )
  })
})

describe('replays in memory', () => {
  const seen = (nonce: string, until = later(300)) => ({ holderKey: 'key', nonce, until })

  it('are remembered until their own age keeps them out', async () => {
    let now = testNow
    const replays = memoryReplays({ clock: () => now })
    expect(await replays.remember(seen('a'))).toBe(true)
    expect(await replays.remember(seen('a'))).toBe(false)
    expect(await replays.remember({ ...seen('a'), holderKey: 'other' })).toBe(true)
    now = later(300)
    expect(await replays.remember(seen('a', later(600)))).toBe(true)
  })

  it('are never forgotten early: a full cache refuses instead', async () => {
    let now = testNow
    const replays = memoryReplays({ capacity: 2, clock: () => now })
    await replays.remember(seen('a'))
    await replays.remember(seen('b'))
    await expect(replays.remember(seen('c'))).rejects.toThrow(refusal('replays_full'))
    expect(await replays.remember(seen('a'))).toBe(false)
    now = later(300)
    expect(await replays.remember(seen('c', later(600)))).toBe(true)
  })
})
