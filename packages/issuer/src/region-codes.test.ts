import { regionNames } from '@netcert/schemas/regions'
import { expect, it } from 'vitest'
import { REGION_CODES } from './region-codes.js'

it('are those that have a name in both languages, and no others', () => {
  expect(new Set(Object.keys(regionNames))).toEqual(REGION_CODES)
  for (const [zh, en] of Object.values(regionNames)) {
    expect(zh).toMatch(/^\p{Script=Han}{2,3}$/u)
    expect(en).toMatch(/^[A-Z][A-Za-z ]+$/)
  }
})
