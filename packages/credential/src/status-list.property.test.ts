import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  createEmptyStatusList,
  decodeStatusList,
  encodeStatuses,
  encodeStatusList,
  readStatus,
  type StatusBits,
  writeStatus,
} from './status-list.js'
import { mergeStatusLists } from './status-merge.js'

const widths = fc.constantFrom<StatusBits[]>(1, 2, 4, 8)
const entries = (bits: StatusBits) =>
  fc.array(fc.nat(2 ** bits - 1), { minLength: 1, maxLength: 300 })
const lists = widths.chain((bits) => fc.tuple(fc.constant(bits), entries(bits)))

it('every status that was set reads back, through the token form too', () => {
  fc.assert(
    fc.property(lists, ([bits, statuses]) => {
      const bytes = encodeStatuses(bits, statuses)
      const list = decodeStatusList(encodeStatusList({ bits, bytes }), bytes.length)
      expect(statuses.map((_, index) => readStatus(list, index))).toEqual(statuses)
    }),
  )
})

it('writing one entry changes no other', () => {
  fc.assert(
    fc.property(lists, fc.nat(), fc.nat(), ([bits, statuses], where, value) => {
      const index = where % statuses.length
      const status = value % 2 ** bits
      const list = { bits, bytes: encodeStatuses(bits, statuses) }
      writeStatus(list, index, status)
      expect(statuses.map((_, at) => readStatus(list, at))).toEqual(statuses.with(index, status))
    }),
  )
})

it('what was revoked stays revoked in a newer list, and everything else is the newer list', () => {
  const pairs = fc.constantFrom<(1 | 2)[]>(1, 2).chain((bits) =>
    fc.tuple(
      fc.constant(bits),
      fc.array(fc.tuple(fc.nat(2 ** bits - 1), fc.nat(2 ** bits - 1)), {
        minLength: 1,
        maxLength: 200,
      }),
    ),
  )
  fc.assert(
    fc.property(pairs, ([bits, rows]) => {
      const older = {
        bits,
        bytes: encodeStatuses(
          bits,
          rows.map(([before]) => before),
        ),
      }
      const newer = {
        bits,
        bytes: encodeStatuses(
          bits,
          rows.map(([, after]) => after),
        ),
      }
      const merged = mergeStatusLists(older, newer)
      for (const [index, [before, after]] of rows.entries()) {
        expect(readStatus(merged, index)).toBe(before === 1 ? 1 : after)
      }
    }),
  )
})

it('a newer list may grow but not shrink or change its width', () => {
  const refusal = expect.objectContaining({ code: 'status_list_malformed' })
  const list = (bits: StatusBits, size: number) => createEmptyStatusList(bits, size)
  expect(mergeStatusLists(list(1, 8), list(1, 16)).bytes).toHaveLength(2)
  expect(() => mergeStatusLists(list(1, 16), list(1, 8))).toThrow(refusal)
  expect(() => mergeStatusLists(list(1, 16), list(2, 16))).toThrow(refusal)
  expect(() => mergeStatusLists(list(8, 16), list(8, 16))).toThrow(refusal)
})
