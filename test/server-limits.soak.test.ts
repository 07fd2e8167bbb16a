import { mkdtemp, rm } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { initVerifier, openVerifierServer } from '@netcert/verifier/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from './free-port.js'
import { serveTestIssuer } from './issuer-server-ground.js'
import { hold, patienceWith, talk } from './raw-http.js'
import { createTrustDomain, testNow } from './trust-domain.js'

/** What differs between the two servers. */
type Case = {
  readonly role: 'issuer' | 'verifier'
  /** Answers at once, whatever is asked with it. */
  readonly quick: string
  /** Reads a form. */
  readonly form: string
  readonly tooLong: number
  /** Stands in the refusal of a form with too many parameters. */
  readonly tooMany: string
}

const cases: readonly Case[] = [
  {
    role: 'issuer',
    quick: '/nothing',
    form: '/token',
    tooLong: 414,
    tooMany: 'too many parameters',
  },
  {
    role: 'verifier',
    quick: '/progress',
    form: `/response/${'a'.repeat(22)}`,
    tooLong: 413,
    tooMany: 'request_malformed',
  },
]
const ports = { issuer: 0, verifier: 0 }
const closing: (() => Promise<void>)[] = []

beforeAll(async () => {
  const issuer = await serveTestIssuer({ citizens: 1 })
  ports.issuer = issuer.server.port
  closing.push(() => issuer.close())
  const home = await mkdtemp(join(tmpdir(), 'netcert-limits-'))
  const domain = await createTrustDomain()
  await domain.publish(join(home, 'published'))
  const dir = join(home, 'verifier')
  const { rootDid } = domain
  const baseUrl = `http://127.0.0.1:${await freePort()}`
  await initVerifier({ dir, baseUrl, rootDid, listsDir: join(home, 'published'), now: testNow })
  const verifier = await openVerifierServer({ dir, allowHttpLoopback: true, clock: () => testNow })
  ports.verifier = verifier.port
  closing.push(async () => {
    await verifier.close()
    await rm(home, { recursive: true, force: true })
  })
})
afterAll(async () => {
  for (const close of closing) await close()
})

const get = (path: string, filler = '') =>
  `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-filler: ${filler}\r\n\r\n`
/** What stands in `get` of an address, names and values before there is a filler. */
const COUNTED = 'hostxconnectionclosex-filler'.length

const formHead = (path: string, bytes: number) =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: ${bytes}\r\n` +
  'content-type: application/x-www-form-urlencoded\r\n\r\n'

const release = async (sockets: readonly Socket[]) => {
  for (const socket of sockets) socket.destroy()
  // Until the server has noticed.
  await pause(200)
}

describe.each(cases)('the $role', ({ role, quick, form, tooLong, tooMany }) => {
  it.each([
    [16 * 1024 - 1, 404],
    [16 * 1024, 404],
    [16 * 1024 + 1, 431],
  ])('takes an address and headers of %i bytes with status %i', async (bytes, status) => {
    const filler = 'x'.repeat(bytes - COUNTED - quick.length)
    expect((await talk(ports[role], get(quick, filler))).status).toBe(status)
  })

  it.each([
    [8 * 1024 - 1, 404],
    [8 * 1024, 404],
    [8 * 1024 + 1, 0],
  ])('takes an address of %i bytes with status %i (0: too long)', async (bytes, status) => {
    const path = `${quick}?`.padEnd(bytes, 'x')
    const expected = status === 0 ? tooLong : status
    expect((await talk(ports[role], get(path))).status).toBe(expected)
  })

  it('takes a form of 20 parameters and not of 21', async () => {
    const post = async (count: number) => {
      const body = Array.from({ length: count }, (_, at) => `x${at}=1`).join('&')
      return (await talk(ports[role], formHead(form, body.length) + body)).body
    }
    expect(await post(19)).not.toContain(tooMany)
    expect(await post(20)).not.toContain(tooMany)
    expect(await post(21)).toContain(tooMany)
  })

  it('works on 64 requests at once, sends the next away for a while, and recovers at once', async () => {
    const held: Socket[] = []
    const holdOne = async () => held.push(await hold(ports[role], formHead(form, 10)))
    try {
      for (let at = 0; at < 63; at += 1) await holdOne()
      // The one that is asked is the 64th.
      expect((await talk(ports[role], get(quick))).status).toBe(404)
      await holdOne()
      const turnedAway = await talk(ports[role], get(quick))
      expect(turnedAway.status).toBe(503)
      expect(turnedAway.head).toMatch(/\r\nretry-after: [1-9]\d*/)
      held.pop()?.destroy()
      // Long before those that are held are ended for being slow.
      const answer = async () => (await talk(ports[role], get(quick))).status
      await expect.poll(answer, { timeout: 4_000 }).toBe(404)
    } finally {
      await release(held)
    }
  })

  it('keeps 1,000 connections and drops the next', async () => {
    const held: Socket[] = []
    const holdMore = async (count: number) => {
      const more = Array.from({ length: count }, () => hold(ports[role]))
      held.push(...(await Promise.all(more)))
      // What was asked before has left, what is held has been taken.
      await pause(50)
    }
    const asked = async () => (await talk(ports[role], get(quick))).status
    try {
      await holdMore(0)
      for (let at = 0; at < 9; at += 1) await holdMore(100)
      await holdMore(98)
      expect(await asked()).toBe(404)
      await holdMore(1)
      expect(await asked()).toBe(404)
      await holdMore(1)
      expect(await asked()).toBeNull()
      held.pop()?.destroy()
      // Before the first of those that are held are dropped for saying nothing.
      await expect.poll(asked, { timeout: 2_000 }).toBe(404)
    } finally {
      await release(held)
    }
  })
})

describe('slow clients', () => {
  it('are gone from both servers after 5 s of headers and 10 s of a request', async () => {
    const all = cases.map(async ({ role, quick, form }) => {
      const headers = patienceWith(ports[role], `GET ${quick} HTTP/1.1\r\nhost: x\r\nx-slow: `)
      const silence = hold(ports[role]).then(
        (socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())),
      )
      const began = performance.now()
      const silent = silence.then(() => performance.now() - began)
      const body = patienceWith(ports[role], formHead(form, 10_000))
      return { role, headers: await headers, silent: await silent, body: await body }
    })
    for (const { role, headers, silent, body } of await Promise.all(all)) {
      // They are looked for every second; the rest is for a busy machine.
      expect(headers, `${role} headers`).toBeGreaterThan(4_500)
      expect(headers, `${role} headers`).toBeLessThan(9_500)
      expect(silent, `${role} silent`).toBeLessThan(9_500)
      expect(body, `${role} body`).toBeGreaterThan(9_500)
      expect(body, `${role} body`).toBeLessThan(30_000)
    }
  })
})
