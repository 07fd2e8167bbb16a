import { once } from 'node:events'
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/issuer-ground.js'
import { createIssuerApp } from './http.js'

type Answer = { status: number; headers: Record<string, unknown>; body: string }

describe('the published folder over HTTP', () => {
  let server: Server
  let folder: Awaited<ReturnType<typeof temporaryFolder>>

  beforeAll(async () => {
    folder = await temporaryFolder()
    for (const name of ['status', 'types']) await mkdir(join(folder.path, name))
    await writeFile(join(folder.path, 'trust-list.jwt'), 'trust.list.token')
    await writeFile(join(folder.path, 'status/1.jwt'), 'status.list.token')
    await writeFile(join(folder.path, 'types/gate-pass.json'), '{}\n')
    await writeFile(join(folder.path, 'secret.txt'), 'secret')
    server = createServer(createIssuerApp({ publishedDir: folder.path })).listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  afterAll(async () => {
    server.close()
    await folder.remove()
  })

  // The path goes out as it stands: a client that tidies it up would test itself.
  const get = (path: string, options: { method?: string; headers?: Record<string, string> } = {}) =>
    new Promise<Answer>((resolve, reject) => {
      const { port } = server.address() as AddressInfo
      const outgoing = request({ port, path, host: '127.0.0.1', ...options }, (response) => {
        let body = ''
        response.setEncoding('utf8').on('data', (part: string) => (body += part))
        response.on('end', () =>
          resolve({ status: response.statusCode!, headers: response.headers, body }),
        )
      })
      outgoing.on('error', reject).end()
    })

  it.each([
    ['/trust-list.jwt', 'application/netcert-trust-list+jwt', 'trust.list.token'],
    ['/status/1', 'application/statuslist+jwt', 'status.list.token'],
    ['/status/1.jwt', 'application/statuslist+jwt', 'status.list.token'],
    ['/types/gate-pass.json', 'application/json', '{}\n'],
  ])('serves %s as %s', async (path, type, body) => {
    const answer = await get(path)
    expect(answer).toMatchObject({ status: 200, body })
    expect(answer.headers['content-type']).toBe(type)
    expect(answer.headers['cache-control']).toMatch(/^public, max-age=\d+$/)
    expect(answer.headers['x-content-type-options']).toBe('nosniff')
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
    expect(answer.headers['x-powered-by']).toBeUndefined()
    expect(answer.headers['set-cookie']).toBeUndefined()
  })

  it('answers 304 for what a reader has already', async () => {
    const { headers } = await get('/status/1')
    const again = await get('/status/1', { headers: { 'if-none-match': String(headers['etag']) } })
    expect(again).toMatchObject({ status: 304, body: '' })
  })

  it('gives the same answer whatever the query, cookie or host says', async () => {
    const plain = await get('/status/1')
    const other = await get('/status/1?time=0&who=me', {
      headers: { cookie: 'id=1', authorization: 'Bearer x', host: 'evil.example' },
    })
    expect(other.body).toBe(plain.body)
    expect(JSON.stringify(other.headers)).not.toMatch(/evil|who|Bearer/)
  })

  it.each([
    '/',
    '/status',
    '/status/',
    '/types/',
    '/secret.txt',
    '/status/../secret.txt',
    '/status/%2e%2e/secret.txt',
    '/status/..%2fsecret.txt',
    '/status/0',
    '/status/01',
    '/status/2',
    '/status/1.jwt/',
    '/status/99999999999999999999',
    '/types/unknown.json',
    '/types/..json',
    '/trust-list.jwt%00',
    '/<script>',
  ])('has nothing at %s, and repeats nothing of it', async (path) => {
    const answer = await get(path)
    expect(answer.status).toBe(404)
    expect(answer.body).toBe('{"error":"not_found"}')
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('refuses %s', async (method) => {
    const answer = await get('/status/1', { method })
    expect(answer).toMatchObject({ status: 405, body: '{"error":"method_not_allowed"}' })
    expect(answer.headers['allow']).toBe('GET, HEAD')
  })

  it('answers HEAD without a body', async () => {
    const answer = await get('/status/1', { method: 'HEAD' })
    expect(answer).toMatchObject({ status: 200, body: '' })
    expect(answer.headers['content-length']).toBe('17')
  })

  it('serves a newer list as soon as it is there', async () => {
    await writeFile(join(folder.path, 'status/7.jwt'), 'old')
    expect(await get('/status/7')).toMatchObject({ body: 'old' })
    await rm(join(folder.path, 'status/7.jwt'))
    await writeFile(join(folder.path, 'status/7.jwt'), 'newer')
    expect(await get('/status/7')).toMatchObject({ body: 'newer' })
  })

  it('does not fail on a folder in the place of a file', async () => {
    await mkdir(join(folder.path, 'status/8.jwt'))
    expect((await get('/status/8')).status).toBe(404)
    await symlink('/nowhere', join(folder.path, 'status/9.jwt'))
    expect((await get('/status/9')).status).toBe(404)
  })
})
