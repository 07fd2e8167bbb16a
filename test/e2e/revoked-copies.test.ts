import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openIssuer, type SetStatusOptions } from '@netcert/issuer'
import { type OpenWallet, openWallet } from '@netcert/wallet'
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest'
import { type Citizen, type ServedIssuer, serveTestIssuer } from '../issuer-server-ground.js'
import { openedForAll } from '../opened-for-all.js'

const served: ServedIssuer = openedForAll(() => serveTestIssuer({ citizens: 6 }))
const clock = () => new Date()
let folder = ''
let opened: OpenWallet
let person: Citizen

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcert-revoked-'))
  await published(async () => {})
})
afterAll(() => rm(folder, { recursive: true }))
beforeEach(async () => {
  person = served.nextPerson()
  opened = await openWallet({
    dir: join(folder, person.reference),
    clock,
    create: true,
    allowHttpLoopback: true,
    rootDid: (await readFile(join(served.dir, 'root.did'), 'utf8')).trim(),
    listsDir: join(served.dir, 'published'),
  })
  const { offerUri } = await served.offer({
    citizen: person.reference,
    types: ['network-certificate-platform'],
  })
  await opened.wallet.receiveOffer({ offer: offerUri, consent: () => true })
})
afterEach(() => opened.close())

async function published(
  work: (issuer: Awaited<ReturnType<typeof openIssuer>>['issuer']) => Promise<unknown>,
): Promise<void> {
  const { issuer, close } = await openIssuer({ dir: served.dir, clock })
  try {
    await work(issuer)
    await issuer.publish({ out: join(served.dir, 'published') })
  } finally {
    await close()
  }
}

const set = (status: SetStatusOptions['status'], reason: string) =>
  published((issuer) =>
    issuer.certificates.setStatus({ target: { citizen: person.reference }, status, reason }),
  )
const ids = async () => (await opened.wallet.list()).map(({ id }) => id)

describe('a wallet whose certificate was revoked', () => {
  it('fetches a new one with the next refill after a correction, and can cancel with it', async () => {
    const [before] = await ids()
    await set('revoked', 'facts_changed')
    const { cancellations } = opened.wallet
    const cancel = () => cancellations.cancel({ consent: () => true })
    await expect(cancel()).rejects.toMatchObject({ code: 'cancellation_refused' })
    const report = { kind: 'received', reason: 'run_out' }
    expect(await opened.wallet.refill()).toMatchObject([report])
    const after = await ids()
    expect(after).toHaveLength(1)
    expect(after).not.toContain(before)
    expect(await opened.wallet.refill()).toEqual([])
    expect((await cancel()).erased).toContainEqual({ class: 'person', count: 1 })
  })

  it('keeps what is only suspended, for it can come back', async () => {
    const before = await ids()
    await set('suspended', 'citizen_asked')
    expect(await opened.wallet.refill()).toEqual([])
    expect(await ids()).toEqual(before)
  })

  it('is told that its grant has ended, where nothing new comes', async () => {
    await set('revoked', 'device_lost')
    expect(await opened.wallet.refill()).toMatchObject([{ kind: 'ended' }])
    expect(await ids()).toEqual([])
  })
})
