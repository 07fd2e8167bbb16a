import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { openedForAll } from '../../../test/opened-for-all.js'
import { later, testNow } from '../../../test/trust-domain.js'
import { createVpGround } from '../../../test/vp-platform-ground.js'
import { answerRequest } from '../../../test/vp-wallet-ground.js'
import { SESSION_CAPACITY, SESSION_SECONDS } from './session.js'
import { RESULT_SECONDS } from './vp-session.js'

const MEGABYTE = 1024 * 1024
const ground = openedForAll(() => createVpGround())

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** What the program holds on to, after everything else was given back. */
function heldBytes(): number {
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const start = () =>
  ground.platform.handler(
    new Request(`${ground.baseUrl}/start?query=age-over-18&return_to=/`, { method: 'POST' }),
  )

/** Statuses of so many starts, and how often each came. */
async function flood(count: number): Promise<Record<number, number>> {
  const statuses: Record<number, number> = {}
  for (let done = 0; done < count; done += 100) {
    const answers = await Promise.all(Array.from({ length: Math.min(100, count - done) }, start))
    for (const { status } of answers) statuses[status] = (statuses[status] ?? 0) + 1
  }
  return statuses
}

describe('a flood of requests that nobody answers', () => {
  it('fills 5,000 places and little memory, is sent away after that, and is over by itself', async () => {
    // The code that comes with the first request is no memory of the flood.
    const first = (await (await start()).json()) as { request_uri: string }
    const before = heldBytes()
    expect(await flood(SESSION_CAPACITY - 1)).toEqual({ 201: SESSION_CAPACITY - 1 })
    const full = heldBytes() - before
    expect(full).toBeLessThan(50 * MEGABYTE)
    expect(await flood(2_000)).toEqual({ 503: 2_000 })
    expect(heldBytes() - before - full).toBeLessThan(5 * MEGABYTE)
    const refused = await start()
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    // Whoever asked before the flood is served as ever.
    const heard = await answerRequest(first.request_uri, ground.held, { issuedAt: testNow })
    expect(heard.status).toBe(200)
    ground.setNow(later(SESSION_SECONDS + RESULT_SECONDS))
    expect((await start()).status).toBe(201)
    expect(heldBytes() - before).toBeLessThan(5 * MEGABYTE)
    ground.setNow(testNow)
  }, 120_000)
})
