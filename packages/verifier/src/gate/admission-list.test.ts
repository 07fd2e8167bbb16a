import { randomBytes } from '@netcert/credential/crypto'
import { createAdmissionList, macOf, readAdmissionList } from '@netcert/verifier/gate'
import { describe, expect, test } from 'vitest'
import { later, testNow } from '../../../../test/trust-domain.js'
import { tagPerson } from './gate-tags.js'

const tagMac = macOf(randomBytes(32))
const event = 'final-2026'
const sold = ['P7K2M9Q4T1V8W3X5Y6Z0A42', 'P7K2M9Q4T1V8W3X5Y6Z0B43']
const made = (numbers: readonly string[] = sold, issuedAt = testNow) =>
  createAdmissionList({ tagMac, event, numbers, issuedAt })
const read = (
  text: string,
  changes: { event?: string; notBefore?: Date; tagMac?: typeof tagMac } = {},
) => readAdmissionList(text, { tagMac, event, notBefore: null, ...changes })

describe('a list of tickets', () => {
  test('knows who has one, by tags that nobody else can make', async () => {
    const text = await made([...sold, ...sold])
    const list = await read(text)
    expect(list).toMatchObject({ event, issuedAt: testNow, size: 2 })
    for (const number of sold) {
      expect(text).not.toContain(number)
      expect(list.has(await tagPerson(tagMac, event, number))).toBe(true)
      expect(list.has(await tagPerson(tagMac, 'other', number))).toBe(false)
      expect(list.has(await tagPerson(macOf(randomBytes(32)), event, number))).toBe(false)
    }
    expect(await made([...sold].toReversed())).toBe(await made())
    expect((await read(await made([]))).size).toBe(0)
    expect((await read(text.trimEnd())).size).toBe(2)
  })

  test.each<[string, (text: string) => string]>([
    [
      'a ticket more',
      (text) => text.replace(/(tickets )2/, '$13').replace(/\nmac/, `\n${'A'.repeat(22)}\nmac`),
    ],
    ['a ticket less', (text) => text.replace(/\n[\w-]{22}\nmac/, '\nmac')],
    ['another time', (text) => text.replace(/issued-at \d+/, 'issued-at 1')],
    ['no end', (text) => text.slice(0, text.indexOf('mac'))],
    ['something after its end', (text) => `${text}x`],
  ])('is refused with %s', async (_name, change) => {
    const text = await made()
    expect(change(text)).not.toBe(text)
    await expect(read(change(text))).rejects.toMatchObject({ code: 'tickets_malformed' })
  })

  test('is refused for another event, under another key, and when it is something else', async () => {
    const text = await made()
    const code = (refusal: Promise<unknown>) =>
      refusal.then(
        () => 'taken',
        (error: { code: string }) => error.code,
      )
    expect(await code(read(text, { event: 'other' }))).toBe('ledger_other_event')
    expect(await code(read(text, { tagMac: macOf(randomBytes(32)) }))).toBe('tickets_malformed')
    expect(await code(read('netcert-gate-lane 1\n'))).toBe('tickets_malformed')
    expect(await code(read(''))).toBe('tickets_malformed')
  })

  test('is refused when it is older than the one at hand', async () => {
    const text = await made()
    await expect(read(text, { notBefore: later(1) })).rejects.toMatchObject({
      code: 'tickets_older',
    })
    expect((await read(text, { notBefore: testNow })).size).toBe(2)
  })
})
