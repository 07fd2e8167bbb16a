import { createHash } from 'node:crypto'
import { openLedger } from '@netcert/verifier/gate-open'

/**
 * A lane that lets passes in: `program <ledger file> <lane> <passes> <begin>`. It prints `<pass> <number>` at
 * the moment the barrier would open; `over` when all passes were let in by somebody.
 */
const [file = '', lane = '', passes = '0', begin = '0'] = process.argv.slice(2)
const clock = (): Date => new Date('2026-11-21T05:00:00Z')
const event = {
  id: 'final',
  name: { 'zh-CN': '决赛', en: 'The final' },
  endsAt: new Date('2026-11-21T12:00:00Z'),
}
const tagOf = (text: string) =>
  createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url')

const { ledger, close } = await openLedger({
  ...{ file, create: true, clock },
  lane: { event, keepLedgerSeconds: 86_400, gate: 'north', lane },
})
const count = Number(passes)
for (let turn = 0; turn < count; turn += 1) {
  const pass = String((turn + Number(begin)) % count)
  const entered = await ledger.enter({
    ...{ holder: tagOf(pass), person: null, answer: tagOf(`${pass} answer`) },
    ...{ at: clock(), by: 'challenge' },
  })
  if (entered.state === 'entered') process.stdout.write(`${pass} ${entered.number}\n`)
}
await close()
process.stdout.write('over\n')
