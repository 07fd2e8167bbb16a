import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { initIssuer } from '@netcert/issuer'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/issuer-ground.js'
import { freePort } from '../../../test/free-port.js'
import { serveTestIssuer } from '../../../test/issuer-server-ground.js'
import {
  agree,
  authorizeUrl,
  CLIENT_ID,
  codeForm,
  locationOf,
  logIn,
  postToken,
  pushRequest,
  requestForm,
} from '../../../test/oauth-flow.js'
import { createBrowser, createPkce } from '../../../test/oauth-wallet.js'
import { openedForAll } from '../../../test/opened-for-all.js'
import { openIssuerServer } from './issuer-server.js'

const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'

describe('a served issuer', () => {
  const served = openedForAll(() =>
    serveTestIssuer({
      prepare: async (dir) => {
        await mkdir(join(dir, 'published'))
        await writeFile(join(dir, 'published/trust-list.jwt'), 'trust.list.token')
      },
    }),
  )

  /** Headers go out as they stand. */
  const get = (path: string, headers: Record<string, string>) =>
    new Promise<string>((resolve, reject) => {
      const { port } = served.server
      const outgoing = request({ port, path, host: '127.0.0.1', headers }, (response) => {
        let body = JSON.stringify(response.headers)
        response.setEncoding('utf8').on('data', (part: string) => (body += part))
        response.on('end', () => resolve(body))
      })
      outgoing.on('error', reject).end()
    })

  it('serves published files, credential issuer and authorization server from one address', async () => {
    for (const path of [
      '/trust-list.jwt',
      '/.well-known/openid-credential-issuer',
      '/.well-known/oauth-authorization-server',
    ]) {
      expect((await fetch(served.url + path)).status, path).toBe(200)
    }
    const missing = await fetch(`${served.url}/secrets/master.key`)
    expect([missing.status, await missing.json()]).toEqual([404, { error: 'not_found' }])
  })

  it('hears nobody who names another host', async () => {
    const evil = {
      host: 'evil.example',
      forwarded: 'host=evil.example;proto=https',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      'x-forwarded-for': '10.0.0.1',
      'x-forwarded-prefix': '/evil',
    }
    const { requestUri } = await pushRequest(served)
    const query = new URLSearchParams({ client_id: CLIENT_ID, request_uri: requestUri })
    for (const path of [
      `/authorize?${query}`,
      '/authorize?client_id=x',
      '/.well-known/oauth-authorization-server',
      '/.well-known/openid-credential-issuer',
      '/login/x',
      '/nothing',
    ]) {
      expect(await get(path, evil), path).not.toContain('evil')
    }
  })

  it.each([
    [32 * 1024 - 1, 'invalid_grant'],
    [32 * 1024, 'invalid_grant'],
    [32 * 1024 + 1, 'too large'],
  ])('reads forms of %i bytes as %s', async (bytes, expected) => {
    const start = `grant_type=${encodeURIComponent(GRANT)}&pre-authorized_code=none&unknown=`
    const answer = await postToken(served, start.padEnd(bytes, 'x'), undefined)
    if (expected === 'too large') expect(answer.status).toBe(413)
    else expect(answer.body['error']).toBe(expected)
  })

  it('sets protective headers on every answer', async () => {
    for (const path of ['/trust-list.jwt', '/.well-known/oauth-authorization-server', '/nothing']) {
      const { headers } = await fetch(served.url + path)
      expect(headers.get('x-content-type-options'), path).toBe('nosniff')
      expect(headers.get('content-security-policy'), path).toContain("default-src 'none'")
      expect(headers.get('x-powered-by'), path).toBeNull()
    }
  })

  it('lets browsers’ wallets call from their own origin', async () => {
    const preflight = await fetch(`${served.url}/token`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://wallet.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'dpop',
      },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-headers')).toContain('dpop')
    const answer = await postToken(served, 'grant_type=x&client_id=w', undefined, {
      origin: 'https://wallet.example',
    })
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://wallet.example')
  })

  it('closes connections that never finish their headers', async () => {
    const socket = connect(served.server.port, '127.0.0.1').resume()
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n')
    const started = Date.now()
    await once(socket, 'close')
    expect(Date.now() - started).toBeLessThan(15_000)
  }, 20_000)
})

describe('an issuer below a path', () => {
  const served = openedForAll(() => serveTestIssuer({ path: '/certificates/issuer' }))

  it('has its metadata at the inserted path, and at the appended one for older wallets', async () => {
    const { origin, pathname } = new URL(served.url)
    for (const name of ['oauth-authorization-server', 'openid-credential-issuer']) {
      const inserted = await fetch(`${origin}/.well-known/${name}${pathname}`)
      expect(inserted.status).toBe(200)
      const appended = await fetch(`${served.url}/.well-known/${name}`)
      expect(await appended.json()).toEqual(await inserted.json())
    }
    expect((await fetch(`${origin}/token`, { method: 'POST' })).status).toBe(404)
  })

  it('lets a person authorize a wallet there', async () => {
    const asking = await pushRequest(served)
    const browser = createBrowser()
    const start = authorizeUrl(served, asking.requestUri)
    const consent = await logIn(served, browser, start, served.nextPerson())
    expect(consent).toContain(`${served.url}/login/`)
    const back = new URL(locationOf(await agree(browser, consent)))
    const code = back.searchParams.get('code')!
    const answer = await postToken(served, codeForm({ code, pkce: asking.pkce }), asking.key)
    expect(answer.status).toBe(200)
  })
})

describe('opening', () => {
  it('refuses plain http without the word of the operator, and a port that is taken', async () => {
    const folder = await temporaryFolder()
    const dir = join(folder.path, 'issuer')
    const port = await freePort()
    const clock = () => new Date()
    const log = () => undefined
    const baseUrl = `http://127.0.0.1:${port}`
    await initIssuer({ dir, baseUrl, now: clock(), algorithm: 'ES256' })
    const options = { dir, clock, log }
    await expect(openIssuerServer({ ...options, allowHttpLoopback: false })).rejects.toMatchObject({
      code: 'base_url',
    })
    const first = await openIssuerServer({ ...options, allowHttpLoopback: true })
    await expect(openIssuerServer({ ...options, allowHttpLoopback: true })).rejects.toMatchObject({
      code: 'address_in_use',
    })
    await first.close()
    await writeFile(join(dir, 'wallet-providers.json'), '{"providers": 1}')
    await expect(openIssuerServer({ ...options, allowHttpLoopback: true })).rejects.toMatchObject({
      code: 'wallet_providers_malformed',
    })
    await folder.remove()
  }, 30_000)
})

describe('an issuer behind a proxy that ends TLS', () => {
  it('has https addresses and secure cookies, whatever the connection is', async () => {
    const folder = await temporaryFolder()
    const dir = join(folder.path, 'issuer')
    const baseUrl = 'https://issuer.example/certificates'
    const clock = () => new Date()
    await initIssuer({ dir, baseUrl, now: clock(), algorithm: 'ES256' })
    const log: string[] = []
    const options = { dir, port: 0, allowHttpLoopback: false, clock }
    const server = await openIssuerServer({ ...options, log: (line) => void log.push(line) })
    const here = `http://127.0.0.1:${server.port}/certificates`
    const par = await fetch(`${here}/par`, {
      method: 'POST',
      body: new URLSearchParams(requestForm(createPkce())),
    })
    const { request_uri: requestUri } = (await par.json()) as { request_uri: string }
    const query = new URLSearchParams({ client_id: CLIENT_ID, request_uri: requestUri })
    const page = await fetch(`${here}/authorize?${query}`, { redirect: 'manual' })
    expect(locationOf(page)).toMatch(/^https:\/\/issuer\.example\/certificates\/login\//)
    const cookies = page.headers.getSetCookie()
    expect(cookies.length).toBeGreaterThan(1)
    for (const cookie of cookies) expect(cookie).toMatch(/; secure; .*httponly/i)
    expect(log).toEqual([])
    await server.close()
    await folder.remove()
  }, 30_000)
})
