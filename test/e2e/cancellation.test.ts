import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeBase64Url } from '@netcert/credential'
import { createPresentation } from '@netcert/credential/holder'
import { openIssuer } from '@netcert/issuer'
import { cancellationClaims, encodeCancellationForm, verifyErasureReceipt } from '@netcert/protocol'
import { type OpenWallet, openWallet } from '@netcert/wallet'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { freePort } from '../free-port.js'
import { generateHolder, isEnrolledAt, type TestHolder } from '../holder-copies.js'
import { type Citizen, type ServedIssuer, serveTestIssuer } from '../issuer-server-ground.js'
import { trustOf } from '../issuer-trust.js'
import { type LossyProxy, startLossyProxy } from '../lossy-proxy.js'
import { openedForAll } from '../opened-for-all.js'
import { keysOnDisk } from '../wallet-on-disk.js'

const PLATFORM = 'network-certificate-platform'
const yes = () => true
let port = 0
let proxy: LossyProxy
const served: ServedIssuer = openedForAll(async () => {
  port = await freePort()
  return serveTestIssuer({ citizens: 20, behind: port })
})
let rootDid = ''
let folder = ''
let wallet: OpenWallet
let person: Citizen

beforeAll(async () => {
  proxy = await startLossyProxy({ port: Number(new URL(served.url).port), to: port })
  rootDid = (await readFile(join(served.dir, 'root.did'), 'utf8')).trim()
  await withIssuer((issuer) => issuer.publish({ out: join(served.dir, 'published') }))
})
afterAll(() => proxy.close())
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcert-cancelling-'))
  wallet = await open()
  person = served.nextPerson()
})
afterEach(async () => {
  await wallet.close()
  await rm(folder, { recursive: true })
})

const open = () =>
  openWallet({
    dir: join(folder, 'wallet'),
    clock: () => new Date(),
    create: true,
    allowHttpLoopback: true,
    rootDid,
    listsDir: join(served.dir, 'published'),
  })

async function withIssuer<T>(
  work: (issuer: Awaited<ReturnType<typeof openIssuer>>['issuer']) => Promise<T>,
) {
  const { issuer, close } = await openIssuer({ dir: served.dir, clock: () => new Date() })
  try {
    return await work(issuer)
  } finally {
    await close()
  }
}

async function receive(...types: string[]): Promise<void> {
  const { offerUri } = await served.offer({ citizen: person.reference, types })
  const outcome = await wallet.wallet.receiveOffer({ offer: offerUri, consent: yes })
  expect(outcome).toMatchObject({ kind: 'received', failed: [] })
}

const isEnrolled = (citizen: string) => isEnrolledAt(served.dir, citizen)
const cancel = (consent = yes) => wallet.wallet.cancellations.cancel({ consent })
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { code?: string }) => error.code,
  )

describe('a citizen who cancels from the wallet', () => {
  it('is gone at the issuer, has the receipt, and holds nothing any more', async () => {
    await receive('network-certificate', PLATFORM, 'gate-pass')
    expect(await isEnrolled(person.reference)).toBe(true)
    let asked = 0
    const receipt = await wallet.wallet.cancellations.cancel({
      consent: ({ certificates, address }) => {
        asked = certificates.length
        return address === `${served.url}/cancel`
      },
    })
    expect(asked).toBe(3)
    expect(receipt.erased).toContainEqual({ class: 'person', count: 1 })
    expect(receipt.erased.map((one) => one.class)).toContain('grants_and_tokens')
    expect(await isEnrolled(person.reference)).toBe(false)
    expect(await wallet.wallet.list()).toEqual([])
    expect(await wallet.wallet.refill()).toEqual([])
    const [kept] = await wallet.wallet.cancellations.receipts()
    const trust = await withIssuer((issuer) => trustOf(issuer, rootDid, new Date()))
    const about = { trust, issuer: null, networkNumber: null, now: new Date() }
    expect((await verifyErasureReceipt(kept!.token, about)).id).toBe(receipt.id)
    expect(await codeOf(cancel())).toBe('cancellation_impossible')
    expect(await keysOnDisk(join(folder, 'wallet'))).toEqual([])
  })

  it('can do it with one-time copies alone, which have no status', async () => {
    await receive('network-certificate')
    await cancel()
    expect(await isEnrolled(person.reference)).toBe(false)
  })

  it('is asked first, and nothing happens without a yes', async () => {
    await receive(PLATFORM)
    expect(await codeOf(cancel(() => false))).toBe('consent_refused')
    expect(await isEnrolled(person.reference)).toBe(true)
    expect(await wallet.wallet.list()).toHaveLength(1)
  })

  it('gets the same receipt after the answer was lost', async () => {
    await receive('network-certificate')
    proxy.loseNext('/cancel')
    expect(await codeOf(cancel())).toBe('cancellation_undelivered')
    expect(await isEnrolled(person.reference)).toBe(false)
    const receipt = await cancel()
    const again = await withIssuer((issuer) => issuer.erasure.cancel(person.reference))
    expect(again).toEqual({ report: null, receipt: receipt.token, finished: true })
  })

  it('cannot once the certificate was revoked, or the person is suspended', async () => {
    await receive(PLATFORM)
    const target = { citizen: person.reference }
    await withIssuer((issuer) =>
      issuer.certificates.setStatus({ target, status: 'suspended', reason: 'citizen_asked' }),
    )
    expect(await codeOf(cancel())).toBe('cancellation_refused')
    await withIssuer((issuer) =>
      issuer.certificates.setStatus({ target, status: 'revoked', reason: 'device_lost' }),
    )
    expect(await codeOf(cancel())).toBe('cancellation_refused')
    expect(await isEnrolled(person.reference)).toBe(true)
    // Nothing is lost here by a refusal.
    expect(await wallet.wallet.list()).toHaveLength(1)
  })
})

describe('the address for cancellations', () => {
  const nonce = async () => {
    const answer = await fetch(`${served.url}/nonce`, { method: 'POST' })
    return ((await answer.json()) as { c_nonce: string }).c_nonce
  }
  const post = async (body: string, type = 'application/x-www-form-urlencoded') => {
    const headers = { 'content-type': type }
    const answer = await fetch(`${served.url}/cancel`, { method: 'POST', headers, body })
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }
  const mint = (citizen: string): Promise<TestHolder> =>
    withIssuer((issuer) => generateHolder(issuer, citizen))
  const present = async (
    holder: TestHolder,
    changes: Partial<Parameters<typeof createPresentation>[0]>,
  ) =>
    createPresentation({
      credential: holder.credential,
      signer: holder.signer,
      paths: [['network_number']],
      audience: `${served.url}/cancel`,
      nonce: await nonce(),
      issuedAt: new Date(),
      keyBindingClaims: cancellationClaims(),
      ...changes,
    })
  const send = async (holder: TestHolder, changes = {}) => {
    const { status, body } = await post(encodeCancellationForm(await present(holder, changes)))
    return [status, body['error'] ?? 'receipt'] as const
  }

  it('takes one presentation, once', async () => {
    const holder = await mint(person.reference)
    const form = encodeCancellationForm(await present(holder, {}))
    const { status, body } = await post(form)
    expect([status, Object.keys(body)]).toEqual([200, ['netcert_erasure']])
    // The same person again: another nonce or the same, it is the same receipt.
    expect(await post(form)).toEqual({ status, body })
    expect((await post(encodeCancellationForm(await present(holder, {})))).body).toEqual(body)
  })

  it('refuses a presentation that was made for anything else, and cancels nobody', async () => {
    const holder = await mint(person.reference)
    const other = await mint(served.nextPerson().reference)
    const refused = [
      await send(holder, { keyBindingClaims: {} }),
      await send(holder, { keyBindingClaims: { netcert_purpose: 'deletion' } }),
      await send(holder, { audience: served.url }),
      await send(holder, { nonce: encodeBase64Url(new Uint8Array(32)) }),
      await send(holder, { paths: [] }),
      await send(holder, { signer: other.signer }),
      await send(holder, { issuedAt: new Date(Date.now() - 600_000) }),
    ]
    expect(refused).toEqual([
      [400, 'cancellation_malformed'],
      [400, 'cancellation_malformed'],
      [400, 'presentation_refused'],
      [400, 'cancellation_nonce'],
      [400, 'presentation_refused'],
      [400, 'presentation_refused'],
      [400, 'presentation_refused'],
    ])
    expect(await isEnrolled(person.reference)).toBe(true)
  })

  it('refuses what is no form, too large, or asked for otherwise', async () => {
    expect(await post('{}', 'application/json')).toMatchObject({ status: 415 })
    expect(await post('presentation=a&presentation=b')).toMatchObject({ status: 400 })
    expect(await post('presentation=nothing')).toMatchObject({
      body: { error: 'cancellation_malformed' },
    })
    expect(await post(`presentation=${'x'.repeat(70_000)}`)).toMatchObject({ status: 413 })
    expect((await fetch(`${served.url}/cancel`)).status).toBe(405)
  })

  it('refuses a copy whose device was ended, also where the copy has no status', async () => {
    await receive('network-certificate')
    await withIssuer(async (issuer) => {
      const [device] = await issuer.ending.devices(person.reference)
      await issuer.certificates.setStatus({
        target: { device: device!.device },
        status: 'revoked',
        reason: 'device_lost',
      })
    })
    expect(await codeOf(cancel())).toBe('cancellation_refused')
    expect(await isEnrolled(person.reference)).toBe(true)
  })
})

describe('an operator’s command', () => {
  it('and the citizen’s at the same moment are one cancellation with one receipt', async () => {
    await receive(PLATFORM)
    const [mine, theirs] = await Promise.all([
      cancel(),
      withIssuer((issuer) => issuer.erasure.cancel(person.reference)),
    ])
    expect(theirs.receipt).toBe(mine.token)
  })
})
