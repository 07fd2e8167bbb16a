import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Issuer, openIssuer } from '@netcert/issuer'
import { createRecoveryLink, parseQuery, parseRecoveryLink } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { type OpenWallet, openWallet } from '@netcert/wallet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Citizen, type ServedIssuer, serveTestIssuer } from '../issuer-server-ground.js'

/** Two phones of one citizen over the wire; one is lost. */

let served: ServedIssuer
let rootDid: string
let folder: string
let citizen: Citizen
let phone: OpenWallet
let tablet: OpenWallet

const operator = async <Done>(work: (issuer: Issuer) => Promise<Done>): Promise<Done> => {
  const { issuer, close } = await openIssuer({ dir: served.dir, clock: () => new Date() })
  try {
    return await work(issuer)
  } finally {
    await close()
  }
}
const open = (name: string) =>
  openWallet({
    dir: join(folder, name),
    clock: () => new Date(),
    create: true,
    allowHttpLoopback: true,
    rootDid,
    listsDir: join(served.dir, 'published'),
  })
const receive = async ({ wallet }: OpenWallet, { reference }: Citizen) => {
  const types = ['network-certificate', 'network-certificate-platform']
  const { offerUri } = await served.offer({ citizen: reference, types })
  return wallet.receiveOffer({ offer: offerUri, batch: 1, consent: () => true })
}
const useUpAndRefill = async ({ wallet }: OpenWallet) => {
  const query = parseQuery(queries['age-over-18'])
  await wallet.present({ query, audience: 'https://shop.example', nonce: 'n-0S6_WzA2Mj-1' })
  return wallet.refill()
}
const numberIn = async ({ wallet }: OpenWallet) => {
  const [first] = await wallet.list()
  const { claims } = await wallet.show(first!.id, { reveal: true })
  return JSON.stringify(claims.find((claim) => JSON.stringify(claim).includes('network_number')))
}

beforeAll(async () => {
  served = await serveTestIssuer({ citizens: 4 })
  await operator((issuer) => issuer.publish({ out: join(served.dir, 'published') }))
  rootDid = (await readFile(join(served.dir, 'root.did'), 'utf8')).trim()
  folder = await mkdtemp(join(tmpdir(), 'netcert-lost-phone-'))
  citizen = served.nextPerson()
  ;[phone, tablet] = [await open('phone'), await open('tablet')]
  await receive(phone, citizen)
  await receive(tablet, citizen)
}, 60_000)
afterAll(async () => {
  for (const wallet of [phone, tablet]) await wallet.close()
  await served.close()
  await rm(folder, { recursive: true })
})

describe('two phones of one citizen', () => {
  it('are two devices with one network number', async () => {
    const devices = await operator((issuer) => issuer.ending.devices(citizen.reference))
    expect(devices.map(({ state, kind }) => [state, kind])).toEqual([
      ['active', 'wallet'],
      ['active', 'wallet'],
    ])
    expect(await numberIn(phone)).toBe(await numberIn(tablet))
  })

  it('are ended one without the other: the lost one is told so when it fetches', async () => {
    const before = await operator((issuer) => issuer.ending.devices(citizen.reference))
    await operator((issuer) =>
      issuer.certificates.setStatus({
        target: { device: before[0]!.device },
        status: 'revoked',
        reason: 'device_lost',
      }),
    )
    const fetched = await Promise.all([phone, tablet].map(useUpAndRefill))
    // The citizen is needed for a new grant; nothing else is wrong.
    expect(fetched.map((reports) => reports.map(({ kind }) => kind).join()).toSorted()).toEqual([
      'ended',
      'received',
    ])
    const after = await operator((issuer) => issuer.ending.devices(citizen.reference))
    expect(after.map(({ state, batches }) => `${state} ${batches}`).toSorted()).toEqual([
      'active 3',
      'ended 1',
    ])
  })

  it('confirm each other’s owner as recovery contacts, by the wallet', async () => {
    const friend = served.nextPerson()
    const wallet = await open('friend')
    await receive(wallet, friend)
    const { contact, link } = await operator((issuer) =>
      issuer.ending.askContact(citizen.reference),
    )
    const questions: unknown[] = []
    const presentation = await wallet.wallet.vouching.vouch({
      link,
      consent: (question) => questions.push(question) > 0,
    })
    expect(questions).toEqual([{ kind: 'contact', issuer: served.url, subject: contact }])
    await operator((issuer) => issuer.ending.agreeContact(contact, presentation))
    const contacts = await operator((issuer) => issuer.ending.contacts(citizen.reference))
    expect(contacts).toMatchObject([{ contact, state: 'agreed' }])
    const again = operator((issuer) => issuer.ending.agreeContact(contact, presentation))
    await expect(again).rejects.toMatchObject({ code: 'contact_request_over' })
    await expect(
      wallet.wallet.vouching.vouch({ link, consent: () => false }),
    ).rejects.toMatchObject({ code: 'consent_refused' })
    const request = parseRecoveryLink(link)
    const elsewhere = createRecoveryLink({ ...request, issuer: 'https://other.example' })
    await expect(
      wallet.wallet.vouching.vouch({ link: elsewhere, consent: () => true }),
    ).rejects.toMatchObject({ code: 'vouching_impossible' })
    await wallet.close()
  })
})
