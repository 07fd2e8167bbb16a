import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorOf, jsonOf, netcert } from '../../../test/e2e/netcert-process.js'
import { type Ground, makeGround, mint, publish } from '../../../test/e2e/triangle.js'

let ground: Ground
let wallet: string
beforeAll(async () => {
  ground = await makeGround()
  wallet = ground.folder.at('wallet')
  await mint(ground, wallet, '--copies', 'platform')
  await publish(ground)
}, 60_000)
afterAll(() => ground.folder.remove())

const at = (...args: string[]) => netcert([...args, '--dir', ground.issuer, '--json'])

describe('retention', () => {
  it('is listed with every class and its time', async () => {
    const { classes } = jsonOf<{ classes: { class: string; kept_seconds: number }[] }>(
      await at('retention', 'list'),
    )
    expect(classes).toContainEqual(
      expect.objectContaining({ class: 'offers', kept_seconds: 86_400 }),
    )
  })

  it('has nothing to do at a new issuer, and refuses a time that is none', async () => {
    const nothing = { removed: [], finished: true }
    expect(jsonOf(await at('retention', 'run', '--dry-run'))).toEqual({ dry_run: true, ...nothing })
    expect(jsonOf(await at('retention', 'run'))).toEqual({ dry_run: false, ...nothing })
    const file = `${ground.issuer}/netcert.json`
    const text = readFileSync(file, 'utf8')
    const config = JSON.parse(text) as object
    writeFileSync(file, JSON.stringify({ ...config, retention: { offers: '99d' } }))
    const run = await at('retention', 'run')
    writeFileSync(file, text)
    expect(errorOf(run)).toMatchObject({ code: 'config_malformed', exit: 3 })
    expect(run.stderr).toContain('retention.offers should be 0s to 30d')
  })
})

describe('person cancel', () => {
  it('gives the receipt, into a file too, and the same one again', async () => {
    const [citizen = ''] = ground.citizens
    const out = ground.folder.at('receipt.jwt')
    const cancel = (...more: string[]) => at('person', 'cancel', '--citizen', citizen, ...more)
    const first = jsonOf<{ receipt: string }>(await cancel('--out', out))
    expect(first).toMatchObject({ citizen, repeated: false, revoked: 1, finished: true })
    expect(readFileSync(out, 'utf8').trim()).toBe(first.receipt)
    // A file that is there is never written over, and nothing is done then.
    expect(errorOf(await cancel('--out', out)).code).toBe('file_exists')
    expect(jsonOf(await cancel())).toMatchObject({ repeated: true, receipt: first.receipt })
    const args = ['--verify', out, '--dir', wallet, '--lists', ground.folder.at('public'), '--json']
    const run = await netcert(['wallet', 'receipts', ...args])
    const { receipts } = jsonOf<{ receipts: { erased: object[] }[] }>(run)
    expect(receipts[0]?.erased).toContainEqual({ class: 'person', count: 1 })
    writeFileSync(ground.folder.at('bad.jwt'), `${first.receipt.slice(0, -4)}AAAA`)
    const bad = ['wallet', 'receipts', ...args.with(1, ground.folder.at('bad.jwt'))]
    expect(errorOf(await netcert(bad))).toMatchObject({ code: 'erasure_receipt_invalid', exit: 1 })
  })

  it('is refused for somebody who is not enrolled, and for what is no reference', async () => {
    const nobody = `c_${'0'.repeat(26)}`
    expect(errorOf(await at('person', 'cancel', '--citizen', nobody))).toMatchObject({
      code: 'citizen_unknown',
      exit: 2,
    })
    expect((await at('person', 'cancel', '--citizen', '990217198905047852')).code).toBe(2)
    expect((await at('person', 'cancel')).code).toBe(2)
  })
})

describe('wallet cancel', () => {
  it('sends nothing without a yes, and says what would end', async () => {
    const use = ['--dir', wallet, '--lists', ground.folder.at('public'), '--lang', 'en']
    const run = await netcert(['wallet', 'cancel', ...use])
    expect(run.code).not.toBe(0)
    expect(run.stdout).toContain('Cancel your enrolment')
    expect(run.stderr).toContain('--yes')
    expect(jsonOf(await netcert(['wallet', 'receipts', ...use, '--json']))).toEqual({
      receipts: [],
    })
  })
})
