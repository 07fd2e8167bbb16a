import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import {
  startWalletPageGround,
  type WalletDevice,
  type WalletPageGround,
} from '../wallet-page-ground.js'
import { jsonOf } from './netcert-process.js'
import type { Offer } from './wire-ground.js'

const COLUMNS =
  'document_type,document_number,family_name,given_name,sex,birthdate,nationality,residence_region,phone,emergency_contact_phone,guardian_document_numbers'
const year = new Date().getUTCFullYear()
const teen = { number: 'EX7654305', name: '晴', birthdate: `${year - 16}-01-01` }
const ROWS = [
  ['EX7654301', '母', `${year - 40}-01-01`, ''],
  ['EX7654303', '雨', `${year - 9}-01-01`, 'EX7654301'],
  [teen.number, teen.name, teen.birthdate, 'EX7654301'],
]

describe.skipIf(!hasChromium)(`a family on the page of the wallet${chromiumState}`, () => {
  let ground: WalletPageGround
  let phone: WalletDevice
  let family: readonly string[]
  beforeAll(async () => {
    ground = await startWalletPageGround()
    family = await importFamily(ground)
    phone = await ground.device({ timezoneId: 'America/Los_Angeles' })
    await phone.setUp()
  })
  afterAll(() => ground?.close())

  const offer = async (type: string, citizen = family[0], ...guardian: readonly string[]) => {
    const whom = ['--citizen', citizen ?? '', ...guardian, '--type', type]
    return jsonOf<Offer>(await ground.wire.at('offer', 'create', ...whom))
  }
  const wardOffer = (type: string, ward: string | undefined) =>
    offer(type, ward, '--guardian', family[0] ?? '')
  const openChild = async (at: number) => {
    await phone.go('family')
    await phone.at('child').nth(at).click()
    await phone.at('ward').waitFor()
  }

  it('shows each child, what is held, and when it is handed over, by the day in Shanghai', async () => {
    await phone.go('family')
    await phone.at('no-children').waitFor()
    expect(await phone.receive(await offer('network-certificate'))).toBe('received')
    expect(await phone.receive(await wardOffer('ward-certificate', family[1]))).toBe('received')
    expect(await phone.receive(await wardOffer('guardianship', family[2]))).toBe('received')
    await openChild(0)
    expect(await phone.at('ward').getAttribute('data-state')).toBe('ward')
    expect(await phone.at('hand-over').textContent()).toContain(`${year + 5}年1月1日`)
    await openChild(1)
    expect(await phone.at('ward').getAttribute('data-state')).toBe('guardianship')
    expect(await phone.at('hand-over').textContent()).toContain('18')
  })

  it('calls a child what the guardian says, and no two the same', async () => {
    await openChild(0)
    await phone.at('ward-label').fill('小雨')
    await phone.at('save-label').click()
    await phone.page.getByRole('heading', { level: 1, name: '小雨' }).waitFor()
    await phone.go('family')
    await phone.page.locator('[data-testid=child]', { hasText: '孩子 2' }).click()
    await phone.at('ward-label').fill('小雨')
    await phone.at('save-label').click()
    await phone.at('refusal').waitFor()
    expect(await phone.at('refusal').getAttribute('data-code')).toBe('ward_label')
  })

  it('pauses nothing when one goes back from the question, and forward asks nothing', async () => {
    await phone.go('family')
    await phone.page.locator('[data-testid=child]', { hasText: '小雨' }).click()
    await phone.at('pause-ward').click()
    await phone.at('pause-sheet').waitFor()
    await phone.page.goBack()
    await phone.at('children').waitFor()
    expect(await phone.page.locator('dialog[open]').count()).toBe(0)
    await phone.page.goForward()
    await phone.at('ward').waitFor()
    expect(await phone.at('pause-sheet').count()).toBe(0)
    expect(await phone.at('ward-paused').count()).toBe(0)
  })

  it('has the issuer pause everything about a child, after a no and a yes', async () => {
    await phone.go('family')
    await phone.page.locator('[data-testid=child]', { hasText: '小雨' }).click()
    await phone.at('pause-ward').click()
    await phone.at('pause-no').click()
    expect(await phone.at('ward-paused').count()).toBe(0)
    await phone.at('pause-ward').click()
    await phone.at('pause-days-until').check()
    await phone.at('pause-yes').click()
    await phone.at('ward-paused').waitFor()
    // Nothing new is issued meanwhile.
    const refused = await phone.receive(await wardOffer('ward-certificate', family[1]))
    expect(refused).toBe('refusal')
  })

  it('signs a guardian’s consent to an application, which the issuer takes', async () => {
    const { id, link } = await applyFor(ground)
    await phone.go('family', { link })
    await phone.at('vouch-question').waitFor()
    expect(await phone.at('vouch-question').getAttribute('data-kind')).toBe('guardian')
    await phone.at('vouch-no').click()
    await phone.at('family').waitFor()
    await phone.at('link-text').fill(link)
    await phone.at('take-link').click()
    await phone.at('vouch-yes').click()
    await phone.at('vouched').waitFor()
    const download = phone.page.waitForEvent('download')
    await phone.at('save-word').click()
    const path = ground.wire.folder.at('consent.txt')
    await (await download).saveAs(path)
    const taken = await ground.wire.at('application', 'evidence', id, '--guardian', path)
    expect(jsonOf(taken)).toMatchObject({ kind: 'guardian', passed: true })
    expect(readFileSync(path, 'utf8')).toMatch(/^ey[\w.~-]+\n$/)
  })

  it('takes up no link that asks for nothing, and opens a web page only by hand', async () => {
    await phone.at('vouch-close').click()
    await phone.at('link-text').fill('hello')
    await phone.at('take-link').click()
    await phone.at('foreign-link').waitFor()
    await phone.at('link-text').fill('https://game.example/netcert/consent/abc')
    await phone.at('take-link').click()
    expect(await phone.at('web-link').textContent()).toContain('game.example')
    await phone.go('family', { link: 'netcert-guardian:e30' })
    await phone.at('refusal').waitFor()
    expect(await phone.at('refusal').getAttribute('data-code')).toBe('guardian_consent_malformed')
    expect(phone.asked.filter((url) => url.includes('game.example'))).toEqual([])
    expect(phone.complaints).toEqual([])
  })
})

/** A mother, a child of nine and one of sixteen; their references, in this order. */
async function importFamily({ wire }: WalletPageGround): Promise<readonly string[]> {
  const references: string[] = wire.people.map(({ reference }) => reference)
  const known = references.length
  for (const [number = '', name = '', birthdate = '', guardians = ''] of ROWS) {
    const facts = ['female', birthdate, 'CHN', 'BJ', '10000864420', '', guardians]
    const row = ['passport', number, '王', name, ...facts].join(',')
    const path = wire.folder.at(`${number}.csv`)
    writeFileSync(path, `${COLUMNS}\n${row}\n`)
    jsonOf(await wire.at('citizens', 'import', path))
    const { citizens } = jsonOf<{ citizens: { reference: string }[] }>(
      await wire.at('citizens', 'list'),
    )
    const added = citizens.find(({ reference }) => !references.includes(reference))
    if (added === undefined) throw new TypeError('nobody was imported')
    references.push(added.reference)
  }
  return references.slice(known)
}

/** An application of the one of sixteen, and the link its guardian consents with. */
async function applyFor({ wire }: WalletPageGround): Promise<{ id: string; link: string }> {
  const { digest } = jsonOf<{ digest: string }>(await wire.at('application', 'purposes'))
  const path = wire.folder.at('application.json')
  const application = {
    document: { type: 'passport', number: teen.number },
    ...{ family_name: '王', given_name: teen.name, birthdate: teen.birthdate },
    consent: { purposes: digest, language: 'zh-CN' },
  }
  writeFileSync(path, JSON.stringify(application))
  const { id } = jsonOf<{ id: string }>(await wire.at('application', 'submit', path))
  jsonOf(await wire.at('application', 'evidence', id, '--registry'))
  const made = await wire.at('application', 'evidence', id, '--guardian-link')
  return { id, link: jsonOf<{ link: string }>(made).link }
}
