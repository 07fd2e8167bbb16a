import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  errorOf,
  jsonOf,
  netcert,
  type Run,
  temporaryFolder,
} from '../../../test/e2e/netcert-process.js'

const folder = temporaryFolder()
const issuer = folder.at('issuer')
const shop = folder.at('shop')
const LOOPBACK = '--allow-http-loopback'
const atIssuer = (...args: string[]): Promise<Run> => netcert([...args, '--dir', issuer, '--json'])
const atShop = (...args: string[]): Promise<Run> => netcert([...args, '--dir', shop, '--json'])
const ask = (query: string, ...more: string[]): Promise<Run> =>
  atShop('request', 'create', '--query', query, LOOPBACK, ...more)
const publish = () => atIssuer('publish', '--out', folder.at('public'))

type Key = { readonly request_jwk: object; readonly addresses: Record<string, string> }
type Findings = { readonly findings: { check: string; code?: string; found: string }[] }

async function initVerifier(dir: string): Promise<Run> {
  const trust = ['--trust', `${issuer}/root.did`, '--lists', folder.at('public')]
  const baseUrl = ['--base-url', 'http://127.0.0.1:18700/netcert']
  return netcert(['verifier', 'init', '--dir', dir, ...trust, ...baseUrl, '--json'])
}

/** A registration of a shop for people's accounts, with the key that its verifier printed. */
async function register(): Promise<void> {
  const key = jsonOf<Key>(await atShop('verifier', 'key'))
  const form = jsonOf<{ addresses: object }>(
    await atIssuer('platform', 'template', 'social-network', 'age-check'),
  )
  const texts = (text: string) => ({ 'zh-CN': text, en: text })
  const web = { website: 'https://shop.example', privacy_policy: 'https://shop.example/privacy' }
  const filled = {
    ...{ ...form, id: 'https://shop.example', name: texts('Shop'), request_jwk: key.request_jwk },
    operator: { name: texts('Shop Ltd'), registration_number: 'EX-1' },
    addresses: { ...form.addresses, ...web, ...key.addresses },
  }
  writeFileSync(folder.at('registration.json'), JSON.stringify(filled))
  jsonOf(await atIssuer('platform', 'register', folder.at('registration.json')))
}

const accreditation = async (purpose: string): Promise<string> => {
  const file = folder.at(`${purpose}.jwt`)
  const platform = ['platform', 'accredit', 'https://shop.example']
  jsonOf(await atIssuer(...platform, '--purpose', purpose, '--out', file))
  jsonOf(await publish())
  return file
}

beforeAll(async () => {
  jsonOf(await atIssuer('init', '--base-url', 'http://127.0.0.1:18650'))
  jsonOf(await publish())
  jsonOf(await initVerifier(shop))
  await register()
})
afterAll(() => folder.remove())

describe('a verifier’s folder', () => {
  it('gives the public half of its request key, and nothing secret', async () => {
    const { stdout } = await netcert(['verifier', 'key', '--dir', shop])
    expect(JSON.parse(stdout)).toEqual({
      ...{ kty: 'EC', crv: 'P-256' },
      ...{ x: expect.stringMatching(/^[\w-]{43}$/), y: expect.stringMatching(/^[\w-]{43}$/) },
    })
    expect(jsonOf<Key>(await atShop('verifier', 'key')).addresses).toEqual({
      receipt: 'http://127.0.0.1:18700/netcert/response',
      deletion: 'http://127.0.0.1:18700/netcert/deletion',
    })
  })

  it('asks for facts until it is accredited, and says what is missing for more', async () => {
    expect((await ask('age-over-18')).code).toBe(0)
    const refused = errorOf(await ask('sign-in'))
    expect(refused).toMatchObject({ code: 'unaccredited', exit: 2 })
    expect(refused.message).toContain('platform_number (number_unaccredited)')
    const { findings } = jsonOf<Findings>(await atShop('doctor'))
    expect(findings.find(({ check }) => check === 'Verifier')?.found).toContain('facts alone')
  })

  it('asks for what its accreditation covers, and for nothing else', async () => {
    const installed = await atShop('verifier', 'accredit', await accreditation('social-network'))
    expect(jsonOf(installed)).toMatchObject({
      ...{ platform_id: 'https://shop.example', purpose: 'social-network' },
    })
    expect((await ask('sign-in')).code).toBe(0)
    expect((await ask('sign-in', '--purpose', 'social-network')).code).toBe(0)
    const greedy = errorOf(await ask('network-number'))
    expect(greedy).toMatchObject({ code: 'over_asking', exit: 2 })
    expect(greedy.message).toContain('platform_number may serve and can be asked')
    expect(errorOf(await ask('age-over-18')).code).toBe('over_asking')
    jsonOf(await atShop('verifier', 'accredit', await accreditation('age-check')))
    expect((await ask('age-over-18')).code).toBe(0)
  })

  it('takes an accreditation from standard input, and shows it to the doctor', async () => {
    const token = readFileSync(folder.at('age-check.jwt'), 'utf8')
    const run = await netcert(['verifier', 'accredit', '-', '--dir', shop], { input: token })
    expect(run.stdout).toContain('age-check')
    const { findings } = jsonOf<Findings>(await atShop('doctor'))
    const found = findings.filter(({ check }) => check === 'Verifier').map(({ found: it }) => it)
    expect(found).toHaveLength(2)
  })

  it('refuses an accreditation of somebody else, and a text that is none', async () => {
    const other = folder.at('other')
    jsonOf(await initVerifier(other))
    const file = folder.at('social-network.jwt')
    const foreign = await netcert(['verifier', 'accredit', file, '--dir', other, '--json'])
    expect(errorOf(foreign)).toMatchObject({ code: 'accreditation_differs', exit: 2 })
    writeFileSync(folder.at('text.jwt'), 'hello')
    const text = await atShop('verifier', 'accredit', folder.at('text.jwt'))
    expect(errorOf(text)).toMatchObject({ code: 'accreditation_malformed', exit: 1 })
  })

  it('says that it keeps no claim of anybody', async () => {
    expect(jsonOf(await atShop('verifier', 'retained'))).toEqual({ retained: [] })
    expect((await netcert(['verifier', 'retained', '--dir', shop])).stdout).toContain('No claim')
  })
})
