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
  mergeLedgers,
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

describe('an exported ledger', () => {
  const filled = async (gate: string, ...entries: readonly Entry[]) => {
    const ledger = await createLedger({ rows: memoryLedgerRows(), ...place({ gate }) })
    for (const one of entries) await ledger.enter(one)
    return ledger
  }
  const exported = async (ledger: EntryLedger, by = signer) =>
    readLedgerExport(await exportLedger({ ledger, signer: by, now: testNow }), { signedBy: null })

  test('comes back as it was, signed by the venue', async () => {
    const ledger = await filled('north', entry(), entry({ by: 'paper' }))
    const read = await exported(ledger)
    expect(read).toMatchObject({ event: event.id, signedBy: signer.did, exportedAt: testNow })
    expect(read.entries).toEqual(await ledger.entries())
    expect(read.erasesAt).toEqual(later(6 * 3600 + keepLedgerSeconds))
  })

  test.each<[string, (text: string) => string]>([
    ['with an entry left out at the end', (text) => dropEntry(text, -1)],
    ['with an entry left out in between', (text) => dropEntry(text, 1)],
    ['with another gate in an entry', (text) => text.replace('"gate":"north"', '"gate":"south"')],
    ['with another time', (text) => text.replace(/"at":\d+/, '"at":5')],
    ['with another tag', (text) => text.replace(/"holder":"[\w-]{4}/, '"holder":"AAAA')],
    ['of another event', (text) => text.replaceAll('final-2026', 'final-2027')],
    ['with a signature that was cut', (text) => text.replace(/\.[\w-]{10}([\w-]+"}\n)$/, '.$1')],
    ['with a member more', (text) => text.replace('{', '{"name":"x",')],
    ['that is cut off', (text) => text.slice(0, -20)],
    ['that is something else', () => '[]'],
  ])('is refused %s', async (_name, change) => {
    const ledger = await filled('north', entry(), entry(), entry())
    const text = await exportLedger({ ledger, signer, now: testNow })
    const changed = change(text)
    expect(changed).not.toBe(text)
    const refusal = readLedgerExport(changed, { signedBy: null })
    await expect(refusal).rejects.toMatchObject({ code: 'ledger_malformed' })
  })

  test('is refused when another key than the venue’s signed it', async () => {
    const ledger = await filled('north', entry())
    const text = await exportLedger({ ledger, signer, now: testNow })
    const other = (await generateSigner('ES256')).signer.did
    await expect(readLedgerExport(text, { signedBy: signer.did })).resolves.toBeDefined()
    await expect(readLedgerExport(text, { signedBy: other })).rejects.toMatchObject({
      code: 'ledger_malformed',
    })
  })

  test('finds a pass and a person that entered at two gates', async () => {
    const pass = entry({ at: later(60) })
    const person = tag()
    const north = await filled('north', entry(), pass, entry({ person, at: later(5) }))
    const south = await filled(
      'south',
      { ...entry({ at: testNow }), holder: pass.holder },
      entry({ person, at: later(9) }),
      entry(),
    )
    const merged = mergeLedgers([await exported(north), await exported(south)])
    expect(merged).toMatchObject({ event: event.id, entries: 6, forked: [] })
    expect(
      merged.doubles.map(({ of, sameCode, entries }) => [
        of,
        sameCode,
        entries.map((one) => one.gate),
      ]),
    ).toEqual([
      ['person', false, ['north', 'south']],
      ['pass', false, ['south', 'north']],
    ])
  })

  test('tells a code that was copied, and tells one person once', async () => {
    const one = entry({ person: tag() })
    const [north, south] = [await filled('north', one), await filled('south', one)]
    const { doubles } = mergeLedgers([await exported(north), await exported(south)])
    expect(doubles).toMatchObject([{ of: 'person', sameCode: true }])
  })

  test('counts once when a ledger was exported twice, and tells two that contradict each other', async () => {
    const rows = memoryLedgerRows()
    const ledger = await createLedger({ rows, ...place() })
    await ledger.enter(entry())
    const early = await exported(ledger)
    await ledger.enter(entry())
    const late = await exported(ledger)
    expect(mergeLedgers([late, early])).toMatchObject({ entries: 2, doubles: [], forked: [] })
    const undone = { ...early, entries: early.entries.map((one) => ({ ...one, hash: 'x' })) }
    expect(mergeLedgers([late, undone]).forked).toEqual([late.ledger])
  })

  test('is not merged with one of another event or venue, nor with nothing', async () => {
    const north = await exported(await filled('north', entry()))
    const venue = await exported(
      await filled('south', entry()),
      (await generateSigner('ES256')).signer,
    )
    const other = { ...north, event: 'other', ledger: 'x' }
    expect(() => mergeLedgers([north, other])).toThrow(
      expect.objectContaining({ code: 'ledger_other_event' }),
    )
    expect(() => mergeLedgers([north, venue])).toThrow(
      expect.objectContaining({ code: 'ledger_malformed' }),
    )
    expect(() => mergeLedgers([])).toThrow(expect.objectContaining({ code: 'ledger_malformed' }))
  })
})

function dropEntry(text: string, at: number): string {
  const file = JSON.parse(text) as { entries: unknown[] }
  file.entries.splice(at, 1)
  return JSON.stringify(file)
}
