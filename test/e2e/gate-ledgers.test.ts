import { describe, expect, it } from 'vitest'
import {
  exportLedger,
  type LedgerExport,
  laneKeys,
  mergeLedgers,
  readLedgerExport,
} from '@netcert/verifier/gate'
import { answerWith, loosePasses, looseTicket } from '../gate-attacker.js'
import { gateGround } from '../gate-ground.js'
import {
  createEvent,
  type LaneWish,
  laneSettings,
  openLane,
  type TestLane,
  type VenueEvent,
} from '../gate-lanes.js'

const ground = gateGround()
const event = () => createEvent(ground.venue)
const openWish = (of: VenueEvent, wish: LaneWish = {}) =>
  openLane(ground, laneSettings(ground, of, wish))

async function exported({ ledger, settings, clock }: TestLane): Promise<string> {
  const { signer } = await laneKeys(settings)
  return exportLedger({ ledger, signer, now: clock.now })
}

async function read(lane: TestLane): Promise<LedgerExport> {
  return readLedgerExport(await exported(lane), { signedBy: ground.venue.signer.did })
}

describe('lanes without a network', () => {
  it('let one pass in at two lanes and at two gates, and the merged ledgers name it', async () => {
    const of = event()
    const lanes = [
      await openWish(of),
      await openWish(of, { lane: '2' }),
      await openWish(of, { gate: 'south' }),
    ]
    const [twice, honest] = await loosePasses(ground, 2)
    for (const lane of lanes) {
      const verdict = await lane.gate.judge(await answerWith(twice!, await lane.challenge()))
      expect(verdict).toMatchObject({ code: 'entered' })
    }
    await lanes[0]!.gate.judge(await answerWith(honest!, await lanes[0]!.challenge()))
    const merged = mergeLedgers(await Promise.all(lanes.map(read)))
    expect(merged).toMatchObject({ entries: 4, forked: [] })
    const places = merged.doubles.map(({ of: what, entries, sameCode }) => ({
      ...{ what, sameCode },
      at: entries.map(({ gate, lane }) => `${gate} ${lane}`).toSorted(),
    }))
    expect(places).toEqual([
      { what: 'pass', sameCode: false, at: ['north 1', 'north 2', 'south 1'] },
    ])
  })

  it('let a person with two phones in at two gates, and the merged ledgers name the person', async () => {
    const of = event()
    const [north, south] = [
      await openWish(of, { kind: 'ticket' }),
      await openWish(of, { kind: 'ticket', gate: 'south' }),
    ]
    const phone = await looseTicket(ground, ground.venue)
    const other = await looseTicket(ground, ground.venue, phone.person)
    await north.gate.judge(await answerWith(phone, await north.challenge()))
    await south.gate.judge(await answerWith(other, await south.challenge()))
    const { doubles } = mergeLedgers([await read(north), await read(south)])
    expect(doubles).toMatchObject([{ of: 'person' }])
  })

  it('refuse what was used at another one as soon as they have its ledger', async () => {
    const of = event()
    const [north, south] = [await openWish(of), await openWish(of, { gate: 'south' })]
    const [pass] = await loosePasses(ground, 1)
    await north.gate.judge(await answerWith(pass!, await north.challenge()))
    await south.ledger.takeIn((await read(north)).entries)
    expect(await south.gate.judge(await answerWith(pass!, await south.challenge()))).toMatchObject({
      ...{ colour: 'red', code: 'pass_used', before: { gate: 'north', lane: '1' } },
    })
  })

  it('of one lane file on two devices take the same code twice, and the merged ledgers say so', async () => {
    const settings = laneSettings(ground, event())
    const clock = ground.clock()
    const [one, copy] = [
      await openLane(ground, settings, { clock }),
      await openLane(ground, settings, { clock }),
    ]
    const [pass] = await loosePasses(ground, 1)
    const answer = await answerWith(pass!, await one.challenge())
    for (const { gate } of [one, copy]) {
      expect(await gate.judge(answer)).toMatchObject({ code: 'entered' })
    }
    const { doubles } = mergeLedgers([await read(one), await read(copy)])
    expect(doubles).toMatchObject([{ of: 'pass', sameCode: true }])
  })
})

describe('an exported ledger', () => {
  type Entry = { gate: string; at: number; holder: string; number: number }
  type File = { entries: Entry[]; event: string; ledger: string; erases_at: number }

  type Made = { readonly text: string; change(by: (file: File) => void): string }
  let made: Promise<Made> | undefined
  const three = (): Promise<Made> => (made ??= makeThree())

  async function makeThree(): Promise<Made> {
    const lane = await openWish(event())
    for (const pass of await loosePasses(ground, 3)) {
      await lane.gate.judge(await answerWith(pass, await lane.challenge()))
    }
    const text = await exported(lane)
    const change = (by: (file: File) => void) => {
      const file = JSON.parse(text) as File
      by(file)
      return JSON.stringify(file)
    }
    return { text, change }
  }

  it.each<[string, (file: File) => void]>([
    ['an entry taken out', ({ entries }) => void entries.splice(1, 1)],
    ['its end cut off', ({ entries }) => void entries.pop()],
    ['nothing left', ({ entries }) => void entries.splice(0)],
    ['an entry doubled', ({ entries }) => void entries.push({ ...entries[2]! })],
    ['entries in another order', ({ entries }) => void entries.reverse()],
    ['another time', ({ entries }) => void (entries[1]!.at += 60)],
    ['another gate', ({ entries }) => void (entries[1]!.gate = 'south')],
    ['another pass', ({ entries }) => void (entries[1]!.holder = entries[0]!.holder)],
    ['another event', (file) => void (file.event = 'event-other')],
    ['another end of its keeping', (file) => void (file.erases_at += 86_400)],
    ['text for a terminal in it', ({ entries }) => void (entries[0]!.gate = '\u001b[2J')],
  ])('with %s is refused whole', async (_name, by) => {
    const { text, change } = await three()
    const options = { signedBy: ground.venue.signer.did }
    expect((await readLedgerExport(text, options)).entries).toHaveLength(3)
    const refused = readLedgerExport(change(by), options)
    await expect(refused).rejects.toMatchObject({ code: 'ledger_malformed' })
  })

  it('of another venue is refused, also where its own signature holds', async () => {
    const of = createEvent(ground.otherVenue)
    const text = await exported(await openWish(of))
    const refused = readLedgerExport(text, { signedBy: ground.venue.signer.did })
    await expect(refused).rejects.toMatchObject({ code: 'ledger_malformed' })
  })

  it('says nothing of anybody, and erased is gone', async () => {
    const lane = await openWish(event())
    const [pass] = await loosePasses(ground, 1)
    await lane.gate.judge(await answerWith(pass!, await lane.challenge()))
    const text = await exported(lane)
    const { x = '' } = JSON.parse(
      Buffer.from(pass!.credential.split('.')[1] ?? '', 'base64url').toString(),
    ).cnf.jwk as { x?: string }
    expect(x).not.toBe('')
    for (const trace of [x, pass!.signer.did, pass!.person.name, 'age_over', 'document']) {
      expect(text).not.toContain(trace)
    }
    expect(await lane.ledger.erase()).toBe(1)
    expect(await lane.ledger.entries()).toEqual([])
  })
})
