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
import { beforeAll, describe, expect, test } from 'vitest'
import { later, testNow } from '../../../../test/trust-domain.js'

const event = { id: 'final-2026', endsAt: later(6 * 3600) }
const keepLedgerSeconds = 86_400
const tag = () => encodeBase64Url(randomBytes(16))
const entry = (changes: Partial<Entry> = {}): Entry => ({
  ...{ holder: tag(), person: null, answer: tag(), at: testNow, by: 'challenge' },
  ...changes,
})
const place = ({ gate = 'north' } = {}) => ({ event, keepLedgerSeconds, gate, lane: 'n1' })

let signer: Signer
beforeAll(async () => {
  signer = (await generateSigner('ES256')).signer
})

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
