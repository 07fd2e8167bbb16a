import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { civilDateAt, initIssuer, openIssuer, sampleCitizens } from '@netcert/issuer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Listening } from '../listen.js'
import { openCitizenPage } from './citizen-page.js'
import { importByName } from './synthetic-citizens.js'

const clock = () => new Date()

describe('the page where one can be a citizen', () => {
  let home: string
  let page: Listening
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'netcert-citizens-'))
    const dir = join(home, 'issuer')
    const baseUrl = 'http://127.0.0.1:8640'
    await initIssuer({ dir, baseUrl, now: clock() })
    const { issuer, close } = await openIssuer({ dir, clock })
    const lines = [...sampleCitizens({ count: 2, today: civilDateAt(clock()) })]
    const people = await importByName(issuer, lines.slice(0, 3))
    await close()
    const place = { dir: home, clock, baseUrl }
    page = await openCitizenPage({ place, people, walletUrl: 'http://localhost:8660/', port: 0 })
  })
  afterAll(async () => {
    await page.close()
    await rm(home, { recursive: true })
  })
  const choose = (person: string, origin = page.url) =>
    fetch(`${page.url}/offers?lang=en`, {
      method: 'POST',
      headers: { origin },
      body: new URLSearchParams({ person }),
      redirect: 'manual',
    })

  it('names the region of each in the language of the page', async () => {
    const text = async (lang: string) => (await fetch(`${page.url}/?lang=${lang}`)).text()
    expect(await text('zh-CN')).toMatch(/ 岁 · \p{Script=Han}{2,3}</u)
    expect(await text('en')).toMatch(/ years old · [A-Z][a-z ]+/)
  })

  it('makes no offer for another site, for nobody, or for what is too long', async () => {
    expect((await choose('0', 'https://elsewhere.example')).status).toBe(404)
    expect((await choose('7')).status).toBe(500)
    expect((await choose('0'.repeat(300))).status).toBe(500)
    expect((await fetch(`${page.url}/offers/1`)).status).toBe(404)
  })

  it('goes on after a hundred offers: the oldest is forgotten', async () => {
    const places: string[] = []
    for (let visitor = 0; visitor <= 100; visitor += 1) {
      const made = await choose(String(visitor % 2))
      expect(made.status).toBe(303)
      places.push(made.headers.get('location') ?? '')
    }
    const shown = await Promise.all(places.map((place) => fetch(page.url + place)))
    expect(shown.map(({ status }) => status)).toEqual([404, ...places.slice(1).map(() => 200)])
  })
})
