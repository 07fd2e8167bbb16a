import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openIssuer } from '@netcert/issuer'
import { openIssuerServer } from '@netcert/issuer/server'
import { describe, expect, it } from 'vitest'
import { freePort } from '../../../test/free-port.js'
import { type Citizen, serveTestIssuer } from '../../../test/issuer-server-ground.js'
import { holderKeys } from '../../../test/issuer-ground.js'
import { blindFor, claimsOf, SHOP } from '../../../test/numbered-copies.js'
import { openedForAll } from '../../../test/opened-for-all.js'
import { encodingsFound } from '../../../test/value-encodings.js'

describe('the demo of a presence check', () => {
  const served = openedForAll(() => serveTestIssuer({ citizens: 8, presence: 'demo' }))
  /** Everything that reached the issuer. */
  const received: string[] = []

  const get = async (path = '/presence?lang=en') => {
    received.push(path)
    const response = await fetch(`${served.url}${path}`, { redirect: 'manual' })
    return { response, text: await response.text() }
  }
  const post = async (url: string, form: Record<string, string>) => {
    const body = new URLSearchParams({ lang: 'en', ...form })
    received.push(url, body.toString())
    const response = await fetch(new URL(url, served.url), { method: 'POST', body })
    return { response, text: await response.text() }
  }
  const actionIn = (text: string) => / action="([^"]+)"/.exec(text)![1]!
  const ticketIn = (text: string) => /name="ticket" value="([^"]+)"/.exec(text)![1]!
  /** To the page with the button. */
  const logIn = async ({ documentNumber, name }: Citizen) => {
    const first = await get()
    const asked = await post(actionIn(first.text), { document_number: documentNumber, name })
    const code = served.codes.at(-1)!.code
    return post(actionIn(asked.text), { code })
  }
  const mint = async (citizen: string, blinded?: string) => {
    const { issuer, close } = await openIssuer({ dir: served.dir, clock: () => new Date() })
    const { credentials } = await issuer.mint({
      citizen,
      type: 'urn:netcert:network-certificate:1',
      copies: 'platform',
      holderJwks: await holderKeys(1),
      ...(blinded === undefined ? {} : { blinded }),
    })
    await close()
    return credentials[0]!
  }

  it('says that it is a demo and checks nothing, in both languages', async () => {
    const { text } = await logIn(served.nextPerson())
    expect(text).toContain('This is a demonstration and checks nothing')
    expect(text).toContain('Demonstration: I am here')
    const chinese = await get('/presence?lang=zh-CN')
    expect(chinese.text).toContain('演示：本人在场核验')
  })

  it('ends in a copy that says so, and the issuer never learns what for', async () => {
    const person = served.nextPerson()
    const { text } = await logIn(person)
    const done = await post(actionIn(text), { ticket: ticketIn(text) })
    expect([done.response.status, done.text.includes('recorded')]).toEqual([200, true])
    const blinding = blindFor(SHOP)
    const credential = await mint(person.reference, blinding.b)
    const claims = await claimsOf(credential)
    expect(claims.get('real_person')).toBe('document+face+presence')
    expect(Date.now() / 1000 - Number(claims.get('presence_at'))).toBeLessThan(120)
    const number = await blinding.open(credential)
    const had = Buffer.concat([
      Buffer.from([...received, blinding.b, ...served.log].join('\n')),
      await kept(served.dir),
    ])
    expect(had.length).toBeGreaterThan(10_000)
    for (const mark of [SHOP, number]) expect([mark, encodingsFound(had, mark)]).toEqual([mark, []])
    // The search would find what is there.
    expect(encodingsFound(had, person.documentNumber)).toContain('utf-8')
  })

  it('believes nobody who has not logged in on that very visit', async () => {
    const person = served.nextPerson()
    const { text } = await logIn(person)
    const ticket = ticketIn(text)
    const other = actionIn((await get()).text).replace(/\/person$/, '')
    for (const [url, form] of [
      [`${other}/present`, { ticket }],
      [`${other}/present`, {}],
      [actionIn(text), { ticket: `${ticket.slice(0, -4)}AAAA` }],
      [actionIn(text), { ticket: '' }],
      [actionIn(text), { ticket: person.reference }],
      ['/presence/short/present', { ticket }],
    ] as const) {
      expect((await post(url, form)).response.status).toBe(400)
    }
    expect((await claimsOf(await mint(person.reference))).has('presence_at')).toBe(false)
  })

  it('takes no wrong code, and tells nobody who is on record', async () => {
    const person = served.nextPerson()
    const first = await get()
    const known = await post(actionIn(first.text), {
      document_number: person.documentNumber,
      name: person.name,
    })
    const second = await get()
    const unknown = await post(actionIn(second.text), { document_number: '1', name: 'x' })
    const bare = (text: string) => text.replaceAll(/presence\/[\w-]{32}/g, '')
    expect(bare(unknown.text)).toBe(bare(known.text))
    const code = served.codes.at(-1)!.code === '000000' ? '000001' : '000000'
    expect((await post(actionIn(known.text), { code })).response.status).toBe(400)
    const right = served.codes.at(-1)!.code
    expect((await post(actionIn(unknown.text), { code: right })).response.status).toBe(400)
  })

  it('runs nothing, loads nothing and is kept by no cache', async () => {
    const { response } = await get()
    const policy = response.headers.get('content-security-policy')!
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/unsafe|script-src/)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect((await get('/presence/abc')).response.status).toBe(303)
  })

  it('is announced, and is not there without being asked for', async () => {
    const metadata = async (url: string) => {
      const response = await fetch(`${url}/.well-known/openid-credential-issuer`)
      return (await response.json()) as Record<string, unknown>
    }
    expect((await metadata(served.url))['netcert_presence_uri']).toBe(`${served.url}/presence`)
    const plain = await serveTestIssuer({ citizens: 1 })
    try {
      expect(await metadata(plain.url)).not.toHaveProperty('netcert_presence_uri')
      expect((await fetch(`${plain.url}/presence`)).status).toBe(404)
    } finally {
      await plain.close()
    }
  }, 30_000)

  it.each([
    ['a public base URL', { baseUrl: 'https://issuer.example' }],
    ['a public address to listen on', { host: '0.0.0.0' }],
  ])(
    'is refused with %s',
    async (_name, { baseUrl, host }: { baseUrl?: string; host?: string }) => {
      const port = await freePort()
      const prepared = await serveTestIssuer({ citizens: 1 })
      try {
        const file = join(prepared.dir, 'netcert.json')
        const config = JSON.parse(await readFile(file, 'utf8')) as object
        if (baseUrl !== undefined) {
          await writeFile(file, JSON.stringify({ ...config, base_url: baseUrl }))
        }
        const opening = openIssuerServer({
          dir: prepared.dir,
          port,
          ...(host === undefined ? {} : { host }),
          allowHttpLoopback: true,
          presence: 'demo',
          clock: () => new Date(),
          log: () => {},
        })
        await expect(opening).rejects.toMatchObject({ code: 'presence_demo_refused' })
      } finally {
        await prepared.close()
      }
    },
    30_000,
  )
})

/** Every byte of databases and logs. */
async function kept(dir: string): Promise<Buffer> {
  const names = (await readdir(dir)).filter((name) => /\.sqlite/.test(name))
  return Buffer.concat(await Promise.all(names.map((name) => readFile(join(dir, name)))))
}
