// The counter, for whoever has no certificate: somebody there looks at a document and writes a slip of paper.
import { randomInt } from 'node:crypto'

const SLIP_MILLISECONDS = 24 * 3_600_000

/** Slips with a number, each good once and for a day. */
export function openCounter() {
  /** @type {Map<string, { customer: string, checkedAt: Date }>} */
  const slips = new Map()
  return {
    /** @param {string} customer @param {Date} [now] @returns {string} the number to print */
    write(customer, now = new Date()) {
      const number = String(randomInt(1e11, 1e12))
      slips.set(number, { customer, checkedAt: now })
      return number
    },
    /** Uses a slip up, whatever comes of it. @param {string} number @param {Date} [now] */
    take(number, now = new Date()) {
      const slip = slips.get(number)
      slips.delete(number)
      if (slip === undefined) return null
      return now.getTime() - slip.checkedAt.getTime() < SLIP_MILLISECONDS ? slip : null
    },
  }
}
