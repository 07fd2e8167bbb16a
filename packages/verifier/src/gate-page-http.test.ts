import { once } from 'node:events'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import type { Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freshnessPolicies } from '@netcert/credential'
import { queries } from '@netcert/schemas'
import { talk } from '../../../test/raw-http.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveGatePage } from './gate-page-http.js'
import { openGatePage } from './gate-page.js'
import type { PageServer } from './page-server.js'
import { createVerifierServer } from './http.js'
import { memorySessions } from './memory-sessions.js'
import { createVerifier } from './verifier.js'

const built = await openGatePage()
const why = built === null ? ' (skipped, it is not built: npm run build)' : ''

describe.skipIf(built === null)(`the served page of a gate${why}`, () => {
  let folder: string
  let server: PageServer
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'netcert-page-'))
    const packFile = join(folder, 'latest.ncpack')
    await writeFile(packFile, 'NCPACK1\nnot a whole one')
    server = await serveGatePage({ port: 0, packFile })
  })
  afterAll(async () => {
    await server.close()
    await rm(folder, { recursive: true })
  })
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(new URL(path, server.url), { headers })

  it('listens on this machine alone unless told otherwise', () => {
    expect(new URL(server.url).hostname).toBe('127.0.0.1')
  })

  it('lets nothing but its own files run, and nobody frame it', async () => {
    const response = await get('')
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("require-trusted-types-for 'script'; trusted-types netcert-page")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/unsafe|https?:|\*/)
  })

  it('allows WebAssembly in the worker that reads codes, and nowhere else', async () => {
    const page = await (await get('')).text()
    const worker = await (await get('service-worker.js')).text()
    const names = [...worker.matchAll(/assets\/[\w.-]+/g)].map(([name]) => name)
    const policies = await Promise.all(
      names.map(async (name) => (await get(name)).headers.get('content-security-policy') ?? ''),
    )
    const allowing = names.filter((_name, at) => policies[at]?.includes('wasm-unsafe-eval'))
    expect(names.length).toBeGreaterThan(3)
    expect(allowing).toEqual([expect.stringMatching(/^assets\/scanner-worker-/)])
    expect(page).not.toMatch(/<style|style=|<script(?![^>]*src=)/)
  })

  it('names nobody else: no address but its own is in the page, its styles or its workers', async () => {
    const worker = await (await get('service-worker.js')).text()
    const html = await (await get('')).text()
    const css = [...worker.matchAll(/assets\/[\w-]+\.css/g)].map(([name]) => name)
    const styles = await Promise.all(css.map(async (name) => (await get(name)).text()))
    expect([html, ...styles].join('\n')).not.toMatch(/https?:\/\/|@import|url\(/)
  })

  it('keeps what has a digest in its name for good, and asks for everything else again', async () => {
    const worker = await get('service-worker.js')
    const asset = /assets\/[\w.-]+/.exec(await worker.text())?.[0] ?? ''
    expect(worker.headers.get('cache-control')).toBe('no-cache')
    expect((await get(asset)).headers.get('cache-control')).toContain('immutable')
    expect((await get('')).headers.get('cache-control')).toBe('no-cache')
  })

  it('hands the pack out as it is, and never from a cache', async () => {
    const response = await get('latest.ncpack')
    expect(await response.text()).toBe('NCPACK1\nnot a whole one')
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it.each(['../package.json', '%2e%2e/package.json', 'assets/', 'nothing.js', 'index.html/x'])(
    'has nothing at %s',
    async (path) => {
      expect((await get(path)).status).toBe(404)
    },
  )

  it.each(['//', '/\\', 'http://other.example/', '*', '/%', '/?x=%00'])(
    'goes on after a request for %s, which is no address',
    async (address) => {
      const port = Number(new URL(server.url).port)
      const { status } = await talk(
        port,
        `GET ${address} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
      )
      expect([200, 400, 404]).toContain(status)
      expect((await get('')).status).toBe(200)
    },
  )

  it('takes nothing: other methods than GET and HEAD have no answer', async () => {
    const response = await fetch(server.url, { method: 'POST', body: 'x' })
    expect(response.status).toBe(404)
  })

  it('tells that there is no pack where none was named', async () => {
    const bare = await serveGatePage({ port: 0 })
    expect((await fetch(new URL('latest.ncpack', bare.url))).status).toBe(404)
    await bare.close()
  })

  it('sends files compressed to whoever takes that, and whole to others', async () => {
    const asset = 'manifest.webmanifest'
    const packed = await get(asset, { 'accept-encoding': 'br' })
    const plain = await get(asset, { 'accept-encoding': 'identity' })
    expect(packed.headers.get('content-encoding')).toBe('br')
    expect(plain.headers.get('content-encoding')).toBe(null)
    expect(await packed.json()).toEqual(await plain.json())
  })

  describe('by a verifier', () => {
    let verifier: Server
    let origin: string
    let packFile: string | null = null
    beforeAll(async () => {
      const gatePage = { page: built!, latestPack: async () => packFile }
      verifier = createVerifierServer({ gatePage, verifier: asking(), health: () => ({}) })
      verifier.listen(0, '127.0.0.1')
      await once(verifier, 'listening')
      origin = `http://127.0.0.1:${(verifier.address() as AddressInfo).port}`
    })
    afterAll(() => verifier.close())
    const portOf = (url: string) => Number(new URL(url).port)

    it('lies below /gate/, under the policy of the page and not of the verifier', async () => {
      const response = await fetch(`${origin}/gate/`)
      expect(response.headers.get('content-security-policy')).toContain("script-src 'self'")
      expect(await response.text()).toContain('./manifest.webmanifest')
    })

    it('sends whoever leaves the slash out to where its files are found', async () => {
      const response = await fetch(`${origin}/gate`, { redirect: 'manual' })
      expect(response.headers.get('location')).toBe('/gate/')
    })

    it('leaves everything else of the verifier as strict as it was', async () => {
      const missing = await fetch(`${origin}/gate/nothing`)
      const health = await fetch(`${origin}/health`)
      expect(missing.status).toBe(404)
      expect(health.headers.get('content-security-policy')).toMatch(/^default-src 'none'/)
    })

    it('asks all the same while 64 callers hold a pack and take none of it', async () => {
      packFile = join(folder, 'long.ncpack')
      const file = await open(packFile, 'w')
      // Longer than any buffer on the way.
      await file.truncate(64 * 1024 * 1024)
      await file.close()
      const held: Socket[] = []
      for (let at = 0; at < 64; at += 1) held.push(await holdPack(portOf(origin)))
      const body = JSON.stringify({ query: queries['age-over-18'] })
      const headers = { 'content-type': 'application/json' }
      const asked = await fetch(`${origin}/sessions`, { method: 'POST', headers, body })
      expect(asked.status).toBe(201)
      expect((await fetch(`${origin}/gate/latest.ncpack`)).status).toBe(503)
      for (const socket of held) socket.destroy()
      await expect.poll(async () => (await fetch(`${origin}/gate/`)).status).toBe(200)
    })
  })
})

/** A verifier that only asks. */
function asking() {
  const clock = () => new Date()
  return createVerifier({
    trust: () => Promise.reject(new Error('nothing is judged here')),
    audience: 'https://shop.example',
    clock,
    freshness: freshnessPolicies.strict,
    sessions: memorySessions({ clock }),
    platform: () => null,
  })
}

/** Asks for the pack, and takes no more of it than the system does by itself. */
async function holdPack(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write('GET /gate/latest.ncpack HTTP/1.1\r\nhost: x\r\n\r\n')
  await once(socket, 'readable')
  return socket
}
