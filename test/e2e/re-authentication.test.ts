import { openIssuer } from '@netcert/issuer'
import type { OpenWallet } from '@netcert/wallet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AccountWorld, PLATFORM, startAccountWorld } from '../account-world.js'
import type { Citizen } from '../issuer-server-ground.js'
import { type Visitor, visitor } from '../platform-visitor.js'
import { encodingsFound } from '../value-encodings.js'

const QUESTION = 'account-re-authentication'
const refused = (status: number, error: string) => ({ status, body: { error } })

let world: AccountWorld
beforeAll(async () => {
  world = await startAccountWorld()
}, 60_000)
afterAll(() => world.close())

/** Asks in a browser, lets a wallet answer, and delivers what came of it. */
async function ask(
  browser: Visitor,
  question: string,
  { wallet }: OpenWallet,
  to = `/${question}`,
) {
  const started = await browser.post(`/start?query=${question}`)
  const request = String(started.body['request_uri'])
  const answered = await wallet.answerRequest({ request, consent: () => 'share' }).then(
    () => 'answered',
    (error: { readonly code: string }) => error.code,
  )
  return { answered, heard: await browser.post(to), request }
}

const signIn = (browser: Visitor, wallet: OpenWallet) => ask(browser, 'sign-in', wallet)
const prove = (browser: Visitor, wallet: OpenWallet) =>
  ask(browser, QUESTION, wallet, '/re-authentication')

/** The demo's page at the issuer, as a citizen goes through it. */
async function beSeenOnThePage({ documentNumber, name }: Citizen): Promise<void> {
  const { issuer } = world
  const post = async (path: string, form: Record<string, string>) => {
    const body = new URLSearchParams({ lang: 'en', ...form })
    return (await fetch(new URL(path, issuer.url), { method: 'POST', body })).text()
  }
  const actionIn = (text: string) => / action="([^"]+)"/.exec(text)![1]!
  const first = await (await fetch(`${issuer.url}/presence?lang=en`)).text()
  const asked = await post(actionIn(first), { document_number: documentNumber, name })
  const button = await post(actionIn(asked), { code: issuer.codes.at(-1)!.code })
  const ticket = / name="ticket" value="([^"]+)"/.exec(button)![1]!
  expect(await post(actionIn(button), { ticket })).toContain('recorded')
}

/** The operator's counter. */
async function beSeenAtTheCounter({ reference }: Citizen): Promise<void> {
  const { issuer, close } = await openIssuer({ dir: world.issuer.dir, clock: () => new Date() })
  await issuer.recordPresence({ citizen: reference, face: true })
  await close()
}

describe('an account with an anomaly, from the flag to the release', () => {
  it('opens again for its owner, who was seen by the issuer, and the issuer learns no platform', async () => {
    const person = world.issuer.nextPerson()
    const wallet = await world.wallet('phone', person.reference)
    const browser = visitor(world.origin)
    const first = await signIn(browser, wallet)
    expect(first).toMatchObject({ answered: 'answered', heard: { status: 200 } })
    const account = String(first.heard.body['account'])
    const before = await world.issuerTables()

    await world.opened.accounts.flags.flag(account, { reason: 'unusual_place' })
    expect(await browser.get('/account')).toMatchObject(refused(401, 'sign_in_required'))
    expect((await signIn(browser, wallet)).heard).toMatchObject({
      status: 403,
      body: {
        ...{ error: 'account_flagged', reason: 'unusual_place' },
        re_authentication: { query: QUESTION, max_presence_age_seconds: 600 },
      },
    })
    const early = await prove(browser, wallet)
    expect(early).toMatchObject({
      answered: 'presence_missing',
      heard: { status: 409, body: { error: 'session_waiting' } },
    })
    await beSeenOnThePage(person)
    const proven = await prove(browser, wallet)
    expect(proven).toMatchObject({
      answered: 'answered',
      heard: { status: 200, body: { account } },
    })
    expect((await browser.get('/account')).body).toMatchObject({ account })
    expect((await signIn(visitor(world.origin), wallet)).heard.status).toBe(200)

    const accounts = await tracesOf({ account, requests: [early.request, proven.request] })
    const { host, port } = new URL(world.origin)
    const received = world.recorder.received()
    expect(received.length).toBeGreaterThan(20_000)
    const everything = Buffer.concat([received, await world.issuerBytes()])
    for (const mark of accounts)
      expect([mark, encodingsFound(everything, mark)]).toEqual([mark, []])
    for (const mark of [PLATFORM, host, port, 'unusual_place', QUESTION]) {
      expect([mark, encodingsFound(received, mark)]).toEqual([mark, []])
    }
    expect(encodingsFound(received, person.documentNumber)).not.toEqual([])
    await expectRegistrationAlone(before)
  })

  it('opens again after the counter, too; without being asked the citizen goes there or not', async () => {
    const person = world.issuer.nextPerson()
    const wallet = await world.wallet('counter', person.reference)
    const browser = visitor(world.origin)
    const account = String((await signIn(browser, wallet)).heard.body['account'])
    await world.opened.accounts.flags.flag(account, { reason: 'new_device' })
    await signIn(browser, wallet)
    await beSeenAtTheCounter(person)
    expect(await prove(browser, wallet)).toMatchObject({
      heard: { status: 200, body: { account } },
    })
    await world.opened.accounts.flags.flag(account, { reason: 'new_device' })
    await signIn(browser, wallet)
    expect((await browser.post('/appeal', { text: 'It was me, on a trip.' })).status).toBe(201)
    await world.opened.accounts.flags.release(account, { by: 'other_means' })
    expect((await signIn(browser, wallet)).heard).toMatchObject({ status: 200 })
  })

  it('stays closed to another citizen who was seen a moment ago', async () => {
    const [owner, other] = [world.issuer.nextPerson(), world.issuer.nextPerson()]
    const browser = visitor(world.origin)
    const wallet = await world.wallet('owner', owner.reference)
    const account = String((await signIn(browser, wallet)).heard.body['account'])
    await world.opened.accounts.flags.flag(account, { reason: 'new_device' })
    await signIn(browser, wallet)
    const thief = await world.wallet('other', other.reference)
    await beSeenAtTheCounter(other)
    const { answered, heard } = await prove(browser, thief)
    expect(answered).not.toBe('answered')
    expect(heard).toMatchObject(refused(422, 'different_holder'))
    expect(await world.opened.accounts.read(account)).toMatchObject({
      flag: { reason: 'new_device' },
    })
    // The owner's phone on another day: a new one, with the same number.
    const phone = await world.wallet('new-phone', owner.reference)
    await beSeenAtTheCounter(owner)
    await signIn(browser, phone)
    expect(await prove(browser, phone)).toMatchObject({ heard: { status: 200, body: { account } } })
  })
})

/** Everything that would tell which account or which request it was. */
async function tracesOf(of: { readonly account: string; readonly requests: readonly string[] }) {
  const ids = of.requests.map((link) => {
    const address = new URL(link).searchParams.get('request_uri') ?? ''
    return address.slice(address.lastIndexOf('/') + 1)
  })
  const { platform } = world.opened.accreditations
  const accreditations = platform()?.accreditations ?? []
  expect(accreditations.length).toBe(2)
  expect(ids.every((id) => id.length >= 22)).toBe(true)
  return [of.account, ...ids, `${world.origin}/netcert/request`]
}

/** The registrar in the same database knows the platform, as everybody may; nothing else does. */
async function expectRegistrationAlone(before: ReadonlyMap<string, string>): Promise<void> {
  const marks = [PLATFORM, new URL(world.origin).host]
  const naming = (tables: ReadonlyMap<string, string>) =>
    [...tables].flatMap(([table, text]) =>
      (JSON.parse(text) as object[])
        .map((row) => JSON.stringify(row))
        .filter((row) => marks.some((mark) => row.includes(mark)))
        .map((row) => [table, row]),
    )
  const named = naming(await world.issuerTables())
  const tables = new Set(named.map(([table]) => table))
  expect([...tables].toSorted()).toEqual(['accreditations', 'audit_log', 'platforms'])
  expect(named).toEqual(naming(before))
}
