import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveWalletPage, type WalletPageSettings } from './wallet-page.js'

const page = new URL('../../packages/wallet/dist/web/index.html', import.meta.url)
const isBuilt = existsSync(page)
const why = isBuilt ? '' : ' (skipped, it is not built: npm run build)'

const settings: WalletPageSettings = {
  issuer: {
    root: 'did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169',
    baseUrl: 'https://issuer.example',
    name: { 'zh-CN': '示例签发机构', en: 'Example issuer' },
  },
  allowHttpLoopback: false,
}

describe.skipIf(!isBuilt)(`the served page of the wallet${why}`, () => {
  let server: Awaited<ReturnType<typeof serveWalletPage>>
  beforeAll(async () => {
    server = await serveWalletPage({ port: 0, settings })
  })
  afterAll(() => server?.close())
  const get = (path: string) => fetch(new URL(path, server.url))
  const policyOf = async (path: string, url = server.url) =>
    (await fetch(new URL(path, url))).headers.get('content-security-policy') ?? ''

  it('tells the page its issuer, and asks again for it each time', async () => {
    const response = await get('wallet.json')
    expect(await response.json()).toEqual({
      issuer: {
        root: settings.issuer.root,
        base_url: 'https://issuer.example',
        name: settings.issuer.name,
      },
      allow_http_loopback: false,
    })
    expect(response.headers.get('cache-control')).toBe('no-cache')
  })

  it('lets nothing but its own files run, no text become a script, and nobody frame it', async () => {
    const policy = await policyOf('')
    for (const rule of [
      "default-src 'none'",
      "script-src 'self';",
      "style-src 'self';",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      'trusted-types netcert-page',
    ]) {
      expect(policy).toContain(rule)
    }
    expect(policy).not.toMatch(/unsafe|\*/)
  })

  it('may ask any https address, for platforms are anywhere, and this machine only in a trial', async () => {
    expect(await policyOf('')).toContain("connect-src 'self' https:;")
    const trial = await serveWalletPage({
      port: 0,
      settings: { ...settings, allowHttpLoopback: true },
    })
    expect(await policyOf('', trial.url)).toContain(
      "connect-src 'self' https: http://127.0.0.1:* http://localhost:*;",
    )
    await trial.close()
  })

  it('names nobody else: what it loads at first has no address but its own', async () => {
    const html = await (await get('')).text()
    const worker = await (await get('service-worker.js')).text()
    const css = [...worker.matchAll(/assets\/[\w-]+\.css/g)].map(([name]) => name)
    const styles = await Promise.all(css.map(async (name) => (await get(name)).text()))
    expect([html, ...styles].join('\n')).not.toMatch(/https?:\/\/|@import|url\(|style=/)
  })

  it('says whose software is in it, each with its licence, and keeps that for when there is no network', async () => {
    type Listed = { name: string; version: string; licence: string; text: number }
    const answer = await get('licences.json')
    const { packages, texts } = (await answer.json()) as { packages: Listed[]; texts: string[] }
    const names = packages.map(({ name }) => name)
    // One of each: a library of the page, of its rules, of its worker, and what is inside that.
    expect(names).toEqual(expect.arrayContaining(['netcert', 'preact', 'zod', 'zxing-wasm']))
    expect(names).toContain('zxing-cpp')
    expect(names).not.toContain('vite')
    const once = packages.map(({ name, version }) => `${name} ${version}`)
    expect(new Set(once).size).toBe(once.length)
    for (const { licence, text } of packages) {
      expect(licence).not.toBe('')
      expect(texts[text]).toMatch(/licen[cs]e|permission/i)
    }
    expect(await (await get('service-worker.js')).text()).toContain('licences.json')
  })

  it('has the browser drop what it keeps, for the page itself and for nobody else', async () => {
    const ask = (site: string | null, method = 'POST') => {
      const headers = site === null ? {} : { 'sec-fetch-site': site }
      return fetch(new URL('erased', server.url), { method, headers })
    }
    const answer = await ask('same-origin')
    expect([answer.status, answer.headers.get('clear-site-data')]).toEqual([204, '"storage"'])
    expect(answer.headers.get('cache-control')).toBe('no-store')
    for (const site of ['cross-site', 'same-site', 'none', null]) {
      const refused = await ask(site)
      expect([refused.status, refused.headers.get('clear-site-data')]).toEqual([403, null])
    }
    const byLink = await ask('same-origin', 'GET')
    expect([byLink.status, byLink.headers.get('clear-site-data')]).toEqual([404, null])
  })

  it.each(['../package.json', '%2e%2e/package.json', 'assets/', 'nothing.js'])(
    'has nothing at %s',
    async (path) => {
      expect((await get(path)).status).toBe(404)
    },
  )
})
