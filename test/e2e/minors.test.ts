import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RequestPreview, Wallet } from '@netcert/wallet'
import { beforeAll, describe, expect, it } from 'vitest'
import { type MinorWorld, startMinorWorld, visit } from '../minor-world.js'
import { openedForAll } from '../opened-for-all.js'
import { errorOf, jsonOf, netcert } from './netcert-process.js'

const world: MinorWorld = openedForAll(startMinorWorld)
const refusal = (code: string) => expect.objectContaining({ code })

let mother: Wallet
let teen: Wallet
beforeAll(async () => {
  const { family } = world.issuer
  mother = await world.wallet('mother')
  const guardian = family.mother.reference
  for (const ward of [family.daughter, family.son]) {
    const types = ['ward-certificate']
    await world.receive(mother, { citizen: ward.reference, guardian, types })
  }
  teen = await world.wallet('teen')
  const types = ['network-certificate', 'network-certificate-platform']
  await world.receive(teen, { citizen: family.teen.reference, types })
  await mother.wards.rename('child-1', '小雨')
})

/** Answers with a yes to everything; what the citizen saw before. */
async function answer(wallet: Wallet, link: unknown, ward: string | null = null) {
  const seen: RequestPreview[] = []
  const consent = (preview: RequestPreview) => {
    seen.push(preview)
    return 'share' as const
  }
  const answered = await wallet.answerRequest({ request: String(link), consent, ward })
  return { answered, seen }
}

async function signIn(wallet: Wallet, ward: string | null = null) {
  const browser = visit(world)
  const { request_uri: link } = await browser.send('POST', '/start?query=sign-in')
  const { seen } = await answer(wallet, link, ward)
  return { account: await browser.send('POST', '/sign-in'), seen }
}

describe('a child under 14, whose guardian holds the certificate', () => {
  it('is one of several in the wallet, each told apart by the wallet itself', async () => {
    const wards = await mother.wards.list()
    expect(wards.map(({ label }) => label)).toEqual(['child-2', '小雨'])
    const held = await mother.list()
    expect(new Set(held.map(({ ward }) => ward))).toEqual(new Set(wards.map(({ id }) => id)))
    await expect(mother.wards.rename('小雨', 'child-2')).rejects.toThrow(refusal('ward_label'))
    await expect(mother.wards.rename('小雪', 'x')).rejects.toThrow(refusal('ward_unknown'))
  })

  it('is signed in by the guardian, each child to an account of its own', async () => {
    const first = await signIn(mother, '小雨')
    const again = await signIn(mother, '小雨')
    const other = await signIn(mother, 'child-2')
    expect(first.account).toMatchObject({ status: 200, account: expect.any(String) })
    expect(again.account['account']).toBe(first.account['account'])
    expect(other.account['account']).not.toBe(first.account['account'])
  })

  it('is named on the screen by the label that the guardian gave, which goes nowhere', async () => {
    const browser = visit(world)
    const { request_uri: link } = await browser.send('POST', '/start?query=sign-in')
    const { seen } = await answer(mother, link, '小雨')
    const last = seen.at(-1)
    expect(last).toMatchObject({ ward: { label: '小雨' }, state: 'ready' })
    expect(last?.credentials).toMatchObject([{ ward: { label: '小雨' } }])
    const own = await mother.previewRequest(String(link)).catch((error: unknown) => error)
    expect(own).not.toMatchObject({ ward: { label: '小雨' } })
  })

  it('is not signed in for a child that this wallet knows nothing of', async () => {
    const { request_uri: link } = await visit(world).send('POST', '/start?query=sign-in')
    await expect(answer(mother, link, '小雪')).rejects.toThrow(refusal('ward_unknown'))
    await expect(answer(teen, link, '小雨')).rejects.toThrow(refusal('ward_unknown'))
    // Without a child named it is about herself, and she holds nothing of her own.
    await expect(answer(mother, link)).rejects.toThrow(refusal('platform_copy_missing'))
  })

  it('has both guardians, who see one account and have copies of their own', async () => {
    const { family } = world.issuer
    const father = await world.wallet('father')
    const guardian = family.father.reference
    const types = ['ward-certificate']
    await world.receive(father, { citizen: family.daughter.reference, guardian, types })
    const his = await signIn(father, 'child-1')
    const hers = await signIn(mother, '小雨')
    expect(his.account['account']).toBe(hers.account['account'])
  })
})

describe('a guardian who pauses a child', () => {
  it('has the issuer suspend everything about it; nobody, and the past, are refused', async () => {
    const { son, father } = world.issuer.family
    const wallet = await world.wallet('pausing')
    const guardian = father.reference
    const types = ['ward-certificate']
    await world.receive(wallet, { citizen: son.reference, guardian, types })
    const until = new Date(Date.now() + 3_600_000)
    expect(await wallet.wards.pause({ ward: 'child-1', until })).toMatchObject({ label: 'child-1' })
    const again = world.receive(wallet, { citizen: son.reference, guardian, types })
    await expect(again).rejects.toThrow(refusal('certificates_paused'))
    await expect(wallet.wards.pause({ ward: '小雪' })).rejects.toThrow(refusal('ward_unknown'))
    const past = new Date(Date.now() - 1000)
    const late = wallet.wards.pause({ ward: 'child-1', until: past })
    await expect(late).rejects.toThrow(refusal('issuer_refused'))
  })
})

describe('an act of a 14 to 17 year old', () => {
  it('waits for the guardian, who fetches the certificate for it and consents', async () => {
    const { family } = world.issuer
    const received = await world.receive(mother, {
      citizen: family.teen.reference,
      guardian: family.mother.reference,
      types: ['guardianship'],
    })
    expect(received).toMatchObject({
      certificates: [],
      wards: [{ configurationId: 'guardianship' }],
    })
    await mother.wards.rename(received.wards[0]!.id, '小明')
    const browser = visit(world)
    const begun = await browser.send('POST', '/act?name=purchase')
    const minor = await answer(teen, begun['request_uri'])
    expect(minor.seen.at(-1)?.transactions).toMatchObject([
      { type: 'urn:netcert:minor-act:1', members: { limit: { amount: '30.00' } } },
    ])
    await expect(browser.consented()).rejects.toThrow(refusal('act_waiting'))
    const guardian = await answer(mother, await browser.follow(begun['hand_over_link']))
    expect(guardian.seen.map(({ state }) => state)).toEqual(['needs_platform_copy', 'ready'])
    expect(guardian.answered.receipt).toBe('verified')
    expect(guardian.seen.at(-1)?.credentials).toMatchObject([{ ward: { label: '小明' } }])
    const result = await browser.consented()
    expect(result.guardian.platformNumber).toBe(result.minor.platformNumber)
    expect(result).toMatchObject({ verified: true, guardian: { role: 'guardian' } })
  })

  it('takes a fresh guardianship each time, and none of it is left', async () => {
    const browser = visit(world)
    const begun = await browser.send('POST', '/act?name=purchase')
    await answer(teen, begun['request_uri'])
    const { seen } = await answer(mother, await browser.follow(begun['hand_over_link']))
    expect(seen[0]).toMatchObject({ state: 'needs_platform_copy', ward: { label: '小明' } })
    expect((await browser.consented()).verified).toBe(true)
    const left = (await mother.list()).filter(({ vct }) => vct === 'urn:netcert:guardianship:1')
    expect(left.map(({ remaining }) => remaining)).toEqual([0])
  })

  it('is not consented to by the minor, or by somebody who is guardian of nobody here', async () => {
    const browser = visit(world)
    const begun = await browser.send('POST', '/act?name=purchase')
    await answer(teen, begun['request_uri'])
    const link = await browser.follow(begun['hand_over_link'])
    await expect(answer(teen, link)).rejects.toThrow(/no certificate|may answer|platform number/)
    const stranger = await world.wallet('stranger')
    const again = await browser.follow(begun['hand_over_link'])
    await expect(answer(stranger, again)).rejects.toThrow(/may answer|platform number/)
    await expect(browser.consented()).rejects.toThrow(refusal('act_waiting'))
  })
})

describe('netcert request act', () => {
  const run = (...args: string[]) =>
    netcert(['request', ...args, '--dir', world.dir, '--allow-http-loopback', '--json'])

  async function actFile(members: object): Promise<string> {
    const path = join(world.dir, 'act.json')
    await writeFile(path, JSON.stringify({ ...act(), ...members }))
    return path
  }
  const act = () => ({
    action: { 'zh-CN': '直播打赏', en: 'Give a present in a live stream' },
    limit: null,
    expires_at: new Date(Date.now() + 3_600_000).toISOString(),
  })
  type Begun = {
    readonly act: string
    readonly request_uri: string
    readonly hand_over_link: string
  }

  it('asks the minor, hands the link over, and tells what both agreed to', async () => {
    const begun = jsonOf<Begun>(await run('act', await actFile({})))
    await answer(teen, begun.request_uri)
    expect(errorOf(await run('consent', begun.act))).toMatchObject({ code: 'act_waiting', exit: 1 })
    const handed = jsonOf<{ request_uri: string }>(await run('hand-over', begun.act))
    await answer(mother, handed.request_uri)
    const consent = jsonOf<{ minor: object }>(await run('consent', begun.act))
    expect(consent).toMatchObject({ verified: true, limit: null, guardian: { role: 'guardian' } })
  })

  it('refuses an act that cannot be read or shown, and one that never was', async () => {
    const unseen = await run('act', await actFile({ action: { 'zh-CN': '', en: 'x' } }))
    expect(errorOf(unseen).code).toBe('transaction_data_refused')
    expect(errorOf(await run('consent', 'A'.repeat(22)))).toMatchObject({ code: 'act_unknown' })
  })
})
