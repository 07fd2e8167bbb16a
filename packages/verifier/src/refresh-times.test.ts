import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { later } from '../../../test/trust-domain.js'
import { createVerifierGround, type VerifierGround } from '../../../test/verifier-ground.js'
import { memorySessions } from './memory-sessions.js'
import { type Beat, openTrustSource } from './trust-source.js'

const HOUR = 3_600
let home = ''
let server: Server
let ground: VerifierGround
let asked = 0

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'netcert-refresh-'))
  ground = await createVerifierGround()
  const lists: Record<string, string> = {
    '/trust-list.jwt': await ground.domain.trustListToken(),
    '/status/1.jwt': await ground.domain.statusListToken(),
  }
  asked = 0
  server = createServer((request, response) => {
    asked += 1
    const text = lists[request.url ?? '']
    response.writeHead(text === undefined ? 404 : 200).end(text)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const settings = {
    ...{ base_url: 'https://shop.example', root_did: ground.domain.rootDid, lists: { url } },
    ...{ freshness: 'grace-24h', created_at: '' },
  }
  await writeFile(join(home, 'verifier.json'), JSON.stringify(settings))
})
afterEach(async () => {
  server.close()
  await rm(home, { recursive: true, force: true })
})

/** Pearson's coefficient of two series of the same length. */
function correlation(one: readonly number[], other: readonly number[]): number {
  const mean = (series: readonly number[]) =>
    series.reduce((sum, value) => sum + value, 0) / series.length
  const [a, b] = [mean(one), mean(other)]
  const product = one.reduce((sum, value, at) => sum + (value - a) * ((other[at] ?? 0) - b), 0)
  const square = (series: readonly number[], middle: number) =>
    series.reduce((sum, value) => sum + (value - middle) ** 2, 0)
  return product / Math.sqrt(square(one, a) * square(other, b))
}

/** An hour of a verifier in steps of a second, on a clock of its own. */
async function anHour(presentationsIn: (second: number) => number) {
  let second = 0
  const clock = () => later(second)
  const due: { at: number; work: () => Promise<void> }[] = []
  const beat: Beat = (milliseconds, work) => {
    due.push({ at: second + milliseconds / 1000, work })
    return () => due.splice(0)
  }
  const source = await openTrustSource({
    ...{ dir: home, clock, allowHttpLoopback: true, beat },
    onError: (error) => expect.unreachable(String(error)),
  })
  const sessions = memorySessions({ clock })
  const verifier = ground.verifierWith({ trust: source.trust, clock, sessions })
  const fetches: number[] = []
  const presentations: number[] = []
  for (; second < HOUR; second += 1) {
    const before = asked
    const count = presentationsIn(second)
    for (let at = 0; at < count; at += 1) await ground.answer(verifier, { issuedAt: clock() })
    expect(asked, 'requests for lists while verifying').toBe(before)
    presentations.push(count)
    const now = due.findIndex(({ at }) => at <= second)
    const [task] = now < 0 ? [] : due.splice(now, 1)
    await task?.work()
    fetches.push(asked > before ? 1 : 0)
  }
  source.close()
  return { fetches, presentations }
}

describe('the times at which lists are fetched', () => {
  it('follow a beat of their own with chance in it, whatever is presented when', async () => {
    const { fetches, presentations } = await anHour((second) =>
      // Somebody now and then, and a crowd in every seventh minute: not in step with the five of the
      // beat, or chance alone would join them now and then.
      second % 420 < 20 || Math.random() < 0.05 ? 1 : 0,
    )
    const total = presentations.reduce((sum, count) => sum + count, 0)
    expect(total).toBeGreaterThan(200)
    expect(Math.abs(correlation(fetches, presentations))).toBeLessThan(0.1)
    const times = fetches.flatMap((fetched, second) => (fetched === 1 ? [second] : []))
    const gaps = times.slice(1).map((time, at) => time - (times[at] ?? 0))
    expect(gaps.length).toBeGreaterThan(8)
    for (const gap of gaps) {
      expect(gap).toBeGreaterThanOrEqual(240)
      expect(gap).toBeLessThanOrEqual(361)
    }
    expect(new Set(gaps).size).toBeGreaterThan(3)
  }, 60_000)

  it('are as many when nobody presents anything', async () => {
    const { fetches } = await anHour(() => 0)
    const count = fetches.reduce((sum, fetched) => sum + fetched, 0)
    expect(count).toBeGreaterThanOrEqual(9)
    expect(count).toBeLessThanOrEqual(15)
  }, 60_000)
})
