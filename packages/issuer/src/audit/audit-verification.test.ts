import { beforeAll, describe, expect, it } from 'vitest'
import {
  FLIPS,
  type TestChain,
  testChain,
  verifyFile,
  verifyTable,
} from '../../../../test/audit-chains.js'
import { entryHash } from './audit-entry.js'
import { verifyAudit } from './audit-verification.js'

const ROWS = 1_000
/** All of them in audit-chain.soak.test.ts. */
const TRIED = [1, 2, 99, 100, 101, 500, 999, 1_000]

describe('a chain of 1,000 entries', () => {
  let chain: TestChain
  beforeAll(async () => {
    chain = await testChain(ROWS)
  })

  it('verifies as it was written', async () => {
    const found = { entries: ROWS, heads: 10, lag: 0, firstBad: null }
    expect(await verifyTable(chain, chain.entries)).toMatchObject(found)
    expect(await verifyFile(chain, chain.entries)).toMatchObject(found)
  })

  it.each(TRIED)('names entry %i when any member of it was changed', async (sequence) => {
    for (const flip of FLIPS) {
      const changed = chain.entries.map((entry) =>
        entry.sequence === sequence ? flip(entry) : entry,
      )
      const bad = { sequence, fault: 'changed' }
      expect((await verifyTable(chain, changed)).firstBad).toEqual({ where: 'database', ...bad })
      expect((await verifyFile(chain, changed)).firstBad).toEqual({ where: 'mirror', ...bad })
    }
  })

  it.each(TRIED)('names entry %i when it was removed, or all from there on', async (sequence) => {
    const without = chain.entries.filter((entry) => entry.sequence !== sequence)
    const fault = sequence === ROWS ? 'cut' : 'removed'
    expect((await verifyTable(chain, without)).firstBad).toMatchObject({ sequence, fault })
    expect((await verifyFile(chain, without)).firstBad).toMatchObject({ sequence, fault })
    const cut = chain.entries.slice(0, sequence - 1)
    expect((await verifyTable(chain, cut)).firstBad).toMatchObject({ sequence, fault: 'cut' })
    expect((await verifyFile(chain, cut)).firstBad).toMatchObject({ sequence, fault: 'cut' })
  })

  it.each(TRIED.slice(0, -1))(
    'names entry %i when it changed places with the next',
    async (sequence) => {
      const moved = [...chain.entries]
      moved.splice(sequence - 1, 2, chain.entries[sequence]!, chain.entries[sequence - 1]!)
      const bad = { sequence, fault: 'reordered' }
      expect((await verifyTable(chain, moved)).firstBad).toMatchObject(bad)
      expect((await verifyFile(chain, moved)).firstBad).toMatchObject(bad)
    },
  )

  it('names a signed head that a chain rewritten as a whole does not lead to', async () => {
    const rewritten = [...chain.entries]
    let { previous } = rewritten[449]!
    for (let at = 449; at < ROWS; at += 1) {
      const placed = { ...rewritten[at]!, previous, ...(at === 449 ? { details: '{}' } : {}) }
      rewritten[at] = { ...placed, hash: entryHash(placed) }
      previous = rewritten[at]!.hash
    }
    expect((await verifyTable(chain, rewritten)).firstBad).toEqual({
      where: 'database',
      sequence: 500,
      fault: 'head',
    })
  })

  it('takes a line twice for one, and another line of the same number for a change', async () => {
    const [first, second, ...more] = chain.entries
    const twice = [first!, second!, second!, first!, second!, ...more]
    expect((await verifyFile(chain, twice)).firstBad).toBeNull()
    const forged = [first!, second!, { ...second!, hash: first!.hash }, ...more]
    expect((await verifyFile(chain, forged)).firstBad).toMatchObject({
      sequence: 2,
      fault: 'changed',
    })
    const bent = [first!, second!, { ...second!, actor: 'server' }, ...more]
    expect((await verifyFile(chain, bent)).firstBad).toMatchObject({
      sequence: 2,
      fault: 'changed',
    })
    const unreadable = [first!, null, ...more]
    expect((await verifyFile(chain, unreadable)).firstBad).toMatchObject({
      sequence: 2,
      fault: 'changed',
    })
  })

  it('takes no head of another key, and none that was changed', async () => {
    const other = await testChain(200)
    const strange = { entries: chain.entries, heads: other.heads }
    expect((await verifyTable(strange, chain.entries)).firstBad).not.toBeNull()
    const [head] = chain.heads
    const forged = { ...chain, heads: [{ ...head!, sequence: 101 }] }
    expect((await verifyTable(forged, chain.entries)).firstBad).toEqual({
      where: 'heads',
      sequence: 101,
      fault: 'changed',
    })
  })
})

describe('a file that is said to be an audit log', () => {
  async function* lines(...all: readonly null[]): AsyncGenerator<null> {
    yield* all
  }

  it.each([
    ['empty', lines()],
    ['torn in its first line', lines(null)],
  ])('is not whole when it is %s, also without a head that tells', async (_what, mirror) => {
    const { entries, firstBad } = await verifyAudit({ mirror, heads: {} })
    expect(entries).toBe(0)
    expect(firstBad).toMatchObject({ where: 'mirror', sequence: 1 })
  })
})
