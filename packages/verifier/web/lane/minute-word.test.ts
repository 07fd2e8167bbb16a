import { hmacSha256 } from '@netcert/credential/crypto'
import { expect, it } from 'vitest'
import { minuteWord } from './minute-word.js'

const mac = (key: number) => (data: Uint8Array) => hmacSha256(new Uint8Array(32).fill(key), data)
const at = (text: string) => new Date(`2026-11-22T${text}Z`)

it('is the same in all lanes of an event for a minute, by the second', async () => {
  const first = await minuteWord(mac(1), at('10:00:00.000'))
  expect(await minuteWord(mac(1), at('10:00:59.999'))).toEqual(first)
})

it('is another one under the key of another event', async () => {
  const minutes = Array.from({ length: 40 }, (_, minute) => new Date(minute * 60_000))
  const both = async (minute: Date) =>
    Promise.all([1, 2].map(async (key) => (await minuteWord(mac(key), minute)).word.en))
  const pairs = await Promise.all(minutes.map(both))
  expect(pairs.filter(([one, other]) => one === other).length).toBeLessThan(10)
})

it('repeats itself no more than chance does: a picture from before shows the wrong one', async () => {
  const words = await Promise.all(
    Array.from({ length: 600 }, async (_, minute) => {
      const { word, hue } = await minuteWord(mac(3), new Date(minute * 60_000))
      return `${word.en} ${hue}`
    }),
  )
  const same = words.filter((word, place) => word === words[place + 1]).length
  expect(new Set(words).size).toBeGreaterThan(180)
  expect(same).toBeLessThan(12)
})

it('has a word in both languages', async () => {
  const { word } = await minuteWord(mac(4), at('10:00:00'))
  expect(word['zh-CN']).toMatch(/^\p{Script=Han}{2,3}$/u)
  expect(word.en).toMatch(/^[A-Z][a-z ]+$/)
})
