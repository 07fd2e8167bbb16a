import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorOf, jsonOf, netcert } from './netcert-process.js'
import { publish, type ServedPlatform, startPlatform } from './platform-ground.js'
import { fillWallet, startWire, type Wire } from './wire-ground.js'

type Ledger = {
  readonly disclosures: readonly {
    readonly claims: readonly string[][]
    readonly platform: { readonly id: string } | null
    readonly receipt: string | null
  }[]
}

const types = ['--type', 'network-certificate', '--type', 'network-certificate-platform']
const query = (...path: string[]) =>
  JSON.stringify({
    credentials: [
      {
        id: 'certificate',
        format: 'dc+sd-jwt',
        meta: { vct_values: ['urn:netcert:network-certificate:1'] },
        claims: [{ path }],
      },
    ],
  })

let wire: Wire
let shop: ServedPlatform
let club: ServedPlatform
beforeAll(async () => {
  wire = await startWire()
  const sectors = ['social-network']
  shop = await startPlatform(wire, { id: 'https://shop.example', name: 'Shop', sectors })
  club = await startPlatform(wire, {
    ...{ id: 'https://club.example', name: 'Club', sectors },
    change: (purpose) => ({ ...purpose, max_claims: 2 }),
  })
  await fillWallet(wire, 'phone', ...types)
}, 120_000)
afterAll(async () => {
  await shop.end()
  await club.end()
  await wire.close()
})

async function visit(platform: ServedPlatform, phone: string): Promise<string> {
  const { request_uri: link, session } = await platform.ask('sign-in')
  expect(jsonOf(await wire.wallet(phone, 'present', link, '--yes'))).toMatchObject({
    receipt: 'verified',
    withheld: [],
  })
  const { platformNumber } = await platform.result(session)
  expect(platformNumber).toMatch(/^P\w{22}$/)
  return platformNumber ?? ''
}

async function networkNumber(phone: string): Promise<string> {
  const { certificates } = jsonOf<{ certificates: { id: string; kind: string }[] }>(
    await wire.wallet(phone, 'list'),
  )
  const oneTime = certificates.find(({ kind }) => kind === 'one-time')
  const shown = await wire.wallet(phone, 'show', oneTime?.id ?? '', '--reveal')
  const { claims } = jsonOf<{ claims: { path: string[]; value: string }[] }>(shown)
  return claims.find(({ path }) => path[0] === 'network_number')?.value ?? ''
}

describe('two accredited platforms and one citizen, as processes on the wire', () => {
  let numbers: readonly [string, string]

  it('see two numbers, each the same at every visit, and neither is the network number', async () => {
    numbers = [await visit(shop, 'phone'), await visit(club, 'phone')]
    expect(await visit(shop, 'phone')).toBe(numbers[0])
    const network = await networkNumber('phone')
    expect(network).not.toBe('')
    expect(new Set([...numbers, network]).size).toBe(3)
  }, 60_000)

  it('see them again on a new phone of the same person', async () => {
    await fillWallet(wire, 'new-phone', ...types)
    expect([await visit(shop, 'new-phone'), await visit(club, 'new-phone')]).toEqual(numbers)
  }, 60_000)

  it('leave receipts in a ledger that is whole, and that anybody can check as a file', async () => {
    const { disclosures } = jsonOf<Ledger>(await wire.wallet('phone', 'ledger'))
    expect(disclosures.map(({ platform, receipt }) => [platform?.id, receipt])).toEqual([
      [shop.id, 'verified'],
      [club.id, 'verified'],
      [shop.id, 'verified'],
    ])
    const whole = jsonOf(await wire.wallet('phone', 'ledger', '--verify'))
    const file = wire.folder.at('ledger.json')
    jsonOf(await wire.wallet('phone', 'ledger', '--export', file))
    expect(jsonOf(await netcert(['wallet', 'ledger', '--verify', file, '--json']))).toEqual(whole)
    const text = readFileSync(file, 'utf8')
    expect(text).toContain(shop.id)
    for (const number of numbers) expect(text).not.toContain(number)
  }, 60_000)

  it('cannot ask for more than they are accredited for: claim, reason and smaller claim are named', async () => {
    const file = wire.folder.at('birthdate.json')
    writeFileSync(file, query('birthdate'))
    const create = ['request', 'create', '--query', file, '--allow-http-loopback']
    const { code, message, exit } = errorOf(await shop.at(...create))
    expect([code, exit]).toEqual(['over_asking', 2])
    expect(message).toContain('birthdate (claim_uncovered, age_band may serve and can be asked)')
  }, 60_000)

  it('cannot get bit by bit what they may not have at once; the citizen reports it', async () => {
    const file = wire.folder.at('age-band.json')
    writeFileSync(file, query('age_band'))
    const { request_uri: link } = await club.ask(file)
    const answered = await wire.wallet('phone', 'present', link, '--yes')
    expect(answered.stdout + answered.stderr).toContain('too_many_claims')
    jsonOf(await wire.wallet('phone', 'report', 'LAST'))
    const { reports } = jsonOf<{ reports: object[] }>(await wire.at('platform', 'reports'))
    expect(reports).toMatchObject([{ platform: club.id, code: 'too_many_claims' }])
    expect(JSON.stringify(reports)).not.toContain(wire.people[0]!.reference)
  }, 60_000)

  it('delete on demand, with a signed answer', async () => {
    const { deletion } = jsonOf<{ deletion: object }>(await wire.wallet('phone', 'forget', club.id))
    expect(deletion).toMatchObject({ platformId: club.id, state: 'deleted' })
  }, 60_000)

  it('get nothing any more once the registrar took the accreditation back and published', async () => {
    const { request_uri: link, session } = await shop.ask('sign-in')
    jsonOf(await wire.at('platform', 'revoke', shop.id, '--reason', 'rules_broken'))
    await publish(wire)
    // The wallet looks at lists that it fetched on its own schedule, never while somebody asks.
    jsonOf(await wire.wallet('phone', 'refill'))
    const refused = await wire.wallet('phone', 'present', link, '--yes')
    expect(errorOf(refused).code).toBe('accreditation_revoked')
    expect((await shop.at('request', 'result', session, '--allow-http-loopback')).code).toBe(1)
    // The platform's verifier looks at the lists on a beat of its own, and when it starts.
    await shop.restart()
    const create = ['request', 'create', '--query', 'sign-in', '--allow-http-loopback']
    expect(errorOf(await shop.at(...create)).code).toBe('unaccredited')
    expect(await visit(club, 'phone')).toBe(numbers[1])
  }, 60_000)
})
