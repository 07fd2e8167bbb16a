import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { freePort } from '../free-port.js'
import { createBrowser } from '../oauth-wallet.js'
import { errorOf, jsonOf, netcert, type Run, startNetcert } from './netcert-process.js'
import { ask, fillWallet, offerTo, resultOf, serve, startWire, type Wire } from './wire-ground.js'

let wire: Wire
beforeAll(async () => {
  wire = await startWire()
}, 120_000)
afterAll(() => wire.close())

type Received = { kind: string; certificates: { id: string; copies: number }[] }

describe('the wire', () => {
  it('carries a certificate to a wallet and a fact from it to a verifier', async () => {
    const { offer_uri, tx_code } = await offerTo(wire)
    expect(tx_code).toMatch(/^\d{6}$/)
    const receive = await wire.wallet('first', 'receive', offer_uri, '--tx-code', tx_code ?? '')
    expect(jsonOf<Received>(receive).certificates).toMatchObject([{ copies: 10 }])
    const { request_uri, session } = await ask(wire)
    expect(errorOf(await resultOf(wire, session)).code).toBe('session_waiting')
    const shown = jsonOf<{ shared: { disclosed: string[][] }[] }>(
      await wire.wallet('first', 'present', request_uri, '--yes'),
    )
    expect(shown.shared.map(({ disclosed }) => disclosed)).toEqual([[['age_equal_or_over', '18']]])
    expect(jsonOf(await resultOf(wire, session))).toMatchObject({
      verified: true,
      facts: { age_equal_or_over: { '18': true } },
      freshness: { verdict: 'valid' },
    })
    const again = await resultOf(wire, session)
    expect(again.code).toBe(1)
    expect(errorOf(again).code).toBe('result_delivered')
  })

  it.each([
    ['did', 'direct_post'],
    ['x509_hash', 'direct_post.jwt'],
    ['x509_san_dns', 'direct_post.jwt'],
    ['redirect_uri', 'direct_post.jwt'],
    ['redirect_uri', 'direct_post'],
  ])('takes answers to a verifier that names itself by %s, %s', async (clientId, mode) => {
    if (!existsSync(wire.folder.at('asked'))) await fillWallet(wire, 'asked')
    const { request_uri, session } = await ask(wire, '--client-id', clientId, '--mode', mode)
    jsonOf(await wire.wallet('asked', 'present', request_uri, '--yes'))
    expect(jsonOf(await resultOf(wire, session))).toMatchObject({ verified: true })
  })

  it('uses a new copy for each answer, and tells of what it holds', async () => {
    await fillWallet(wire, 'counted')
    for (const left of [9, 8]) {
      const { request_uri } = await ask(wire)
      jsonOf(await wire.wallet('counted', 'present', request_uri, '--yes'))
      const list = await wire.wallet('counted', 'list')
      expect(jsonOf(list)).toMatchObject({ certificates: [{ copies: 10, remaining: left }] })
    }
  })

  it('brings put-off certificates on a later refill', async () => {
    const { offer_uri, tx_code } = await offerTo(wire, '--deferred', '--type', 'gate-pass')
    const later = await wire.wallet('later', 'receive', offer_uri, '--tx-code', tx_code ?? '')
    expect(jsonOf(later)).toMatchObject({ certificates: [], deferred: [{}] })
    await new Promise((pause) => setTimeout(pause, 5_500))
    const report = jsonOf<{ deferred: { kind: string }[] }>(await wire.wallet('later', 'refill'))
    expect(report.deferred.map(({ kind }) => kind)).toEqual(['received'])
  })

  it('takes several certificates of one offer, and fewer copies where that is asked', async () => {
    const types = ['--type', 'network-certificate-platform', '--type', 'gate-pass']
    const { offer_uri, tx_code } = await offerTo(wire, ...types, '--by-reference')
    expect(offer_uri).toContain('credential_offer_uri=')
    const args = ['--tx-code', tx_code ?? '', '--batch', '2']
    const received = jsonOf<Received>(await wire.wallet('two', 'receive', offer_uri, ...args))
    expect(received.certificates.map(({ copies }) => copies)).toEqual([1, 2])
  })

  it('signs a person in and brings their certificate by authorization code', async () => {
    const created = await wire.at(
      ...['offer', 'create', '--type', 'network-certificate', '--grant', 'authorization-code'],
    )
    const { offer_uri, tx_code } = jsonOf<{ offer_uri: string; tx_code: null }>(created)
    expect(tx_code).toBeNull()
    const child = startNetcert([
      ...['wallet', 'receive', offer_uri, '--dir', wire.folder.at('signed-in')],
      ...['--allow-http-loopback', '--json'],
    ])
    let out = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text))
    const ended = new Promise<number | null>((done) => child.on('close', done))
    while (!out.includes('\n')) await new Promise((later) => setTimeout(later, 20))
    const { authorization_url } = JSON.parse(out) as { authorization_url: string }
    await signIn(authorization_url)
    expect(await ended).toBe(0)
    const received = JSON.parse(out.trim().split('\n')[1] ?? '') as Received
    expect(received.certificates).toMatchObject([{ copies: 10 }])
  })
})

/** Plays the browser: document number, name, the code from the operator's log, consent. */
async function signIn(authorizationUrl: string): Promise<void> {
  const browser = createBrowser()
  const { documentNumber, name } = wire.people[1]!
  const locationOf = (page: { headers: Headers }) => page.headers.get('location') ?? ''
  const login = locationOf(await browser.get(authorizationUrl))
  await browser.get(login)
  await browser.submit(`${login}/person`, { document_number: documentNumber, name })
  const code = /login code for \S+: (\d+)/.exec(wire.server.log())?.[1] ?? ''
  const resume = await browser.submit(`${login}/code`, { code })
  const consent = locationOf(await browser.get(locationOf(resume)))
  const agreed = await browser.submit(`${consent}/consent`, { decision: 'agree' })
  const back = locationOf(await browser.get(locationOf(agreed)))
  expect((await fetch(back)).status).toBe(200)
}

/** A server tells its operator things before it gives up. */
const lastErrorOf = (run: Run) =>
  errorOf({ ...run, stderr: run.stderr.trimEnd().split('\n').at(-1) ?? '' })

const isHeard = (port: number) =>
  new Promise<boolean>((tell) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => tell(false))
    socket.once('connect', () => {
      socket.destroy()
      tell(true)
    })
  })

describe('the servers', () => {
  it('end with 0 on SIGTERM and say so in one line when they begin', async () => {
    const own = wire.folder.at('issuer-of-its-own')
    const url = `http://127.0.0.1:${await freePort()}`
    jsonOf(await netcert(['init', '--dir', own, '--base-url', url, '--json']))
    const server = await serve('issuer', '--dir', own)
    onTestFinished(async () => void (await server.end()))
    expect(server.ready).toEqual({ ready: true, url })
    expect((await fetch(`${url}/trust-list.jwt`)).status).toBe(200)
    expect(await server.end()).toBe(0)
  })

  it('answer what is under way when SIGTERM comes', async () => {
    const own = wire.folder.at('issuer-that-ends')
    const port = await freePort()
    const base = ['--base-url', `http://127.0.0.1:${port}`]
    jsonOf(await netcert(['init', '--dir', own, ...base, '--json']))
    const server = await serve('issuer', '--dir', own)
    const body = 'grant_type=refresh_token&refresh_token=none&client_id=netcert-wallet'
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text))
    socket.write(
      `POST /token HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n` +
        'Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\n' +
        `Content-Length: ${body.length}\r\n\r\n${body.slice(0, 20)}`,
    )
    await expect.poll(() => answer).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    const ended = server.end()
    // The signal has come once nobody else is heard.
    await expect.poll(() => isHeard(port)).toBe(false)
    socket.write(body.slice(20))
    expect(await ended).toBe(0)
    expect(answer).toMatch(/\r\n\r\nHTTP\/1\.1 4\d\d [\s\S]*"error":/)
  })

  it('refuse plain http without the flag, a taken port, and a folder without a verifier', async () => {
    const strict = await netcert(['serve', 'issuer', '--dir', wire.issuer, '--json'])
    expect(lastErrorOf(strict)).toMatchObject({ code: 'base_url', exit: 2 })
    const args = ['serve', 'issuer', '--dir', wire.issuer, '--allow-http-loopback', '--json']
    expect(lastErrorOf(await netcert(args))).toMatchObject({ code: 'address_in_use', exit: 3 })
    const none = ['serve', 'verifier', '--dir', wire.folder.at('none'), '--json']
    expect(errorOf(await netcert(none))).toMatchObject({ code: 'verifier_missing', exit: 2 })
  })

  it('show a revocation to the verifier once it is published', async () => {
    await fillWallet(wire, 'revoked', '--type', 'network-certificate-platform')
    const { reference } = wire.people[0]!
    const reason = ['--reason', 'facts_changed']
    jsonOf(await wire.at('certificate', 'revoke', '--citizen', reference, ...reason))
    jsonOf(await wire.at('publish', '--now', '--out', join(wire.issuer, 'published')))
    // A verifier of its own reads the lists when it starts.
    const dir = wire.folder.at('gate')
    const base = [
      '--base-url',
      `http://127.0.0.1:${await freePort()}`,
      '--trust',
      join(wire.issuer, 'root.did'),
    ]
    const lists = ['--lists-url', wire.url]
    jsonOf(await netcert(['verifier', 'init', '--dir', dir, ...base, ...lists, '--json']))
    const gate = await serve('verifier', '--dir', dir)
    onTestFinished(async () => void (await gate.end()))
    const create = ['request', 'create', '--dir', dir, '--query', 'age-over-18']
    const asked = await netcert([...create, '--allow-http-loopback', '--json'])
    const { request_uri, session } = jsonOf<{ request_uri: string; session: string }>(asked)
    await wire.wallet('revoked', 'present', request_uri, '--yes')
    const result = await netcert([
      'request',
      'result',
      session,
      '--dir',
      dir,
      '--allow-http-loopback',
      '--json',
    ])
    expect(result.code).toBe(1)
    expect(errorOf(result).code).toBe('status_invalid')
    expect(await gate.end()).toBe(0)
  })
})
