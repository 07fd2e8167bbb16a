import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { databasesOn } from '../../../../test/database-engines.js'
import { issuerFamily } from '../../../../test/issuer-family.js'
import { serveMetrics } from './metrics-http.js'
import { createPublicationMetrics } from './publication-metrics.js'

const DAY = 86_400_000

describe('the metrics of lists and keys', () => {
  const family = issuerFamily(databasesOn('sqlite'))
  const closing: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0)) await close()
  })
  const publish = () => family.issuer.publish({ out: join(family.folder, 'public') })
  const later = (days: number) => {
    family.now = new Date(family.now.getTime() + days * DAY)
  }
  const serve = async () => {
    const metrics = createPublicationMetrics(() => family.issuer.lists.standing())
    const onFailure = () => {}
    const { port, close } = await serveMetrics({ metrics, port: 0, host: '127.0.0.1', onFailure })
    closing.push(close)
    const ask = (path: string, method = 'GET') =>
      fetch(`http://127.0.0.1:${port}${path}`, { method })
    const value = async (name: string) => {
      const text = await (await ask('/metrics')).text()
      return Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${name} `))
          ?.split(' ')[1],
      )
    }
    return { metrics, ask, value }
  }

  it('say how old each list and key is, and how long it still counts', async () => {
    await publish()
    const { value } = await serve()
    later(3)
    const day = 86_400
    expect(await value('netcert_list_age_seconds{kind="status",list="1"}')).toBe(3 * day)
    expect(await value('netcert_list_left_seconds{kind="status",list="1"}')).toBe(4 * day)
    expect(await value('netcert_list_left_seconds{kind="trust_list",list="0"}')).toBe(27 * day)
    expect(await value('netcert_key_active{use="registrar"}')).toBe(1)
    expect(await value('netcert_key_left_seconds{use="credential"}')).toBe(727 * day)
  })

  it('warn at the half of a life, as the doctor does', async () => {
    await publish()
    const { value } = await serve()
    const half = (kind: string, list: number) =>
      value(`netcert_list_past_half_life{kind="${kind}",list="${list}"}`)
    const codes = async () => (await family.issuer.examine()).map(({ code }) => code)
    later(3.5)
    expect([await half('status', 1), await half('trust_list', 0)]).toEqual([0, 0])
    expect(await codes()).toEqual(['status_list_stale'])
    later(0.01)
    expect(await half('status', 1)).toBe(1)
    later(11.5)
    expect(await half('trust_list', 0)).toBe(1)
    expect(await codes()).toContain('trust_list_expires_soon')
    later(16)
    expect(await value('netcert_list_left_seconds{kind="trust_list",list="0"}')).toBeLessThan(0)
    expect(await codes()).toContain('trust_list_expired')
  })

  it('count runs, show failing steps, and a key that is gone', async () => {
    const { metrics, value } = await serve()
    metrics.ran([])
    metrics.ran([{ step: 'types', code: 'ENOSPC', error: null }])
    expect(await value('netcert_publications_total{result="failed"}')).toBe(1)
    await family.issuer.lists.run({ out: '/dev/null/nowhere' })
    expect(await value('netcert_publication_step_failures{step="types"}')).toBe(1)
    await family.issuer.keys.revoke({ alias: 'status-1' })
    expect(await value('netcert_key_active{use="status"}')).toBe(0)
    expect(await value('netcert_key_left_seconds{use="status"}')).toBeNaN()
  })

  it('carry no label of a person or a batch', async () => {
    const { batch } = await family.mint({})
    await publish()
    const { ask } = await serve()
    const text = await (await ask('/metrics')).text()
    const own = text.split('\n').filter((line) => line.startsWith('netcert_'))
    expect(own.length).toBeGreaterThan(30)
    for (const line of own)
      expect(line).toMatch(
        /^netcert_\w+(\{((kind|list|use|step|result)="[a-z_/0-9]{1,24}",?)+\})? -?[\d.e+]+$/,
      )
    for (const secret of [batch, family.person('parent'), family.test.rootDid]) {
      expect(text).not.toContain(secret)
    }
    expect(text).toContain('nodejs_eventloop_lag_seconds')
  })

  it('are served at one address by one method', async () => {
    const { ask } = await serve()
    const answer = await ask('/metrics')
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
    expect((await ask('/')).status).toBe(404)
    expect((await ask('/metrics/../netcert.json')).status).toBe(404)
    expect((await ask('/metrics', 'POST')).status).toBe(405)
  })
})
