import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorOf, jsonOf } from './netcert-process.js'
import { accredit } from './platform-ground.js'
import { ask, fillWallet, resultOf, startWire, type Wire } from './wire-ground.js'

type Result = {
  readonly platformNumber: string
  readonly facts: object
  readonly retention: object
}

const SHOP = 'https://shop.example'
const types = ['--type', 'network-certificate', '--type', 'network-certificate-platform']

let wire: Wire
beforeAll(async () => {
  wire = await startWire()
  await fillWallet(wire, 'phone', ...types)
})
afterAll(() => wire.close())

/** Has the verifier beside the issuer accredited, and waits until its server knows. */
async function accreditVerifier(): Promise<void> {
  await accredit(wire, wire.at, { id: SHOP, name: 'Shop', sectors: ['social-network'] })
  const known = async () => {
    const health = (await (await fetch(`${wire.verifierUrl}/health`)).json()) as object
    return 'accreditations' in health && health.accreditations === 1
  }
  while (!(await known())) await new Promise((later) => setTimeout(later, 200))
}

async function signIn(phone: string): Promise<Result> {
  const { request_uri: link, session } = await ask(wire, '--query', 'sign-in')
  const shown = jsonOf<{ receipt: string }>(await wire.wallet(phone, 'present', link, '--yes'))
  expect(shown.receipt).toBe('verified')
  return jsonOf<Result>(await resultOf(wire, session))
}

describe('a platform and its customer, as processes on the wire', () => {
  it('cannot sign anybody in before it is accredited', async () => {
    const asked = await wire.at('request', 'create', '--query', 'sign-in', '--allow-http-loopback')
    expect(errorOf(asked).code).toBe('unaccredited')
  })

  it('knows the customer by one number, on every visit and on a new phone, and keeps no more', async () => {
    await accreditVerifier()
    const first = await signIn('phone')
    expect(first.platformNumber).toMatch(/^P\w{22}$/)
    expect(Object.keys(first.facts)).toEqual(['real_person'])
    expect(first.retention).toMatchObject({ mayStoreClaims: false })
    expect((await signIn('phone')).platformNumber).toBe(first.platformNumber)
    await fillWallet(wire, 'new-phone', ...types)
    expect((await signIn('new-phone')).platformNumber).toBe(first.platformNumber)
    expect(wire.server.log()).not.toContain(first.platformNumber)
    const database = readFileSync(`${wire.issuer}/verifier/verifier.sqlite`)
    expect(database.includes(first.platformNumber)).toBe(false)
  })

  it('answers a demand to delete with its signature', async () => {
    const { deletion } = jsonOf<{ deletion: { state: string } }>(
      await wire.wallet('phone', 'forget', SHOP),
    )
    expect(deletion.state).toBe('deleted')
  })
})
