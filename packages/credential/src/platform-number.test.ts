import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  blindPlatformId,
  createNumberSearch,
  createPlatform,
  evaluateBlinded,
  unblindedNumber,
} from './platform-number.js'

type Example = {
  readonly K_pn: string
  readonly salt: string
  readonly platforms: readonly { id: string; r: string; b: string; e: string; number: string }[]
}

const file = new URL('../../../../shared/vectors/platform-number.json', import.meta.url)
const isThere = existsSync(file)
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'))

describe.skipIf(!isThere)(`the worked example${isThere ? '' : ' (no file at hand)'}`, () => {
  const example = (isThere ? JSON.parse(readFileSync(file, 'utf8')) : { platforms: [] }) as Example

  it.each(example.platforms)('gives the number at $id', (row) => {
    const secrets = { key: bytes(example.K_pn), salt: bytes(example.salt) }
    expect(evaluateBlinded({ ...secrets, b: row.b })).toEqual({ b: row.b, e: row.e })
    expect(createPlatform(row.id).openNumber(row)).toBe(row.number)
    expect(unblindedNumber({ ...secrets, platformId: row.id })).toBe(row.number)
    expect(createNumberSearch(row.id)(secrets)).toBe(row.number)
    const { r, b } = blindPlatformId(row.id)
    const fresh = { ...evaluateBlinded({ ...secrets, b }), r }
    expect(createPlatform(row.id).openNumber(fresh)).toBe(row.number)
  })
})
