import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGuardedFetch } from '@netcert/protocol/guarded-fetch'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTrustDomain, later, type TrustDomain, testNow } from '../../../test/trust-domain.js'
import { registerFileOf } from './accreditation-files.js'
import { updateLists } from './lists-updater.js'
import { openTrustSource } from './trust-source.js'

const refusal = (code: string) => expect.objectContaining({ code })

let home = ''
let server: Server
let url = ''
let domain: TrustDomain
/** What the issuer serves at the moment. */
let served: Record<string, string>
const asked: string[] = []

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'netcert-lists-'))
  domain = await createTrustDomain()
  served = {
    '/trust-list.jwt': await domain.trustListToken(),
    '/status/1.jwt': await domain.statusListToken(),
  }
  asked.length = 0
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const text = served[request.url ?? '']
    if (text === 'redirect') response.writeHead(302, { location: '/trust-list.jwt' })
    else if (text === undefined) response.writeHead(404)
    response.end(text)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  server.close()
  await rm(home, { recursive: true, force: true })
})

async function source(clock = () => testNow, errors: unknown[] = []) {
  const settings = {
    ...{ base_url: 'https://shop.example', root_did: domain.rootDid, lists: { url } },
    ...{ freshness: 'grace-24h', created_at: '' },
  }
  await writeFile(join(home, 'verifier.json'), JSON.stringify(settings))
  const onError = (error: unknown) => errors.push(error)
  return openTrustSource({ dir: home, clock, allowHttpLoopback: true, onError })
}

const update = (allowHttpLoopback = true) =>
  updateLists({
    url,
    dir: join(home, 'lists'),
    fetchText: createGuardedFetch({ allowHttpLoopback }),
  })

describe('lists from a URL', () => {
  it('are copied, and asked for only when they are renewed', async () => {
    const opened = await source()
    expect(opened.trust().trustList.sequence).toBe(1)
    expect(asked).toEqual(['/status/1.jwt', '/status/2.jwt', '/trust-list.jwt'])
    opened.trust()
    expect(asked).toHaveLength(3)
    served['/trust-list.jwt'] = await domain.trustListToken({ sequence: 2 })
    await opened.refresh()
    expect(opened.trust().trustList.sequence).toBe(2)
    opened.close()
  })

  it('that are older, forged or cut off replace nothing', async () => {
    served['/trust-list.jwt'] = await domain.trustListToken({ sequence: 2 })
    const opened = await source()
    const stranger = await createTrustDomain()
    const forged = await stranger.trustListToken({ sequence: 9 })
    const older = await domain.trustListToken({ sequence: 1, issuedAt: later(-60) })
    for (const text of [older, forged, 'cut']) {
      served['/trust-list.jwt'] = text
      await expect(opened.refresh()).rejects.toMatchObject({
        code: expect.stringMatching(/^(trust_list_|malformed_jws)/),
      })
      expect(opened.trust().trustList.sequence).toBe(2)
    }
    opened.close()
  })

  it('from before do when nobody answers', async () => {
    ;(await source()).close()
    server.close()
    server.closeAllConnections()
    const errors: unknown[] = []
    const opened = await source(() => later(3_600), errors)
    expect(opened.trust().trustList.sequence).toBe(1)
    expect(errors).toEqual([refusal('fetch_failed')])
    opened.close()
  })

  it('bring what the registrar publishes about this platform, once it is one', async () => {
    const register = `/${registerFileOf('https://shop.example')}`
    served['/registrar/status/1'] = 'a status list'
    served[register] = '{"accreditations":[]}'
    const before = await source()
    expect(asked.some((path) => path.startsWith('/regist'))).toBe(false)
    await writeFile(join(home, 'platform.json'), '{"platform_id":"https://shop.example"}')
    await before.refresh()
    before.close()
    expect(asked.slice(-3)).toEqual(['/registrar/status/1', '/registrar/status/2', register])
    const lists = join(home, 'lists')
    expect(await readFile(join(lists, 'registrar/status/1.jwt'), 'utf8')).toBe('a status list')
    expect(await readFile(join(lists, register), 'utf8')).toBe('{"accreditations":[]}')
  })

  it('of an issuer without a registrar do as well', async () => {
    await writeFile(join(home, 'platform.json'), '{"platform_id":"https://shop.example"}')
    const opened = await source()
    expect(opened.trust().trustList.sequence).toBe(1)
    opened.close()
  })

  it('are refused without https, by a redirect, and by an error', async () => {
    await expect(update(false)).rejects.toEqual(refusal('fetch_blocked'))
    served['/trust-list.jwt'] = 'redirect'
    await expect(update()).rejects.toEqual(refusal('fetch_redirected'))
    delete served['/trust-list.jwt']
    await expect(update()).rejects.toEqual(refusal('lists_source'))
    expect(await readdir(join(home, 'lists', 'status'))).toEqual(['1.jwt'])
  })
})
