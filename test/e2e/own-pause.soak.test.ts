import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { NETWORK_CERTIFICATE } from '@netcert/credential'
import { openIssuer } from '@netcert/issuer'
import { type OpenWallet, openWallet, type Wallet } from '@netcert/wallet'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Citizen, type ServedIssuer, serveTestIssuer } from '../issuer-server-ground.js'
import { openedForAll } from '../opened-for-all.js'
import { errorOf, jsonOf, netcert } from './netcert-process.js'

const AUDIENCE = 'https://tickets.example'
const DAY = 86_400_000

const served: ServedIssuer = openedForAll(() => serveTestIssuer({ citizens: 4 }))
let folder = ''
let now = () => new Date()
let opened: OpenWallet[] = []
let wallet: Wallet
let person: Citizen
let tests = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcert-paused-'))
  await published(async () => {})
})
afterAll(() => rm(folder, { recursive: true }))
beforeEach(async () => {
  tests += 1
  now = () => new Date()
  person = served.nextPerson()
  wallet = await device('phone')
  await receive(wallet, 'network-certificate-platform')
  await receive(wallet, 'network-certificate')
})
afterEach(async () => {
  await set('valid', 'unspecified')
  await Promise.all(opened.map(({ close }) => close()))
  opened = []
})

const dirOf = (name: string) => join(folder, `${tests}-${name}`)
const rootDid = async () => (await readFile(join(served.dir, 'root.did'), 'utf8')).trim()

async function device(name: string): Promise<Wallet> {
  const made = await openWallet({
    dir: dirOf(name),
    clock: () => now(),
    create: true,
    allowHttpLoopback: true,
    rootDid: await rootDid(),
    listsDir: join(served.dir, 'published'),
  })
  opened.push(made)
  return made.wallet
}

async function receive(into: Wallet, type: string): Promise<void> {
  const { offerUri } = await served.offer({ citizen: person.reference, types: [type] })
  await into.receiveOffer({ offer: offerUri, batch: 1, consent: () => true })
}

/** Lists of one second cannot be told apart: each is made in one of its own. */
async function published(
  work: (issuer: Awaited<ReturnType<typeof openIssuer>>['issuer']) => Promise<unknown>,
): Promise<void> {
  const { issuer, close } = await openIssuer({ dir: served.dir, clock: () => new Date() })
  try {
    await work(issuer)
    await setTimeout(1_000 - (Date.now() % 1_000))
    await issuer.publish({ out: join(served.dir, 'published') })
  } finally {
    await close()
  }
}

const set = (status: 'suspended' | 'valid', reason: string) =>
  published((issuer) =>
    issuer.certificates.setStatus({ target: { citizen: person.reference }, status, reason }),
  )
const publish = () => published(async () => {})
const paused = async () =>
  (await wallet.list())
    .toSorted((one, other) => one.kind.localeCompare(other.kind))
    .map(({ kind, paused: pause }) => [kind, pause?.by ?? null])
const query = {
  credentials: [
    {
      id: 'q',
      format: 'dc+sd-jwt' as const,
      meta: { vct_values: [NETWORK_CERTIFICATE] },
      claims: [{ path: ['age_equal_or_over', '18'] }],
    },
  ],
}
let nonces = 0

/** What a verifier with the lists that are out makes of the copy with a status. */
async function verified() {
  nonces += 1
  const nonce = `n-${nonces}`
  const question = { query, audience: AUDIENCE, nonce, kind: 'platform' } as const
  const { presentation } = await wallet.present(question)
  const lists = ['--trust', join(served.dir, 'root.did'), '--lists', join(served.dir, 'published')]
  const asked = ['--audience', AUDIENCE, '--nonce', nonce, '--query', 'age-over-18']
  return netcert(['verify', '-', ...lists, ...asked, '--json'], { input: presentation })
}

describe('a citizen who pauses with their wallet', () => {
  it('is refused by verifiers from the next list on, and accepted again after the end', async () => {
    expect((await verified()).code).toBe(0)
    // Long enough for a list to be published before, on a busy machine too.
    const until = new Date(Math.ceil(Date.now() / 1000) * 1000 + 12_000)
    const [pause, ...others] = await wallet.pause({ until })
    expect(others).toEqual([])
    expect(pause).toMatchObject({ issuer: served.url, until })
    expect(await wallet.pauses()).toEqual([pause])
    expect(await paused()).toEqual([
      ['one-time', 'citizen'],
      ['platform', 'citizen'],
    ])
    await publish()
    expect(errorOf(await verified())).toMatchObject({ code: 'status_suspended', exit: 1 })
    // The list is read before the end, and nobody reads it at that moment.
    await wallet.refill()
    await setTimeout(Math.max(0, until.getTime() - Date.now()))
    expect(await wallet.pauses()).toEqual([])
    expect(await paused()).toEqual([
      ['one-time', null],
      ['platform', null],
    ])
    await publish()
    expect((await verified()).code).toBe(0)
  })

  it('gets nothing new meanwhile and is told why, and keeps its grants for afterwards', async () => {
    await wallet.pause({ until: new Date(Date.now() + DAY) })
    const { hints } = await wallet.preview({ query, audience: AUDIENCE })
    expect(hints).toContain('paused')
    await wallet.present({ query, audience: AUDIENCE, nonce: 'n', kind: 'one-time' })
    const failed = { kind: 'failed', reason: 'run_out', code: 'certificates_paused' }
    expect(await wallet.refill()).toMatchObject([failed])
    await expect(receive(wallet, 'gate-pass')).rejects.toMatchObject({
      code: 'certificates_paused',
    })
    // No wallet lifts it: the counter does, and the wallet notices by being given something.
    await set('valid', 'citizen_asked')
    expect(await wallet.refill()).toMatchObject([{ kind: 'received' }])
    expect(await wallet.pauses()).toEqual([])
    const { hints: after } = await wallet.preview({ query, audience: AUDIENCE })
    expect(after).not.toContain('paused')
  })

  it('without an end learns from the list that the counter took it back, and asks no more for that', async () => {
    await wallet.pause()
    await publish()
    await wallet.refill()
    expect(await wallet.pauses()).toMatchObject([{ until: null }])
    await set('valid', 'citizen_asked')
    expect(await wallet.pauses()).toHaveLength(1)
    await wallet.refill()
    expect(await wallet.pauses()).toEqual([])
    expect(await paused()).toEqual([
      ['one-time', null],
      ['platform', null],
    ])
  })

  it('keeps it over a restart, and hears of a longer one of somebody else', async () => {
    await set('suspended', 'lawful_order')
    const [pause] = await wallet.pause({ until: new Date(Date.now() + DAY) })
    expect(pause).toMatchObject({ until: null })
    await opened[0]!.close()
    opened = []
    wallet = await device('phone')
    expect(await wallet.pauses()).toEqual([pause])
    now = () => new Date(Date.now() + 2 * DAY)
    expect(await wallet.pauses()).toEqual([pause])
  })

  it('is refused with an end that has passed, without a grant of their own, and unheard', async () => {
    const past = new Date(Date.now() - 1_000)
    await expect(wallet.pause({ until: past })).rejects.toMatchObject({ code: 'pause_end' })
    const empty = await device('empty')
    await expect(empty.pause()).rejects.toMatchObject({ code: 'pause_impossible' })
    await published((issuer) =>
      issuer.certificates.setStatus({
        target: { citizen: person.reference },
        status: 'revoked',
        reason: 'device_lost',
      }),
    )
    await expect(wallet.pause()).rejects.toMatchObject({ code: 'grant_refused' })
    expect(await wallet.pauses()).toEqual([])
  })
})

describe('a pause that was made elsewhere', () => {
  it('is seen in the list the wallet reads anyway, at the copies that have a status', async () => {
    await set('suspended', 'citizen_asked')
    expect(await paused()).toEqual([
      ['one-time', null],
      ['platform', null],
    ])
    expect(await wallet.refill()).toEqual([])
    expect(await paused()).toEqual([
      ['one-time', null],
      ['platform', 'list'],
    ])
    await set('valid', 'device_found')
    await wallet.refill()
    expect((await paused()).map(([, by]) => by)).toEqual([null, null])
  })
})

describe('netcert wallet pause', () => {
  const run = async (...more: string[]) => {
    await Promise.all(opened.map(({ close }) => close()))
    opened = []
    const where = ['--dir', dirOf('phone'), '--lists', join(served.dir, 'published')]
    return netcert(['wallet', ...more, ...where, '--allow-http-loopback', '--json'])
  }

  it('asks first, pauses everything the citizen holds, and says so in the list', async () => {
    const until = new Date(Math.ceil(Date.now() / 1000) * 1000 + DAY)
    const command = ['pause', '--until', until.toISOString()]
    expect(errorOf(await run(...command))).toMatchObject({ code: 'consent_needed', exit: 1 })
    const done = jsonOf<{ pauses: object[] }>(await run(...command, '--yes'))
    expect(done.pauses).toMatchObject([{ issuer: served.url, until: until.toISOString() }])
    const { certificates } = jsonOf<{ certificates: object[] }>(await run('list'))
    const pause = { by: 'citizen', until: until.toISOString() }
    expect(certificates).toMatchObject([{ paused: pause }, { paused: pause }])
    const table = await netcert(['wallet', 'list', '--dir', dirOf('phone')])
    expect(table.stdout).toContain(`until ${until.toISOString().slice(0, 16).replace('T', ' ')}`)
  })

  it('refuses an end in the past, and a child it does not know', async () => {
    const late = await run('pause', '--until', '2020-01-01T00:00:00Z', '--yes')
    expect(errorOf(late)).toMatchObject({ code: 'pause_end', exit: 2 })
    expect(errorOf(await run('pause', 'nobody')).code).toBe('ward_unknown')
  })
})
