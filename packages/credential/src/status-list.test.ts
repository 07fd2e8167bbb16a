import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { encodeBase64Url } from './base64url.js'
import {
  createEmptyStatusList,
  decodeStatusList,
  encodeStatuses,
  encodeStatusList,
  MAX_STATUS_LIST_BYTES,
  readStatus,
  type StatusBits,
  statusCount,
  writeStatus,
} from './status-list.js'

const refusal = (code: string) => expect.objectContaining({ code })
const lst = (bytes: Uint8Array) => encodeBase64Url(deflateSync(bytes))

describe('packed statuses', () => {
  it('stand from the lowest bit up, as in the example of the standard', () => {
    expect([...encodeStatuses(1, [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1])]).toEqual([
      0xb9, 0xa3,
    ])
    expect([...encodeStatuses(2, [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3])]).toEqual([0xc9, 0x44, 0xf9])
  })

  it.each([
    [1, [2]],
    [2, [4]],
    [4, [16]],
    [8, [256]],
    [8, [-1]],
    [8, [1.5]],
    [8, [Number.NaN]],
  ] as const)('of %i bit refuse %j', (bits, statuses) => {
    expect(() => encodeStatuses(bits, statuses)).toThrow(refusal('status_value_out_of_range'))
  })

  it.each([0, 3, 16, -1])('cannot have %i bits', (bits) => {
    expect(() => encodeStatuses(bits as StatusBits, [0])).toThrow(refusal('status_list_malformed'))
  })

  it('can be read up to the last entry and not beyond', () => {
    const list = createEmptyStatusList(2, 1_024)
    writeStatus(list, 1_023, 2)
    expect(readStatus(list, 1_022)).toBe(0)
    expect(readStatus(list, 1_023)).toBe(2)
    for (const index of [1_024, -1, 0.5, Number.NaN, 2 ** 53]) {
      expect(() => readStatus(list, index)).toThrow(refusal('status_index_out_of_range'))
      expect(() => writeStatus(list, index, 0)).toThrow(refusal('status_index_out_of_range'))
    }
  })

  it('fill the last byte with valid entries', () => {
    expect(statusCount(createEmptyStatusList(1, 9))).toBe(16)
    expect(statusCount(createEmptyStatusList(2, 1 << 20))).toBe(1 << 20)
  })
})

describe('a status list member', () => {
  const list = { bits: 2, bytes: encodeStatuses(2, [0, 1, 2, 3]) } as const

  it('is read back as it was written', () => {
    expect(decodeStatusList(encodeStatusList(list), 1)).toEqual({
      bits: 2,
      bytes: expect.objectContaining({ 0: 0b11100100, length: 1 }),
    })
  })

  it('is inflated up to its bound and not beyond', () => {
    const member = { bits: 8, lst: lst(new Uint8Array(1_000)) }
    expect(decodeStatusList(member, 1_001).bytes).toHaveLength(1_000)
    expect(decodeStatusList(member, 1_000).bytes).toHaveLength(1_000)
    expect(() => decodeStatusList(member, 999)).toThrow(refusal('status_list_too_large'))
  })

  it('is refused as a bomb without inflating it', () => {
    const bomb = { bits: 1, lst: lst(new Uint8Array(100 * 1024 * 1024)) }
    const before = performance.now()
    expect(() => decodeStatusList(bomb, MAX_STATUS_LIST_BYTES)).toThrow(
      refusal('status_list_too_large'),
    )
    // A guard against hanging, not a measure: a busy machine takes its time.
    expect(performance.now() - before).toBeLessThan(10_000)
  })

  it.each([
    ['no object', 'x'],
    ['an array', [1, 'x']],
    ['no bits', { lst: lst(Uint8Array.of(1)) }],
    ['bits as text', { bits: '1', lst: lst(Uint8Array.of(1)) }],
    ['no lst', { bits: 1 }],
    ['an empty lst', { bits: 1, lst: '' }],
    ['raw deflate', { bits: 1, lst: encodeBase64Url(deflateRawSync(Uint8Array.of(1))) }],
    ['gzip', { bits: 1, lst: encodeBase64Url(gzipSync(Uint8Array.of(1))) }],
    ['a stream cut short', { bits: 1, lst: lst(new Uint8Array(99)).slice(0, 8) }],
    [
      'bytes after the stream',
      {
        bits: 1,
        lst: encodeBase64Url(Buffer.concat([deflateSync(Uint8Array.of(1)), Buffer.of(0)])),
      },
    ],
    [
      'a second stream',
      {
        bits: 1,
        lst: encodeBase64Url(
          Buffer.concat([deflateSync(Uint8Array.of(1)), deflateSync(Uint8Array.of(1))]),
        ),
      },
    ],
  ])('is refused with %s', (_, member) => {
    expect(() => decodeStatusList(member, 1_024)).toThrow(refusal('status_list_malformed'))
  })
})
