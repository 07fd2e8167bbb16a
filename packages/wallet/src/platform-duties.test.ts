import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  createDeletionAnswer,
  createDeletionReply,
  type DeletionOutcome,
  parseRequestReport,
  readDeletionRequest,
} from '@netcert/protocol'
import { generateSigner } from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import { PLATFORM_ID } from '../../../test/accreditation-ground.js'
import { platformWalletGround } from '../../../test/platform-wallet-ground.js'
import { later } from '../../../test/trust-domain.js'

const ground = platformWalletGround()
const { vci } = ground
const reason = { 'zh-CN': '法律要求保存', en: 'The law has us keep it' }
const at = () => ({
  deletionUri: `${ground.server.url}/deletion`,
  reportUri: `${ground.server.url}/reports`,
})

describe('the receipt of a platform', () => {
  it('is held against what was sent and hung on the line in the ledger', async () => {
    ground.giveReceipts()
    expect((await ground.answer()).answered?.receipt).toBe('verified')
    expect(await ground.wallet.ledger()).toMatchObject([
      {
        receipt: 'verified',
        claims: [['platform_number'], ['real_person']],
        platform: {
          id: PLATFORM_ID,
          name: { en: 'Example shop' },
          purpose: { en: 'Sign in to an account' },
          until: Math.floor(later(86_400).getTime() / 1000),
        },
      },
    ])
    const { entries } = await ground.wallet.exportLedger()
    expect(entries.at(-1)).toMatchObject({ kind: 'receipt', token: expect.stringMatching(/^ey/) })
  })

  it('that is missing, altered or of another answer is noted as such', async () => {
    expect((await ground.answer()).answered?.receipt).toBe('missing')
    const receipts: string[] = []
    ground.giveReceipts((token) => {
      receipts.push(token)
      return `${token.slice(0, -6)}AAAAAA`
    })
    expect((await ground.answer()).answered?.receipt).toBe('invalid')
    ground.giveReceipts(() => receipts[0] ?? '')
    expect((await ground.answer()).answered?.receipt).toBe('invalid')
    const states = (await ground.wallet.ledger()).map(({ receipt }) => receipt)
    expect(states).toEqual(['invalid', 'invalid', 'missing'])
    expect(await ground.wallet.checkLedger()).toMatchObject({ kind: 'whole', entries: 6 })
  })

  it('is in the ledger before a browser leaves for the platform, which ends the page of the wallet', async () => {
    const found: unknown[] = []
    const openAddress = async () => {
      found.push(...(await ground.wallet.ledger()).map(({ receipt }) => receipt))
    }
    ground.use(await ground.openWallet({ openAddress }))
    ground.giveReceipts((token) => token, 'https://shop.example/done')
    await ground.answer()
    expect(found).toEqual(['verified'])
  })

  it('is expected of nobody who is not accredited', async () => {
    const facts = { tokens: [], claims: [{ path: ['real_person'] }] }
    expect((await ground.answer(facts)).answered?.receipt).toBeNull()
    expect(await ground.wallet.ledger()).toMatchObject([{ platform: null, receipt: null }])
  })
})

describe('a demand to delete', () => {
  /** Has the platform answer so; the signer may be somebody else. */
  function platformSays(outcome: DeletionOutcome, signer = ground.asker.signer) {
    ground.server.on('/deletion', async ({ body }) => {
      const form = Object.fromEntries(new URLSearchParams(body))
      const { presentation } = readDeletionRequest(form)
      expect(ground.numberIn(presentation)).toMatch(/^P/)
      const issuedAt = vci.ground.now
      const answer = { signer, platformId: PLATFORM_ID, presentation, outcome, issuedAt }
      const reply = createDeletionReply(await createDeletionAnswer(answer))
      return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(reply) }
    })
  }
  const meet = () => ground.answer({ accredited: at() })

  it('is signed with its own copy, answered with a signature, and ends the copy', async () => {
    await meet()
    platformSays({ state: 'deleted' })
    expect(await ground.wallet.forgetPlatform(PLATFORM_ID)).toMatchObject({
      state: 'deleted',
      isLate: false,
    })
    expect(await ground.wallet.platforms()).toEqual([])
    const { entries } = await ground.wallet.exportLedger()
    const deletions = entries.filter(({ kind }) => kind === 'deletion')
    expect(deletions).toMatchObject([
      { state: 'requested', token: null },
      { state: 'deleted', token: expect.stringMatching(/^ey/) },
    ])
    // It knows the citizen no more, so plain identity is judged as on the first day.
    const { answered } = await ground.answer({
      claims: [{ path: ['family_name'] }, { path: ['real_person'] }],
      accredited: { claims: [['family_name'], ['real_person']] },
    })
    expect(answered?.withheld).toMatchObject([{ code: 'identity_without_basis' }])
  })

  it('that is put off is late after its day, and the same demand when sent again', async () => {
    await meet()
    platformSays({ state: 'scheduled', dueAt: later(5 * 86_400), reason })
    const first = await ground.wallet.forgetPlatform(PLATFORM_ID)
    expect(first).toMatchObject({ state: 'scheduled', dueAt: later(5 * 86_400), isLate: false })
    vci.ground.now = later(6 * 86_400)
    expect(await ground.wallet.deletions()).toMatchObject([{ id: first.id, isLate: true }])
    platformSays({ state: 'deleted' })
    expect(await ground.wallet.forgetPlatform(PLATFORM_ID)).toMatchObject({ id: first.id })
    expect(await ground.wallet.deletions()).toMatchObject([{ state: 'deleted', isLate: false }])
  })

  it('that is refused says why; one that nobody answers, or a stranger does, stays open', async () => {
    await meet()
    platformSays({ state: 'refused', reason })
    expect(await ground.wallet.forgetPlatform(PLATFORM_ID)).toMatchObject({ state: 'refused' })
    const { signer } = await generateSigner('ES256')
    platformSays({ state: 'deleted' }, signer)
    const asked = ground.wallet.forgetPlatform(PLATFORM_ID)
    await expect(asked).rejects.toMatchObject({ code: 'deletion_unproven' })
    ground.server.on('/deletion', () => ({ status: 503 }))
    const again = ground.wallet.forgetPlatform(PLATFORM_ID)
    await expect(again).rejects.toMatchObject({ code: 'deletion_undelivered' })
    expect((await ground.wallet.platforms()).length).toBe(1)
    vci.ground.now = later(16 * 86_400)
    expect((await ground.wallet.deletions())[0]).toMatchObject({
      state: 'undelivered',
      isLate: true,
    })
  })

  it('goes to nobody whose copy is not held', async () => {
    await expect(ground.wallet.forgetPlatform('https://never.example')).rejects.toMatchObject({
      code: 'platform_unknown',
    })
    expect(await ground.wallet.deletions()).toEqual([])
  })
})

describe('a greedy request', () => {
  const greedy = () => ground.answer({ accredited: at(), claims: [{ path: ['family_name'] }] })

  it('is reported with the signature of the platform and nothing of the citizen', async () => {
    await greedy()
    ground.server.on('/reports', () => ({ status: 202, body: '{"report_id":"r-1"}' }))
    expect(await ground.wallet.reportRequest('LAST')).toEqual({
      platformId: PLATFORM_ID,
      code: 'claim_uncovered',
      reportId: 'r-1',
    })
    const body = ground.server.arrivals.at(-1)?.body ?? ''
    const report = parseRequestReport(body)
    expect(report).toMatchObject({ code: 'claim_uncovered', findings: [{ path: ['family_name'] }] })
    expect(report.request.split('.')).toHaveLength(3)
    expect(body).not.toMatch(/Beispiel|990100|7K2M9Q/)
    const { entries } = await ground.wallet.exportLedger()
    expect(entries.at(-1)).toMatchObject({ kind: 'report', report_id: 'r-1' })
    // One tap, one report.
    await expect(ground.wallet.reportRequest('LAST')).rejects.toMatchObject({
      code: 'report_missing',
    })
  })

  it('can be looked up until it is reported, and then that it was', async () => {
    await greedy()
    await greedy()
    const { reports } = ground.wallet
    expect(await reports.reportable()).toEqual([
      {
        ...{ platformId: PLATFORM_ID, code: 'claim_uncovered', askedAt: vci.ground.now },
        name: expect.objectContaining({ en: 'Example shop' }),
      },
    ])
    expect(await reports.sent()).toEqual([])
    ground.server.on('/reports', () => ({ status: 202, body: '{"report_id":"r-3"}' }))
    await ground.wallet.reportRequest(PLATFORM_ID)
    await ground.wallet.reportRequest(PLATFORM_ID)
    expect(await reports.reportable()).toEqual([])
    expect(await reports.sent()).toMatchObject([
      { id: 'r-3', platformId: PLATFORM_ID, code: 'claim_uncovered', sentAt: vci.ground.now },
      { id: 'r-3' },
    ])
  })

  it('can be reported again when the registrar did not take it, and for a month', async () => {
    await greedy()
    await expect(ground.wallet.reportRequest(PLATFORM_ID)).rejects.toMatchObject({
      code: 'report_undelivered',
    })
    ground.server.on('/reports', () => ({ status: 202, body: '{"report_id":"r-2"}' }))
    expect(await ground.wallet.reportRequest(PLATFORM_ID)).toMatchObject({ reportId: 'r-2' })
    await expect(ground.wallet.reportRequest('https://other.example')).rejects.toMatchObject({
      code: 'report_missing',
    })
  })
})

describe('what the wallet keeps', () => {
  it('holds no value of any claim in the ledger, the database or its log', async () => {
    ground.giveReceipts()
    const claims = [['family_name'], ['real_person'], ['residence_region']]
    const accredited = { legalBasis: 'consent' as const, claims, ...at() }
    for (let turn = 0; turn < 3; turn += 1) {
      await ground.answer({ accredited, claims: claims.map((path) => ({ path })) })
    }
    const { entries } = await ground.wallet.exportLedger()
    expect(entries.length).toBeGreaterThan(3)
    expect(JSON.stringify(entries)).not.toMatch(/Beispiel|990100/)
    const dir = join(vci.ground.folder, 'wallet')
    const files = (await readdir(dir)).filter((name) => name.startsWith('wallet.sqlite'))
    const bytes = await Promise.all(files.map((name) => readFile(join(dir, name), 'latin1')))
    const all = bytes.join('')
    for (const value of ['Beispiel', 'shop.example', 'family_name'])
      expect(all).not.toContain(value)
  })
})
