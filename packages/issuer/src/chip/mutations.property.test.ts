import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chipNow, codeOf, createChipGround, verdictOn } from '../../../../test/chip-ground.js'
import { parseChipCertificate } from './chip-certificate.js'
import { parseZone } from './machine-readable-zone.js'

const { authority, chip } = await createChipGround()
const trusted = [authority.cscaCertificate]

type Change = (bytes: Uint8Array) => Uint8Array

const place = fc.nat({ max: 0xffff })

/** What a file can suffer: bytes that differ, are missing, stand twice, or were cut off. */
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(place, fc.integer({ min: 1, max: 255 })).map(([at, mask]) => (bytes: Uint8Array) => {
    const changed = Uint8Array.from(bytes)
    const index = at % bytes.length
    changed[index] = (changed[index] ?? 0) ^ mask
    return changed
  }),
  fc.tuple(place, fc.uint8Array({ minLength: 1, maxLength: 12 })).map(
    ([at, more]) =>
      (bytes: Uint8Array) =>
        spliced(bytes, at, 0, more),
  ),
  fc.tuple(place, fc.integer({ min: 1, max: 40 })).map(
    ([at, count]) =>
      (bytes: Uint8Array) =>
        spliced(bytes, at, count),
  ),
  fc
    .tuple(place, place, fc.integer({ min: 1, max: 64 }))
    .map(([from, to, count]) => (bytes: Uint8Array) => {
      const start = from % bytes.length
      return spliced(bytes, to, 0, bytes.subarray(start, start + count))
    }),
  place.map((at) => (bytes: Uint8Array) => bytes.subarray(0, at % bytes.length)),
)

function spliced(
  bytes: Uint8Array,
  at: number,
  remove: number,
  more: Uint8Array = Buffer.alloc(0),
) {
  const start = at % bytes.length
  return Buffer.concat([bytes.subarray(0, start), more, bytes.subarray(start + remove)])
}

/** 0 for the security object, else the number of a data group. */
const file = fc.constantFrom(0, 0, 0, 0, 1, 2)

describe('a chip of which something was changed', () => {
  test('is never accepted, never takes long, and never ends in anything but a refusal', () => {
    let slowest = 0
    fc.assert(
      fc.property(file, change, (which, changed) => {
        const sod = which === 0 ? changed(chip.sod) : chip.sod
        const groups = [...chip.dataGroups].map(
          ([number, bytes]) => [number, number === which ? changed(bytes) : bytes] as const,
        )
        const dataGroups = new Map(groups)
        const begun = performance.now()
        expect(verdictOn({ sod, dataGroups }, trusted)).toMatch(/^chip_/)
        slowest = Math.max(slowest, performance.now() - begun)
      }),
      { numRuns: 2000 },
    )
    expect(slowest).toBeLessThan(5000)
  }, 120_000)

  test('is accepted when nothing was', () => {
    expect(verdictOn(chip, trusted)).toBe('accepted')
  })
})

test('bytes of any kind are no certificate and no zone, and say so', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(codeOf(() => parseChipCertificate(bytes))).toBe('chip_malformed')
    }),
    { numRuns: 500 },
  )
  const characters = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<<<<<<<<'.split(''))
  const zone = fc
    .constantFrom(72, 88, 90)
    .chain((length) =>
      fc.array(characters, { minLength: length, maxLength: length }).map((it) => it.join('')),
    )
  fc.assert(
    fc.property(zone, (text) => {
      expect(codeOf(() => parseZone(text, chipNow))).toBe('chip_zone')
    }),
    { numRuns: 500 },
  )
})
