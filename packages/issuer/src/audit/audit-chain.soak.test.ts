import { expect, it } from 'vitest'
import { FLIPS, testChain, verifyTable } from '../../../../test/audit-chains.js'

const ROWS = 1_000

it('finds each of 1,000 rows changed, removed, moved or cut off', {
  timeout: 600_000,
}, async () => {
  const chain = await testChain(ROWS)
  const { entries } = chain
  for (const [at, entry] of entries.entries()) {
    const { sequence } = entry
    const flip = FLIPS[at % FLIPS.length]!
    const changed = entries.with(at, flip(entry))
    expect((await verifyTable(chain, changed)).firstBad).toMatchObject({
      sequence,
      fault: 'changed',
    })
    const last = sequence === ROWS
    const removed = entries.toSpliced(at, 1)
    const fault = last ? 'cut' : 'removed'
    expect((await verifyTable(chain, removed)).firstBad).toMatchObject({ sequence, fault })
    const cut = entries.slice(0, at)
    expect((await verifyTable(chain, cut)).firstBad).toMatchObject({ sequence, fault: 'cut' })
    if (last) continue
    const moved = entries.toSpliced(at, 2, entries[at + 1]!, entry)
    expect((await verifyTable(chain, moved)).firstBad).toMatchObject({
      sequence,
      fault: 'reordered',
    })
  }
})
