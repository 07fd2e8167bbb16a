import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type AuditEntry, entryHash } from '../../packages/issuer/src/audit/audit-entry.js'
import type { StoredHead } from '../../packages/issuer/src/audit/audit-mirror.js'
import { verifyAudit } from '../../packages/issuer/src/audit/audit-verification.js'

type Step =
  | { readonly repeat: number }
  | { readonly remove: number }
  | { readonly swap: number }
  | { readonly keep: number }
  | { readonly rehash: number }
  | { readonly set: number; readonly member: keyof AuditEntry; readonly value: unknown }

const vectors: {
  key: string
  log: readonly AuditEntry[]
  heads: readonly StoredHead[]
  cases: readonly {
    title: string
    do: readonly Step[]
    first_bad: { sequence: number; fault: string } | null
  }[]
} = JSON.parse(
  readFileSync(new URL('../../docs/formats/vectors/audit-log.json', import.meta.url), 'utf8'),
)

/** A log with one thing done to it; entries are named by their sequence numbers. */
function done(log: readonly AuditEntry[], step: Step): readonly AuditEntry[] {
  if ('repeat' in step) return log.toSpliced(step.repeat, 0, log[step.repeat - 1]!)
  if ('remove' in step) return log.toSpliced(step.remove - 1, 1)
  if ('swap' in step) return log.toSpliced(step.swap - 1, 2, log[step.swap]!, log[step.swap - 1]!)
  if ('keep' in step) return log.slice(0, step.keep)
  if ('set' in step)
    return log.with(step.set - 1, { ...log[step.set - 1]!, [step.member]: step.value })
  let { previous } = log[step.rehash - 1]!
  return log.map((entry) => {
    if (entry.sequence < step.rehash) return entry
    const placed = { ...entry, previous }
    previous = entryHash(placed)
    return { ...placed, hash: previous }
  })
}

async function* each<T>(values: readonly T[]): AsyncIterable<T> {
  yield* values
}

describe('docs/formats/audit-log.md', () => {
  const verify = (log: readonly AuditEntry[], key?: string, heads = vectors.heads) =>
    verifyAudit({
      mirror: each(log),
      heads: { mirror: heads },
      ...(key === undefined ? {} : { key }),
    })

  it.each(vectors.cases)('$title', async ({ do: steps, first_bad: bad }) => {
    const { firstBad } = await verify(steps.reduce(done, vectors.log))
    expect(firstBad && { sequence: firstBad.sequence, fault: firstBad.fault }).toEqual(bad)
  })

  it('names the key of heads, and takes no other', async () => {
    expect(await verify(vectors.log)).toMatchObject({
      key: vectors.key,
      heads: vectors.heads.length,
    })
    const other = await verify(
      vectors.log,
      'did:key:zDnaeqci2D9tnqqNwDt4zgmsKvokz2aNMiekrzddhPa4dfbeF',
    )
    expect(other.firstBad).toMatchObject({ where: 'heads', fault: 'signature' })
    const [first, ...more] = vectors.heads
    const bent = { ...first!, token: `${first!.token.slice(0, -2)}AA` }
    expect((await verify(vectors.log, vectors.key, [bent, ...more])).firstBad).toMatchObject({
      where: 'heads',
      sequence: 1,
      fault: 'changed',
    })
  })
})
