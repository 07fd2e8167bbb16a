import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorOf, jsonOf } from './netcert-process.js'
import { ask, fillWallet, resultOf, startWire, type Wire } from './wire-ground.js'

type Key = { readonly request_jwk: object; readonly addresses: Record<string, string> }
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

/** Registers the verifier beside the issuer, has it accredited, and waits until the server knows. */
async function accredit(): Promise<void> {
  const key = jsonOf<Key>(await wire.at('verifier', 'key'))
  const template = ['platform', 'template', 'social-network']
  const form = jsonOf<{ addresses: object }>(await wire.at(...template))
  const texts = (text: string) => ({ 'zh-CN': text, en: text })
  const file = wire.folder.at('registration.json')
  const web = { website: SHOP, privacy_policy: `${SHOP}/privacy` }
  const filled = {
    ...{ ...form, id: SHOP, name: texts('Shop'), request_jwk: key.request_jwk },
    operator: { name: texts('Shop Ltd'), registration_number: 'EX-1' },
    addresses: { ...form.addresses, ...web, ...key.addresses },
  }
  writeFileSync(file, JSON.stringify(filled))
  jsonOf(await wire.at('platform', 'register', file))
  const token = wire.folder.at('token.jwt')
  const purpose = ['--purpose', 'social-network', '--out', token]
  jsonOf(await wire.at('platform', 'accredit', SHOP, ...purpose))
  jsonOf(await wire.at('publish', '--out', `${wire.issuer}/published`))
  jsonOf(await wire.at('verifier', 'accredit', token))
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
    await accredit()
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
