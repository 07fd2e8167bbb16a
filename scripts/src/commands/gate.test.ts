import { expect, it } from 'vitest'
import { jsonOf } from '../../../test/e2e/netcert-process.js'
import { commandLane } from '../../../test/gate-command-lane.js'
import { commandPhone } from '../../../test/gate-phone.js'

// Refusals, ledgers and tickets are in gate.soak.test.ts.
const lane = commandLane()

type Told = { verdict: { colour: string; code: string; entry: number | null; facts: object } }

it('a lane shows a challenge, lets a wallet’s answer in once, and keeps its ledger over a restart', async () => {
  const phone = await commandPhone(lane.ground)
  const running = lane.start()
  const { challenge } = await running.next<{ challenge: { text: string } }>()
  const answered = await phone.run('wallet', 'gate', challenge.text, '--yes', '--json')
  const { text } = jsonOf<{ text: string }>(answered)
  running.type(`${text.toLowerCase()}\r\n`)
  expect(await running.next<Told>()).toMatchObject({
    verdict: { colour: 'green', code: 'entered', entry: 1, facts: { age_over_18: true } },
    counts: { entries: 1 },
  })
  running.type('https://example.com\n')
  expect(await running.next<Told>()).toMatchObject({ verdict: { code: 'code_foreign' } })
  expect(await running.end()).toBe(0)
  const again = lane.start('--once')
  await again.next()
  again.type(`${text}\n`)
  expect(await again.next<Told>()).toMatchObject({
    verdict: { colour: 'red', code: 'code_used', before: { gate: 'north', lane: '1' } },
  })
  expect(await again.end()).toBe(1)
})
