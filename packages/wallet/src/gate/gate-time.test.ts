import { createEmptyStatusList, createStatusList, writeStatus } from '@netcert/credential'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openWallet } from '@netcert/wallet'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type GateAsked, gateWalletGround } from '../../../../test/gate-wallet-ground.js'
import { later, testNow } from '../../../../test/trust-domain.js'
import { gateTime, goodSeconds } from './gate-time.js'

const gate = gateWalletGround({ passes: 3 })
const YEAR = 365 * 86_400
const MINUTE = 60
const uri = 'https://issuer.example/registrar/status/1'

/** The same wallet, opened from its disk with lists on disk, by whatever clock the phone has. */
async function reopen(options: { readonly keepsExpired?: true } = { keepsExpired: true }) {
  const { ground } = gate
  await ground.closeAll()
  const listsDir = join(ground.folder, 'public')
  await ground.domain.publish(listsDir)
  const { wallet, close } = await openWallet({
    ...{ dir: join(ground.folder, 'wallet'), clock: () => ground.now, create: false },
    ...{ rootDid: ground.domain.rootDid, listsDir, ...options },
  })
  onTestFinished(close)
  gate.use(wallet)
  return listsDir
}

/** The registrar's list, with one accreditation taken back. */
async function takeBack(listsDir: string, index: number): Promise<void> {
  const list = createEmptyStatusList(1, 1024)
  writeStatus(list, index, 1)
  const token = await createStatusList({
    ...{ uri, bits: 1, entries: list.bytes, signer: gate.ground.domain.registrar },
    ...{ issuedAt: later(-MINUTE), expiresAt: later(5 * 86_400), ttlSeconds: 43_200 },
  })
  await mkdir(join(listsDir, 'registrar', 'status'), { recursive: true })
  await writeFile(join(listsDir, 'registrar', 'status', '1.jwt'), token)
}

const madeAt = (presentation: string) => {
  const [, payload = ''] = presentation.slice(presentation.lastIndexOf('~') + 1).split('.')
  return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { iat: number }).iat
}
const seconds = (instant: Date) => Math.floor(instant.getTime() / 1000)

describe('a phone whose clock is wrong', () => {
  it.each([
    ['a year ahead', YEAR],
    ['a year behind', -YEAR],
  ])('by %s gets in all the same, and its owner is told', async (_, wrong) => {
    await reopen()
    gate.ground.now = later(wrong)
    await reopen()
    const { code, answered, previews } = await gate.answer()
    expect(code).toBe('answered')
    const clocks = { own: later(wrong), gate: testNow }
    expect(answered?.clocks).toEqual(clocks)
    expect(previews).toMatchObject([{ state: 'ready', clocks, verifier: { accredited: {} } }])
    const { presentation } = await gate.unpack(answered?.text ?? '')
    expect(madeAt(presentation)).toBe(seconds(testNow))
    gate.ground.now = testNow
    expect((await gate.wallet.list()).map(({ remaining }) => remaining)).toEqual([2])
  })

  it('opened as ever, forgets by that clock what has expired: at a gate it is opened otherwise', async () => {
    gate.ground.now = later(YEAR)
    await reopen({})
    expect((await gate.answer()).code).toBe('query_unanswered')
  })

  it('and a gate that differ by some minutes are not worth a word', async () => {
    gate.ground.now = later(9 * MINUTE)
    const { answered, previews } = await gate.answer()
    expect(previews[0]?.clocks).toBeNull()
    const { presentation } = await gate.unpack(answered?.text ?? '')
    expect(madeAt(presentation)).toBe(seconds(later(9 * MINUTE)))
  })

  it('answers a printed challenge by that clock: paper does not know the time', async () => {
    await reopen()
    gate.ground.now = later(2 * 86_400)
    const { answered } = await gate.answer({ changes: { netcert_nonce: 'self-made' } })
    const { presentation } = await gate.unpack(answered?.text ?? '', [])
    expect(madeAt(presentation)).toBe(seconds(gate.ground.now))
  })
})

describe('a challenge with an old date', () => {
  const old = { issuedAt: later(-3 * 3600) }

  it('does not bring an accreditation back to life that has ended', async () => {
    await reopen()
    const accredited = { issuedAt: later(-86_400), expiresAt: later(-3600) }
    expect((await gate.answer({ ...old, accredited })).code).toBe('accreditation_expired')
    expect((await gate.answer({ accredited })).code).toBe('accreditation_expired')
    expect((await gate.answer(old)).code).toBe('answered')
  })

  it('does not hide that an accreditation was taken back since', async () => {
    const listsDir = await reopen()
    await takeBack(listsDir, 7)
    const asked = (index: number): GateAsked => ({
      ...old,
      accredited: { id: `accreditation-${index}`, status: { uri, index } },
    })
    const { code, previews } = await gate.answer(asked(7))
    expect([code, previews[0]?.credentials]).toEqual(['accreditation_revoked', []])
    expect((await gate.answer(asked(8))).code).toBe('answered')
  })
})

describe('a challenge with a date to come', () => {
  it('moves neither the date in the ledger nor until when the venue may keep what it learned', async () => {
    await reopen()
    expect((await gate.answer({ issuedAt: later(2 * 86_400) })).code).toBe('answered')
    const [line] = await gate.wallet.ledger()
    expect([line?.disclosedAt, line?.platform?.until]).toEqual([testNow, seconds(later(86_400))])
  })

  it('does not begin a new day, in which a venue might ask for more', async () => {
    await reopen()
    const ask = (name: string, issuedAt: Date) =>
      gate.answer({ accredited: { maxClaims: 1 }, claims: [{ path: [name] }], issuedAt })
    expect((await ask('real_person', later(2 * 86_400))).code).toBe('answered')
    expect((await ask('age_over_18', later(4 * 86_400))).code).not.toBe('answered')
    expect((await ask('age_over_18', testNow)).code).toBe('too_many_claims')
  })
})

describe('the time of an answer', () => {
  const floor = later(-86_400)
  const at = (offset: number) => gateTime(testNow, { issuedAt: later(offset), floor }).at

  it('is the gate’s beyond ten minutes either way, and never before what was verified', () => {
    expect([at(600), at(-600)]).toEqual([testNow, testNow])
    expect([at(601), at(-601)]).toEqual([later(601), later(-601)])
    expect([at(YEAR), at(-YEAR)]).toEqual([later(YEAR), floor])
    expect(gateTime(testNow, { issuedAt: null, floor })).toEqual({ at: testNow, clocks: null })
  })
})

describe('a code for a gate', () => {
  it('says until when it is good, from when the challenge was read and by no clock of the gate', async () => {
    for (const issuedAt of [testNow, later(300), later(-YEAR)]) {
      const { answered, previews } = await gate.answer({ issuedAt })
      expect([answered?.goodUntil, previews[0]?.goodUntil]).toEqual([later(75), later(75)])
    }
  })

  it('for a printed challenge is good for a minute from when it is made', async () => {
    const { answered, previews } = await gate.answer({ changes: { netcert_nonce: 'self-made' } })
    expect([answered?.goodUntil, previews[0]?.goodUntil]).toEqual([later(60), null])
  })

  it.each([
    ['without dates', {}, 60],
    ['that was shown for its whole epoch', { iat: 1000, exp: 1075 }, 60],
    ['that would last for an hour', { iat: 1000, exp: 4600 }, 75],
    ['that was over when it was made', { iat: 1000, exp: 900 }, 15],
    ['with dates that are no numbers', { iat: '1000', exp: null }, 60],
  ])('answering a challenge %s', (_of, { iat, exp }: { iat?: unknown; exp?: unknown }, seconds) => {
    expect(goodSeconds({ iat, exp })).toBe(seconds)
  })
})
