import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeBase64Url, generateSigner, type Signer } from '@netcert/credential'
import { randomBytes } from '@netcert/credential/crypto'
import {
  createLedger,
  type Entry,
  type EntryLedger,
  exportLedger,
  memoryLedgerRows,
  readLedgerExport,
} from '@netcert/verifier/gate'
import { openLedger } from '@netcert/verifier/gate-open'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { later, testNow } from '../../../../test/trust-domain.js'

const event = {
  id: 'final-2026',
  name: { 'zh-CN': '决赛', en: 'The final' },
  endsAt: later(6 * 3600),
}
const keepLedgerSeconds = 86_400
const tag = () => encodeBase64Url(randomBytes(16))
const entry = (changes: Partial<Entry> = {}): Entry => ({
  ...{ holder: tag(), person: null, answer: tag(), at: testNow, by: 'challenge' },
  ...changes,
})

let folder = ''
let signer: Signer
let files = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcert-ledger-'))
  signer = (await generateSigner('ES256')).signer
})
afterAll(() => rm(folder, { recursive: true }))

const newFile = () => {
  files += 1
  return join(folder, `lane-${files}.sqlite`)
}
const place = (changes: { gate?: string; lane?: string; id?: string } = {}) => ({
  event: { ...event, id: changes.id ?? event.id },
  ...{ keepLedgerSeconds, gate: changes.gate ?? 'north', lane: changes.lane ?? 'n1' },
})
const open = (file = newFile(), changes = {}, now = testNow) =>
  openLedger({ file, create: true, lane: place(changes), clock: () => now })

/** Both homes of a ledger keep the same promises. */
const homes: readonly [string, () => Promise<EntryLedger & { close?: () => Promise<void> }>][] = [
  ['in memory', () => createLedger({ rows: memoryLedgerRows(), ...place() })],
  [
    'in SQLite',
    async () => {
      const { ledger, close } = await open()
      return Object.assign(ledger, { close })
    },
  ],
]

describe.each(homes)('a ledger %s', (_name, make) => {
  test('enters a pass once, and says when and where it was before', async () => {
    const ledger = await make()
    const first = entry()
    expect(await ledger.enter(first)).toEqual({ state: 'entered', number: 1 })
    const again = await ledger.enter({ ...entry(), holder: first.holder, at: later(9) })
    expect(again).toMatchObject({
      state: 'before',
      entry: { ...first, gate: 'north', lane: 'n1', number: 1 },
    })
    expect((await ledger.head()).number).toBe(1)
    await ledger.close?.()
  })

  test('enters a person once, whatever their pass', async () => {
    const ledger = await make()
    const person = tag()
    await ledger.enter(entry({ person }))
    expect(await ledger.enter(entry({ person }))).toMatchObject({ state: 'before' })
    // Two persons of whom nothing is known are two.
    expect(await ledger.enter(entry())).toMatchObject({ number: 2 })
    expect(await ledger.enter(entry())).toMatchObject({ number: 3 })
    await ledger.close?.()
  })

  test('lets exactly one of many simultaneous entries of a pass in', async () => {
    const ledger = await make()
    const one = entry()
    const all = await Promise.all(
      Array.from({ length: 20 }, () => ledger.enter({ ...entry(), holder: one.holder })),
    )
    expect(all.filter(({ state }) => state === 'entered')).toHaveLength(1)
    await ledger.close?.()
  })

  test('refuses what another gate let in, once its ledger is taken in', async () => {
    const [here, there] = [
      await make(),
      await createLedger({ rows: memoryLedgerRows(), ...place({ gate: 'south' }) }),
    ]
    const one = entry()
    await there.enter(one)
    expect(await here.takeIn(await there.entries())).toBe(1)
    expect(await here.takeIn(await there.entries())).toBe(0)
    expect(await here.takeIn(await here.entries())).toBe(0)
    const refused = await here.enter({ ...entry(), holder: one.holder })
    expect(refused).toMatchObject({ state: 'before', entry: { gate: 'south' } })
    expect(await here.enter(entry())).toMatchObject({ number: 1 })
    await here.close?.()
  })

  test('keeps the latest time seen, which goes back only when an operator says so', async () => {
    const ledger = await make()
    expect((await ledger.head()).seenAt).toBeNull()
    await ledger.see(later(100))
    await ledger.see(later(50))
    expect((await ledger.head()).seenAt).toEqual(later(100))
    await ledger.enter(entry({ at: later(500) }))
    expect((await ledger.head()).seenAt).toEqual(later(500))
    await ledger.correctClock(later(10))
    expect((await ledger.head()).seenAt).toEqual(later(10))
    await ledger.enter(entry({ at: later(20) }))
    expect((await ledger.head()).seenAt).toEqual(later(20))
    await ledger.close?.()
  })
})

describe('a ledger in a file', () => {
  test('is there after a restart, and goes on where it was', async () => {
    const file = newFile()
    const first = await open(file)
    const one = entry()
    await first.ledger.enter(one)
    const before = await first.ledger.head()
    await first.close()
    const second = await open(file)
    expect(await second.ledger.head()).toEqual(before)
    expect(await second.ledger.enter(one)).toMatchObject({ state: 'before' })
    expect(await second.ledger.enter(entry())).toMatchObject({ number: 2 })
    await second.close()
  })

  test('is shared by lanes of one machine, which then know one another’s entries', async () => {
    const file = newFile()
    const [one, other] = [await open(file), await open(file, { lane: 'n2' })]
    const seen = entry()
    await one.ledger.enter(seen)
    expect(await other.ledger.enter(seen)).toMatchObject({ entry: { lane: 'n1' } })
    await Promise.all(
      Array.from({ length: 20 }, (_, at) => [one, other][at % 2]!.ledger.enter(entry())),
    )
    const text = await exportLedger({ ledger: one.ledger, signer, now: testNow })
    expect((await readLedgerExport(text, { signedBy: null })).entries).toHaveLength(21)
    await one.close()
    await other.close()
  })

  test('is of one event, and refuses another', async () => {
    const file = newFile()
    await (await open(file)).close()
    await expect(open(file, { id: 'other' })).rejects.toMatchObject({ code: 'ledger_other_event' })
  })

  test('is not made where it should be there', async () => {
    const missing = openLedger({
      ...{ file: newFile(), create: false, lane: place(), clock: () => testNow },
    })
    await expect(missing).rejects.toMatchObject({ code: 'database_missing' })
  })

  test('is erased after the event and its keep time, so that no byte of a tag is left', async () => {
    const file = newFile()
    const tags: string[] = []
    const first = await open(file)
    for (let count = 0; count < 200; count += 1) {
      const one = entry({ person: tag() })
      tags.push(one.holder, one.person ?? '', one.answer)
      await first.ledger.enter(one)
    }
    expect(await first.eraseWhenOver()).toBeNull()
    await first.close()
    expect(await holds(file, tags)).toBe(true)
    const over = await open(file, {}, later(6 * 3600 + keepLedgerSeconds))
    expect(await over.eraseWhenOver()).toBe(200)
    expect(await over.eraseWhenOver()).toBeNull()
    expect(await holds(file, tags)).toBe(false)
    await over.close()
    expect(await holds(file, tags)).toBe(false)
  })
})

/** Whether a byte search of the database, its log and its index finds one of the texts. */
async function holds(file: string, texts: readonly string[]): Promise<boolean> {
  const name = file.slice(folder.length + 1)
  const names = (await readdir(folder)).filter((one) => one.startsWith(name))
  const found = await Promise.all(names.map((one) => readFile(join(folder, one), 'latin1')))
  return texts.some((text) => found.some((bytes) => bytes.includes(text)))
}
