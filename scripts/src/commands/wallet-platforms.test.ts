import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorOf, jsonOf, netcert } from '../../../test/e2e/netcert-process.js'
import { type ServedPlatform, startPlatform } from '../../../test/e2e/platform-ground.js'
import {
  type Asked,
  fillWallet,
  resultOf,
  startWire,
  type Wire,
} from '../../../test/e2e/wire-ground.js'

const LOOPBACK = '--allow-http-loopback'
const SHOP = 'https://shop.example'
let wire: Wire
let shop: ServedPlatform

const present = (link: string, ...more: string[]) => wire.wallet('w', 'present', link, ...more)

beforeAll(async () => {
  wire = await startWire()
  shop = await startPlatform(wire, {
    id: SHOP,
    name: 'Shop',
    sectors: ['social-network', 'telecom'],
  })
  const types = ['--type', 'network-certificate', '--type', 'network-certificate-platform']
  await fillWallet(wire, 'w', ...types)
}, 120_000)
afterAll(async () => {
  await shop.end()
  await wire.close()
})

describe('a wallet and an accredited platform', () => {
  it('meet: the screen names platform and purpose, the platform gets one number again and again', async () => {
    const first = await shop.ask('sign-in')
    const shown = await netcert(
      ['wallet', 'present', first.request_uri, '--preview', '--dir', wire.folder.at('w'), LOOPBACK],
      { env: { LANG: 'en_GB.UTF-8' } },
    )
    expect(shown.stderr).toMatch(/Asked by {2}Shop/)
    expect(shown.stderr).toMatch(/purpose {3}\S/)
    const answered = jsonOf(await present(first.request_uri, '--yes'))
    expect(answered).toMatchObject({ receipt: 'verified', withheld: [] })
    const numberOf = async (session: string) => (await shop.result(session)).platformNumber
    const number = await numberOf(first.session)
    expect(number).toMatch(/^P[0-9A-Z]{22}$/)
    const again = await shop.ask('sign-in')
    jsonOf(await present(again.request_uri, '--yes'))
    expect(await numberOf(again.session)).toBe(number)
  }, 60_000)

  it('answers nobody unknown by itself: the citizen says yes each time', async () => {
    const asked = jsonOf<Asked>(
      await wire.at('request', 'create', '--query', 'age-over-18', LOOPBACK),
    )
    const refused = await present(asked.request_uri)
    expect(errorOf(refused)).toMatchObject({ code: 'consent_needed', exit: 1 })
    expect(errorOf(refused).cure).toContain('--yes')
    expect((await resultOf(wire, asked.session)).code).not.toBe(0)
    jsonOf(await present(asked.request_uri, '--yes'))
  }, 60_000)

  it('leave a ledger that is whole, leaves as a file, and names a line that was changed', async () => {
    const whole = jsonOf<{ lines: number }>(await wire.wallet('w', 'ledger', '--verify'))
    expect(whole.lines).toBeGreaterThanOrEqual(4)
    const file = wire.folder.at('ledger.json')
    jsonOf(await wire.wallet('w', 'ledger', '--export', file))
    expect(jsonOf(await netcert(['wallet', 'ledger', '--verify', file, '--json']))).toEqual(whole)
    writeFileSync(file, readFileSync(file, 'utf8').replace('network-certificate', 'gate-pass'))
    const changed = await netcert(['wallet', 'ledger', '--verify', file, '--json'])
    expect(errorOf(changed)).toMatchObject({ code: 'ledger_broken', exit: 1 })
    expect(errorOf(changed).message).toContain('line 2')
  }, 60_000)

  it('part: the platform signs what it deletes, and is forgotten here', async () => {
    const forgotten = jsonOf(await wire.wallet('w', 'forget', SHOP))
    expect(forgotten).toMatchObject({ deletion: { platformId: SHOP } })
    const unknown = await wire.wallet('w', 'forget', 'https://never.example')
    expect(errorOf(unknown)).toMatchObject({ code: 'platform_unknown' })
    expect(jsonOf(await wire.wallet('w', 'prepare', SHOP))).toMatchObject({ platform: SHOP })
  }, 60_000)

  it('have nothing to report where nobody asked too much', async () => {
    expect(errorOf(await wire.wallet('w', 'report', 'LAST')).code).toBe('report_missing')
  })

  it('speak line by line, too', async () => {
    const { request_uri } = await shop.ask('sign-in')
    const lines = [
      { cmd: 'preview', request: request_uri },
      { cmd: 'present', request: request_uri },
      { cmd: 'ledger' },
      { cmd: 'forget', platform: 'https://never.example' },
    ]
    const run = await netcert(['wallet', '--jsonl', '--dir', wire.folder.at('w'), LOOPBACK], {
      input: lines.map((line) => JSON.stringify(line)).join('\n'),
    })
    const answers = run.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object)
    expect(answers).toMatchObject([
      { ok: true, preview: { verifier: { accredited: { platformId: SHOP } } } },
      { ok: true, receipt: 'verified' },
      { ok: true, disclosures: expect.any(Array) },
      { ok: false, code: 'platform_unknown' },
    ])
  }, 60_000)

  it('share no plain identity for a --yes alone, but for its own flag', async () => {
    const asked = await shop.ask('telecom', '--purpose', 'telecom')
    // What is left is sent, and the platform may have no use for it.
    expect(errorOf(await present(asked.request_uri, '--yes')).code).toBe('answer_refused')
    type Ledger = { readonly disclosures: readonly { readonly claims: readonly string[][] }[] }
    const { disclosures } = jsonOf<Ledger>(await wire.wallet('w', 'ledger'))
    expect(disclosures[0]?.claims).toEqual([
      ['platform_number'],
      ['real_person'],
      ['document_type'],
    ])
    const { request_uri: link, session } = await shop.ask('telecom', '--purpose', 'telecom')
    jsonOf(await present(link, '--yes', '--yes-identity'))
    expect(await shop.result(session)).toMatchObject({
      identity: { id_number: expect.any(String) },
    })
  }, 60_000)
})
