import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jwkThumbprint } from '@netcert/credential'
import { exportLedger, laneKeys } from '@netcert/verifier/gate'
import { openLedger } from '@netcert/verifier/gate-open'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createPerson, numberedCopy } from '../../../../test/accreditation-ground.js'
import {
  answerTo,
  EVENT,
  identityQuery,
  type LaneChanges,
  laneGround,
  type Pass,
  readChallenge,
  ticketQuery,
  VENUE_ID,
} from '../../../../test/lane-ground.js'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcert-leaks-'))
})
afterEach(() => rm(folder, { recursive: true }))

type Shown = NonNullable<Parameters<typeof answerTo>[2]>

/** What a lane leaves behind after somebody came twice, a stranger came, and the disk was full. */
async function leftBehind(changes: LaneChanges, pass: Pass, shown: Shown) {
  const at = ground
  const file = join(folder, 'lane.sqlite')
  const places = { event: EVENT, keepLedgerSeconds: 60, gate: 'north', lane: 'n1' }
  const clock = () => at.clock.now
  const { ledger, close } = await openLedger({ file, create: true, lane: places, clock })
  const told: unknown[] = []
  const { gate, settings } = await at.open({
    ...changes,
    on: ledger,
    onFault: (one) => told.push(one),
  })
  const { text } = await gate.challenge()
  const code = await answerTo(text, pass, shown)
  const accepted = await gate.judge(code)
  at.clock.later(15)
  const again = await answerTo((await gate.challenge()).text, pass, shown)
  told.push(await gate.judge(again), await gate.judge(`${code.slice(0, -2)}00`), gate.counts())
  const { signer } = await laneKeys(settings)
  const exported = await exportLedger({ ledger, signer, now: clock() })
  await close()
  const names = await readdir(folder)
  const files = await Promise.all(names.map((name) => readFile(join(folder, name), 'latin1')))
  const all = [exported, JSON.stringify(told), String(told), ...files]
  return { accepted, all, secrets: [code, again, readChallenge(text).nonce] }
}

const ground = await laneGround()

test('a name that was shown, the pass and its key are nowhere when the visitor is in', async () => {
  const { holder } = await ground.visitor()
  const credential = await ground.domain.mint({ jwk: holder.jwk })
  const shown = { paths: [['family_name'], ['real_person']] }
  const left = await leftBehind({ query: identityQuery }, { holder, credential }, shown)
  expect(left.accepted).toMatchObject({ colour: 'green', identity: { family_name: 'Beispiel' } })
  const values = ['Beispiel', 'document+face', jwkThumbprint(holder.jwk), credential.slice(-40)]
  for (const value of [...values, ...left.secrets]) {
    expect(left.all.some((text) => text.includes(value))).toBe(false)
  }
})

test('a platform number is nowhere, not even in the verdict', async () => {
  const copy = await numberedCopy(ground.domain, createPerson(), { platformId: VENUE_ID })
  const shown = {
    paths: [['platform_number'], ['real_person']],
    bindingClaims: { platform_number_r: copy.r },
  }
  const left = await leftBehind({ kind: 'ticket', query: ticketQuery }, copy, shown)
  expect(left.accepted).toMatchObject({ colour: 'green', entry: 1 })
  const number = /P[0-9A-HJKMNP-TV-Z]{20}\d\d/
  const all = [...left.all, JSON.stringify(left.accepted)]
  expect(all.filter((text) => number.test(text))).toEqual([])
  for (const value of [copy.r, jwkThumbprint(copy.holder.jwk), ...left.secrets]) {
    expect(left.all.some((text) => text.includes(value))).toBe(false)
  }
})
