/** What may be bound to a statement: the values that both databases store alike. */
export type BoundValue = string | number | null

/**
 * Checks the values of a statement before a driver sees them.
 *
 * The drivers convert silently, and differently: `sqlite3` stores a Date as milliseconds and an
 * object as `[object Object]`, `pg` a Date as local time. Only what is stored alike passes.
 *
 * @throws TypeError naming the position, never the value.
 */
export function checkBoundValues(values: readonly unknown[]): readonly BoundValue[] {
  for (const [position, value] of values.entries()) {
    if (typeof value === 'string' || value === null) continue
    if (typeof value === 'number' && isStorable(value)) continue
    throw new TypeError(
      `bound value ${position + 1} is a ${describe(value)}: bind strings, safe finite numbers or null`,
    )
  }
  return values as readonly BoundValue[]
}

function isStorable(value: number): boolean {
  return Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value)
}

function describe(value: unknown): string {
  if (typeof value !== 'object') return typeof value
  return value?.constructor?.name ?? 'object'
}
