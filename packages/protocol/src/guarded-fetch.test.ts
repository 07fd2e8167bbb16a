import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createGuardedDownload, createGuardedFetch } from './guarded-fetch.js'

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  open.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  )
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const local = createGuardedFetch({ allowHttpLoopback: true, timeoutSeconds: 2 })
const strict = createGuardedFetch({ allowHttpLoopback: false, timeoutSeconds: 2 })
const refusal = (code: string) => expect.objectContaining({ code })
/** A resolver that leads every name to one address. */
const leadingTo = (address: string) =>
  createGuardedFetch({
    allowHttpLoopback: false,
    timeoutSeconds: 2,
    lookup: (_name, options, done) => {
      const family = address.includes(':') ? 6 : 4
      if (options.all) done(null, [{ address, family }])
      else done(null, address, family)
    },
  })

describe('a guarded fetch', () => {
  it('asks this machine by http where the flag allows it, and says nothing about itself', async () => {
    const url = await serve((request, response) => {
      let body = ''
      request.on('data', (part) => {
        body += part
      })
      request.on('end', () => {
        response.setHeader('x-seen', Object.keys(request.headers).toSorted().join(' '))
        response.statusCode = 201
        response.end(`${request.method} ${body}`)
      })
    })
    const answer = await local(url, { method: 'POST', body: 'hello', headers: { 'x-own': '1' } })
    expect(answer).toMatchObject({ status: 201, text: 'POST hello' })
    const seen = 'accept-encoding connection content-length host x-own'
    expect((answer.headers.get('x-seen') ?? '').replace('transfer-encoding', '')).toBe(seen)
  })

  it.each([
    'http://127.0.0.1:1/',
    'http://localhost:1/',
    'https://localhost/',
    'https://127.0.0.1/',
    'https://10.0.0.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'http://issuer.example/',
    'https://user:pass@issuer.example/',
    'ftp://issuer.example/',
    'no address',
  ])('refuses %s without the flag', async (url) => {
    await expect(strict(url)).rejects.toThrow(refusal('fetch_blocked'))
  })

  it('refuses with the flag, too, what is not this machine', async () => {
    for (const url of ['http://10.0.0.1/', 'http://issuer.example/', 'https://192.168.1.1/']) {
      await expect(local(url)).rejects.toThrow(refusal('fetch_blocked'))
    }
  })

  it.each(['127.0.0.1', '10.1.2.3', '169.254.169.254', '::1', 'fd00::1', '::ffff:127.0.0.1'])(
    'refuses a public name that leads to %s',
    async (address) => {
      const fetching = leadingTo(address)('https://issuer.example/')
      await expect(fetching).rejects.toThrow(refusal('fetch_blocked'))
    },
  )

  it('takes an answer up to its bound and refuses one byte more', async () => {
    const url = await serve((request, response) =>
      response.end('x'.repeat(Number(request.url?.slice(1)))),
    )
    for (const size of [99, 100]) {
      expect((await local(`${url}/${size}`, { maxBytes: 100 })).text).toHaveLength(size)
    }
    await expect(local(`${url}/101`, { maxBytes: 100 })).rejects.toThrow(refusal('fetch_too_large'))
  })

  it('follows no redirect', async () => {
    let asked = 0
    const url = await serve((_request, response) => {
      asked += 1
      response.writeHead(302, { location: '/elsewhere' }).end()
    })
    await expect(local(url)).rejects.toThrow(refusal('fetch_redirected'))
    expect(asked).toBe(1)
  })

  it('says that nothing was sent only where nobody was connected to', async () => {
    const neverSent = (it: boolean) => expect.objectContaining({ neverSent: it })
    await expect(local('http://127.0.0.1:9/')).rejects.toThrow(neverSent(true))
    await expect(local('http://10.0.0.1/')).rejects.toThrow(neverSent(true))
    const nowhere = createGuardedFetch({
      allowHttpLoopback: false,
      lookup: (_name, _options, done) =>
        done(Object.assign(new Error('no such name'), { syscall: 'getaddrinfo' }), ''),
    })
    await expect(nowhere('https://shop.example/')).rejects.toThrow(neverSent(true))
    const dropping = await serve((request) => request.socket.destroy())
    const post = { method: 'POST', body: 'x=1' } as const
    await expect(local(dropping, post)).rejects.toThrow(neverSent(false))
    const leading = await serve((_request, response) =>
      response.writeHead(302, { location: '/elsewhere' }).end(),
    )
    await expect(local(leading, post)).rejects.toThrow(neverSent(false))
  })

  it('gives up on silence, on a drip, on nobody and on what is no plain text', async () => {
    const quick = createGuardedFetch({ allowHttpLoopback: true, timeoutSeconds: 0.2 })
    const silence = await serve(() => {})
    await expect(quick(silence)).rejects.toThrow(refusal('fetch_timeout'))
    const drip = await serve((_request, response) => {
      const timer = setInterval(() => response.write('.'), 20)
      response.on('close', () => clearInterval(timer))
    })
    await expect(quick(drip)).rejects.toThrow(refusal('fetch_timeout'))
    await expect(local('http://127.0.0.1:9/')).rejects.toThrow(refusal('fetch_failed'))
    const bytes = await serve((_request, response) => response.end(Buffer.from([0xff, 0xfe])))
    await expect(local(bytes)).rejects.toThrow(refusal('fetch_encoding'))
    const zipped = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'),
    )
    await expect(local(zipped)).rejects.toThrow(refusal('fetch_encoding'))
  })
})

describe('a guarded download', () => {
  const quick = createGuardedDownload({ allowHttpLoopback: true, timeoutSeconds: 0.2 })
  const patient = createGuardedDownload({ allowHttpLoopback: true, timeoutSeconds: 60 })
  const nothing = async () => {}
  /** Sends without end, and tells when nobody listens any more. */
  async function endless() {
    const heard: { over?: () => void } = {}
    const over = new Promise<void>((resolve) => (heard.over = resolve))
    const url = await serve((_request, response) => {
      const timer = setInterval(() => response.write('x'.repeat(1_000)), 5)
      response.on('close', () => {
        clearInterval(timer)
        heard.over?.()
      })
    })
    return { url, over }
  }

  it('hands over what comes, piece by piece, up to its bound', async () => {
    const url = await serve((_request, response) => response.end('x'.repeat(100)))
    let taken = ''
    const take = async (piece: Uint8Array) => void (taken += new TextDecoder().decode(piece))
    expect(await patient(url, { maxBytes: 100, take })).toMatchObject({ status: 200 })
    expect(taken).toBe('x'.repeat(100))
    await expect(patient(url, { maxBytes: 99, take: nothing })).rejects.toThrow(
      refusal('fetch_too_large'),
    )
  })

  it('listens no longer once the file is too long, or cannot be kept', async () => {
    const long = await endless()
    await expect(patient(long.url, { maxBytes: 10, take: nothing })).rejects.toThrow(
      refusal('fetch_too_large'),
    )
    await long.over
    const full = await endless()
    const take = () => Promise.reject(new Error('the disk is full'))
    await expect(patient(full.url, { maxBytes: 1e6, take })).rejects.toThrow('the disk is full')
    await full.over
  })

  it('tells a file that comes too slowly from one whose server went away', async () => {
    const { url } = await endless()
    await expect(quick(url, { maxBytes: 1e9, take: nothing })).rejects.toThrow(
      refusal('fetch_timeout'),
    )
    const broken = await serve((_request, response) => {
      response.write('x')
      setTimeout(() => response.destroy(), 20)
    })
    await expect(patient(broken, { maxBytes: 100, take: nothing })).rejects.toThrow(
      refusal('fetch_failed'),
    )
  })
})
