import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePort } from '../../../test/free-port.js'
import { createHolder, createTrustDomain, testNow } from '../../../test/trust-domain.js'
import { over18 } from '../../../test/vp-platform-ground.js'
import { answerRequest, type Held, readVpRequest } from '../../../test/vp-wallet-ground.js'
import {
  initVerifier,
  openVerifierDesk,
  openVerifierServer,
  type VerifierDesk,
  type VerifierServer,
} from './server.js'

const clock = () => testNow
const refusal = (code: string) => expect.objectContaining({ code })

let home = ''
let dir = ''
let held: Held
let rootDid = ''
const open: { close(): Promise<void> }[] = []

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'netcert-verifier-'))
  dir = join(home, 'verifier')
  const domain = await createTrustDomain()
  rootDid = domain.rootDid
  await domain.publish(join(home, 'published'))
  const holder = await createHolder()
  held = { holder, credential: await domain.mint({ jwk: holder.jwk }) }
})
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
  await rm(home, { recursive: true, force: true })
})

async function init(options: Partial<Parameters<typeof initVerifier>[0]> = {}) {
  const baseUrl = `http://127.0.0.1:${await freePort()}`
  const listsDir = join(home, 'published')
  return initVerifier({ dir, baseUrl, rootDid, listsDir, now: testNow, ...options })
}

async function serve(options: { addressHeader?: string } = {}): Promise<VerifierServer> {
  const server = await openVerifierServer({ dir, allowHttpLoopback: true, clock, ...options })
  open.push(server)
  return server
}

async function desk(): Promise<VerifierDesk> {
  const opened = await openVerifierDesk({ dir, allowHttpLoopback: true, clock })
  open.push(opened)
  return opened
}

describe('a verifier in a data folder', () => {
  it.each(['did', 'x509_hash', 'x509_san_dns', 'redirect_uri'] as const)(
    'asks as %s from one process and is answered in another',
    async (clientId) => {
      await init()
      await serve()
      const { createRequest, result } = await desk()
      for (const mode of ['direct_post', 'direct_post.jwt'] as const) {
        const { requestUri, session } = await createRequest({ query: over18, clientId, mode })
        const heard = await answerRequest(requestUri, held, { issuedAt: testNow })
        expect(heard).toEqual({ status: 200, body: {} })
        expect(await result(session, null)).toMatchObject({ verified: true })
        await expect(result(session, null)).rejects.toEqual(refusal('result_delivered'))
      }
    },
  )

  it('sends the certificate of its key without the authority', async () => {
    const { caPem } = await init()
    await serve()
    const { createRequest } = await desk()
    const asked = { query: over18, clientId: 'x509_hash', mode: 'direct_post.jwt' } as const
    const { header, clientId } = await readVpRequest((await createRequest(asked)).requestUri)
    expect(header['x5c']).toHaveLength(1)
    expect(header['kid']).toBeUndefined()
    expect(clientId).toMatch(/^x509_hash:[\w-]{43}$/)
    expect((await stat(caPem ?? '')).isFile()).toBe(true)
  })

  it('keeps requests over a restart', async () => {
    await init()
    const first = await serve()
    const { createRequest, result } = await desk()
    const asked = await createRequest({ query: over18, clientId: 'did', mode: 'direct_post.jwt' })
    await open.shift()?.close()
    expect(first.url).toMatch(/^http:/)
    await serve()
    await answerRequest(asked.requestUri, held, { issuedAt: testNow })
    expect((await result(asked.session, null)).verified).toBe(true)
  })

  it('counts by whom its proxy names, where the header of the proxy is named', async () => {
    await init()
    const { url } = await serve({ addressHeader: 'x-real-address' })
    const left = async (address: string) => {
      const headers = { 'x-real-address': address }
      const answer = await fetch(`${url}/progress`, { headers })
      return /r=(\d+)/.exec(answer.headers.get('ratelimit') ?? '')?.[1]
    }
    const first = await left('192.0.2.1')
    expect(first).toMatch(/^\d+$/)
    expect(await left('192.0.2.1')).toBe(String(Number(first) - 1))
    expect(await left('192.0.2.2')).toBe(first)
  })

  it('refuses plain http unless it was allowed', async () => {
    await init()
    await expect(openVerifierServer({ dir, allowHttpLoopback: false, clock })).rejects.toEqual(
      refusal('base_url'),
    )
    await expect(init({ dir: join(home, 'b'), baseUrl: 'http://shop.example' })).rejects.toEqual(
      refusal('base_url'),
    )
  })

  it('refuses a folder without a verifier, and to make one over another', async () => {
    await expect(openVerifierDesk({ dir, allowHttpLoopback: true, clock })).rejects.toEqual(
      refusal('verifier_missing'),
    )
    await init()
    await expect(init()).rejects.toEqual(refusal('already_initialised'))
  })

  it('cannot name itself by a certificate it was not given', async () => {
    await init({ x5c: null })
    const { createRequest } = await desk()
    for (const clientId of ['x509_hash', 'x509_san_dns'] as const) {
      await expect(createRequest({ query: over18, clientId, mode: 'direct_post' })).rejects.toEqual(
        refusal('client_unavailable'),
      )
    }
  })

  it('keeps its secrets to its owner', async () => {
    await init()
    for (const name of [
      '.',
      'secrets',
      'secrets/master.key',
      'secrets/ca.key',
      'verifier.sqlite',
    ]) {
      expect((await stat(join(dir, name))).mode & 0o077, name).toBe(0)
    }
  })
})
