import { blindPlatformId, createPlatform } from '@netcert/credential/platform-number'
import { inspectCredential } from '@netcert/credential/holder'
import { generateSigner } from '@netcert/credential'
import { openIssuer } from '@netcert/issuer'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorOf, jsonOf, netcert } from '../../../test/e2e/netcert-process.js'
import { type Ground, makeGround } from '../../../test/e2e/triangle.js'
import { encodingsFound } from '../../../test/value-encodings.js'

const SHOP = 'p-4711'

let ground: Ground
let number: string
let keys: readonly [string, string]
beforeAll(async () => {
  ground = await makeGround()
  keys = [ground.folder.at('a.pem'), ground.folder.at('b.pem')]
  for (const [at, nameCode] of ['A-17', 'B-02'].entries()) {
    const args = ['--name-code', nameCode, '--out', keys[at]!, '--json']
    jsonOf(await netcert(['number', 'officer', 'create', '--dir', ground.issuer, ...args]))
  }
  number = await numberOf(ground.citizens[0]!)
}, 60_000)
afterAll(() => ground.folder.remove())

/** The number of a citizen at the shop, as the shop reads it. */
async function numberOf(citizen: string): Promise<string> {
  const { issuer, close } = await openIssuer({ dir: ground.issuer, clock: () => new Date() })
  const { r, b } = blindPlatformId(SHOP)
  const { jwk } = await generateSigner('ES256')
  const { credentials } = await issuer.mint({
    citizen,
    type: 'urn:netcert:network-certificate:1',
    copies: 'platform',
    holderJwks: [jwk],
    blinded: b,
  })
  await close()
  const { claims } = await inspectCredential(credentials[0]!)
  const { e } = claims.find(({ path }) => path[0] === 'platform_number')!.value as { e: string }
  return createPlatform(SHOP).openNumber({ b, e, r })
}

const reidentify = (
  changes: Partial<Record<string, string>> = {},
  officers = keys as readonly string[],
) => {
  const options = { number, platform: SHOP, case: '2026-105-13', ...changes }
  return netcert([
    ...['number', 'reidentify', '--dir', ground.issuer, '--json'],
    ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value ?? '']),
    ...officers.flatMap((file) => ['--officer-key', file]),
  ])
}

describe('number reidentify', () => {
  it('shows the citizen to two officers, on the screen alone', async () => {
    const run = await reidentify()
    const [citizen] = ground.citizens
    expect(jsonOf(run)).toEqual({ case: '2026-105-13', found: true, citizen })
    expect(run.stderr).toBe('')
    const files = readdirSync(ground.issuer).filter((name) => name.startsWith('issuer.sqlite'))
    const bytes = Buffer.concat(files.map((name) => readFileSync(join(ground.issuer, name))))
    for (const mark of [number, SHOP]) expect(encodingsFound(bytes, mark)).toEqual([])
    expect(encodingsFound(bytes, '2026-105-13')).toContain('utf-8')
  })

  it('says that nobody has the number there, with exit 1', async () => {
    const run = await reidentify({ platform: 'p-4712' })
    expect(run.code).toBe(1)
    expect(JSON.parse(run.stdout)).toMatchObject({ found: false, citizen: null })
  })

  it('refuses one officer twice, a strange key, a number that is none, and half a case', async () => {
    const [first] = keys
    const strange = ground.folder.at('strange.pem')
    const other = await makeGround()
    const args = ['--name-code', 'X', '--out', strange, '--json']
    jsonOf(await netcert(['number', 'officer', 'create', '--dir', other.issuer, ...args]))
    other.folder.remove()
    for (const [run, code, exit] of [
      [await reidentify({}, [first, first]), 'officer_repeated', 1],
      [await reidentify({}, [first]), 'wrong_use', 2],
      [await reidentify({}, [...keys, first]), 'wrong_use', 2],
      [await reidentify({}, [first, strange]), 'officer_unknown', 2],
      [await reidentify({}, [first, ground.folder.at('none.pem')]), 'officer_key_malformed', 2],
      [await reidentify({ number: `${number.slice(0, -2)}00` }), 'platform_number_invalid', 2],
      [await reidentify({ number: 'P1' }), 'platform_number_invalid', 2],
      [await reidentify({ case: '' }), 'case_malformed', 2],
    ] as const) {
      expect(errorOf(run)).toMatchObject({ code, exit })
      expect(run).toMatchObject({ code: exit, stdout: '' })
      expect(run.stderr).not.toContain(number)
    }
  })
})

describe('number officer', () => {
  it('lists who is registered, and ends what is revoked for good', async () => {
    const officer = (...args: string[]) =>
      netcert(['number', 'officer', ...args, '--dir', ground.issuer, '--json'])
    const out = ground.folder.at('c.pem')
    const created = jsonOf<{ id: string }>(
      await officer('create', '--name-code', 'C-03', '--out', out),
    )
    const again = await officer('create', '--name-code', 'C-03', '--out', `${out}2`)
    expect(errorOf(again)).toMatchObject({ code: 'officer_exists', exit: 2 })
    jsonOf(await officer('revoke', '--name-code', 'C-03'))
    const { officers } = jsonOf<{ officers: { id: string; revoked_at: string | null }[] }>(
      await officer('list'),
    )
    expect(officers.map(({ revoked_at }) => revoked_at === null)).toEqual([true, true, false])
    expect(officers.at(-1)!.id).toBe(created.id)
    expect(errorOf(await reidentify({}, [keys[0], out]))).toMatchObject({
      code: 'officer_revoked',
      exit: 1,
    })
    const twice = await officer('revoke', '--name-code', 'C-03')
    expect(errorOf(twice)).toMatchObject({ code: 'officer_revoked', exit: 1 })
  })
})

describe('presence record', () => {
  const record = (...args: string[]) =>
    netcert(['presence', 'record', '--dir', ground.issuer, '--json', ...args])

  it('notes who was there, and tells until when a copy says so', async () => {
    const [citizen = ''] = ground.citizens
    const run = await record('--citizen', citizen, '--face')
    const { checked_at, until } = jsonOf<Record<string, string>>(run)
    expect(Date.parse(until!) - Date.parse(checked_at!)).toBe(900_000)
    expect(Date.parse(checked_at!) % 60_000).toBe(0)
  })

  it('refuses a citizen that is none, and nobody at all', async () => {
    const [code, wrong] = [await record('--citizen', 'c_0000'), await record()]
    expect(errorOf(code)).toMatchObject({ exit: 2 })
    expect(errorOf(wrong)).toMatchObject({ code: 'wrong_use', exit: 2 })
  })
})

describe('init --platform-number-key', () => {
  it('is refused where there is a key, and where there is no issuer', async () => {
    const add = (dir: string) => netcert(['init', '--platform-number-key', '--dir', dir, '--json'])
    expect(errorOf(await add(ground.issuer))).toMatchObject({ code: 'already_initialised' })
    expect(errorOf(await add(ground.folder.at('none')))).toMatchObject({ code: 'not_initialised' })
  })
})

describe('serve issuer --demo-presence', () => {
  it('is refused where the issuer can be reached from elsewhere', async () => {
    const serve = (...args: string[]) =>
      netcert(['serve', 'issuer', '--dir', ground.issuer, '--json', ...args, '--demo-presence'])
    const run = await serve('--allow-http-loopback', '--host', '0.0.0.0', '--port', '1')
    expect(errorOf(run)).toMatchObject({ code: 'presence_demo_refused', exit: 2 })
  })
})
