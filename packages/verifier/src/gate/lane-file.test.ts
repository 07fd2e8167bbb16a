import { parseNetworkNumber } from '@netcert/credential'
import { encryptWithCode } from '@netcert/protocol/code-encryption'
import { createLaneCode, type LaneSettings, openLane, sealLane } from '@netcert/verifier/gate'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  identityQuery,
  type LaneGround,
  laneGround,
  ticketQuery,
} from '../../../../test/lane-ground.js'

let ground: LaneGround
let settings: LaneSettings
beforeAll(async () => {
  ground = await laneGround()
  settings = await ground.settings()
})

const refused = (code: string) => expect.objectContaining({ code, name: 'VerifierError' })

describe('a lane file', () => {
  test('opens with its code, however that is typed, to what was sealed', async () => {
    const code = createLaneCode()
    expect(code).toMatch(/^([0-9A-Z]{5} ){4}\d\d$/)
    const file = await sealLane(settings, code)
    expect(file).toMatch(/^netcert-gate-lane 1\n[\w-]+\.[\w-]+\.[\w-]+\.[\w-]+\.[\w-]+\n$/)
    for (const typed of [code, code.toLowerCase(), code.replaceAll(' ', '-'), ` ${code}\n`]) {
      expect(await openLane(file, typed)).toEqual(settings)
    }
    expect(await openLane(file.replaceAll('\n', '\r\n'), code)).toEqual(settings)
  })

  test('shows nothing of what is in it', async () => {
    const file = await sealLane(settings, createLaneCode())
    const [, jwe = ''] = file.split('\n')
    const header = JSON.parse(atob(jwe.split('.')[0] ?? '')) as Record<string, unknown>
    expect(Object.keys(header).toSorted()).toEqual(['alg', 'enc', 'p2c', 'p2s', 'typ'])
    expect(file).not.toContain(settings.requestKey.d)
  })

  test('does not open with another code, nor with what is none', async () => {
    const code = createLaneCode()
    const file = await sealLane(settings, code)
    const wrong = [createLaneCode(), '', '0'.repeat(22), code.slice(0, -1), `${code}0`]
    for (const one of wrong) {
      await expect(openLane(file, one)).rejects.toEqual(refused('lane_code_wrong'))
    }
  })

  test('does not open when it was changed, or is something else', async () => {
    const code = createLaneCode()
    const file = await sealLane(settings, code)
    const other = file.replace(/[\w-]\n$/, (end) => (end.startsWith('A') ? 'Q\n' : 'A\n'))
    await expect(openLane(other, code)).rejects.toEqual(refused('lane_code_wrong'))
    for (const text of ['', 'x', file.slice(20), `${file}more\n`, 'A'.repeat(200_000)]) {
      await expect(openLane(text, code)).rejects.toEqual(refused('lane_malformed'))
    }
  })

  test.each<[string, Partial<LaneSettings>]>([
    ['poster answers that show identity', { query: identityQuery, poster: true }],
    ['paper that shows identity', { query: identityQuery, paper: true }],
    ['tickets without the number', { kind: 'ticket' }],
    ['tickets on a poster', { kind: 'ticket', query: ticketQuery, poster: true }],
    ['tickets on paper', { kind: 'ticket', query: ticketQuery, paper: true }],
    ['a name of another key', { clientId: 'decentralized_identifier:did:key:zOther' }],
    ['another platform', { platformId: 'https://other.example' }],
    ['an accreditation that is none', { accreditation: 'a.b.c' }],
    ['a short secret', { laneSecret: new Uint8Array(16) }],
    ['a question nobody accredited', { query: uncovered() }],
  ])('is not made for %s', async (_name, changes) => {
    const sealed = sealLane({ ...settings, ...changes }, createLaneCode())
    await expect(sealed).rejects.toEqual(refused('lane_invalid'))
  })

  test('is not made with another request key than the accredited one', async () => {
    const { requestKey } = await (await laneGround()).settings()
    const sealed = sealLane({ ...settings, requestKey }, createLaneCode())
    await expect(sealed).rejects.toEqual(refused('lane_invalid'))
  })

  test('is not made of what could not be opened again', async () => {
    for (const changes of [
      { gate: 'a|b' },
      { lane: '' },
      { event: { ...settings.event, id: 'no blanks' } },
      { keepLedgerSeconds: -1 },
      { venue: { 'zh-CN': '', en: 'x' } },
    ]) {
      const sealed = sealLane({ ...settings, ...changes }, createLaneCode())
      await expect(sealed).rejects.toEqual(refused('lane_invalid'))
    }
  })
})

test('is refused when what was sealed in it is not of its form', async () => {
  const code = createLaneCode()
  for (const text of ['', '[]', '{}', JSON.stringify({ venue: 1 })]) {
    const sealed = { code: parseNetworkNumber(code), iterations: 1_000, typ: 'netcert-gate-lane' }
    const file = `netcert-gate-lane 1\n${await encryptWithCode(text, sealed)}\n`
    await expect(openLane(file, code)).rejects.toEqual(refused('lane_malformed'))
  }
})

function uncovered() {
  const [guest] = identityQuery.credentials
  return { credentials: [{ ...guest, claims: [{ path: ['given_name'] }] }] } as typeof identityQuery
}
