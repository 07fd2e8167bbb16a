import { every, now, type Stop } from '@netcert/page/clock'
import { signal } from '@preact/signals'
import { type AdmissionList, type GateVerdict, readAdmissionList } from '@netcert/verifier/gate'
import { type GateDesk, openGateDesk } from './gate/gate-desk.js'
import { createSounds } from './gate/sounds.js'
import {
  type Choices,
  eraseEvent,
  eraseHome,
  type Home,
  type KeptLane,
} from './keeping/database.js'
import { type HeldPack, importPack, readKeptPacks } from './keeping/packs.js'
import type { StaffPin } from './lane/staff-pin.js'
import { laneKeysOf } from './lane/usable-lane.js'
import { codeOf } from './refusal.js'

/** Reads what the device keeps and puts the lane to work where there is one. */
export async function openKiosk(home: Home): Promise<Kiosk> {
  const kiosk = new Kiosk(home)
  await kiosk.read()
  return kiosk
}

const LOOK_MILLISECONDS = 600_000

/** Everything one device holds, and what can be done with it. Its members are signals: screens follow. */
export class Kiosk {
  readonly home: Home
  readonly sounds = createSounds()
  readonly lane = signal<KeptLane | null>(null)
  readonly pin = signal<StaffPin | null>(null)
  readonly choices = signal<Choices>({})
  readonly held = signal<HeldPack | null>(null)
  /** Who has a ticket; null: no list was imported. */
  readonly tickets = signal<AdmissionList | null>(null)
  /** null: there is no lane or no pack yet, or `problem` says why. */
  readonly desk = signal<GateDesk | null>(null)
  readonly problem = signal<string | null>(null)

  #stopLooking: Stop = () => undefined

  constructor(home: Home) {
    this.home = home
  }

  /** Takes up what is kept. */
  async read(): Promise<void> {
    this.#stopLooking = every(LOOK_MILLISECONDS, () => void this.#forgetWhenOver())
    const kept = (name: 'lane' | 'pin' | 'choices' | 'tickets') => this.home.get('device', name)
    this.choices.value = ((await kept('choices')) as Choices | undefined) ?? {}
    this.pin.value = ((await kept('pin')) as StaffPin | undefined) ?? null
    this.lane.value = ((await kept('lane')) as KeptLane | undefined) ?? null
    if (this.lane.value === null) return
    this.held.value = await readKeptPacks(this.home, this.lane.value.lane.rootDid)
    const tickets = (await kept('tickets')) as string | undefined
    if (tickets !== undefined)
      this.tickets.value = await readTickets(this.lane.value, tickets, null)
    await this.#forgetWhenOver()
    await this.#open()
  }

  async keepLane(lane: KeptLane): Promise<void> {
    await this.home.put('device', lane, 'lane')
    // A pack that lies here from an event before counts under the root of this one or not at all.
    this.held.value = await readKeptPacks(this.home, lane.lane.rootDid)
    this.lane.value = lane
    await this.#open()
  }

  async keepPin(pin: StaffPin): Promise<void> {
    await this.home.put('device', pin, 'pin')
    this.pin.value = pin
  }

  /** @throws As `importPack` */
  async takeIn(pack: Blob): Promise<HeldPack> {
    const { rootDid } = this.#lane().lane
    const held = this.held.value
    this.held.value = await importPack(this.home, { pack, held, rootDid, now: now() })
    await this.#open()
    return this.held.value
  }

  /** @throws VerifierError `tickets_malformed`, `ledger_other_event` */
  async takeTickets(file: string): Promise<void> {
    const notBefore = this.tickets.value?.issuedAt ?? null
    const list = await readTickets(this.#lane(), file, notBefore)
    await this.home.put('device', file, 'tickets')
    this.tickets.value = list
  }

  async choose(more: Partial<Choices>): Promise<void> {
    this.choices.value = { ...this.choices.value, ...more }
    await this.home.put('device', this.choices.value, 'choices')
  }

  /** Erases the entries of the event. @returns how many there were */
  async eraseEntries(): Promise<number> {
    const desk = this.desk.value
    if (desk === null) return 0
    const count = await desk.ledger.erase()
    desk.close()
    this.desk.value = await this.#openDesk()
    return count
  }

  /** Forgets lane, keys, pack, PIN and entries. */
  async removeAll(): Promise<void> {
    this.desk.value?.close()
    await eraseHome(this.home)
    const { lane, pin, held, tickets, desk, problem } = this
    for (const one of [lane, pin, held, tickets, desk, problem]) one.value = null
  }

  close(): void {
    this.#stopLooking()
    this.desk.value?.close()
  }

  /** The end of keeping is kept whether or not somebody looks: the keys go with the entries. */
  async #forgetWhenOver(): Promise<void> {
    const lane = this.lane.value?.lane
    if (lane === undefined) return
    const ends = lane.event.endsAt.getTime() + lane.keepLedgerSeconds * 1000
    if (ends > now().getTime()) return
    this.desk.value?.close()
    await eraseEvent(this.home)
    for (const one of [this.lane, this.tickets, this.desk, this.problem]) one.value = null
  }

  async #open(): Promise<void> {
    const isReady = this.lane.value !== null && this.held.value !== null
    if (isReady && this.desk.value === null) this.desk.value = await this.#openDesk()
  }

  async #openDesk(): Promise<GateDesk | null> {
    try {
      const desk = await openGateDesk({
        ...{ home: this.home, kept: this.#lane() },
        held: () => this.#pack(),
        admission: () => this.tickets.value,
        onVerdict: (verdict) => this.#sound(verdict),
      })
      this.problem.value = null
      return desk
    } catch (error) {
      this.problem.value = codeOf(error)
      return null
    }
  }

  #sound({ colour }: GateVerdict): void {
    if (this.choices.value.sound !== false) this.sounds.play(colour)
  }

  #lane(): KeptLane {
    if (this.lane.value === null) throw new TypeError('the lane comes first')
    return this.lane.value
  }

  #pack(): HeldPack {
    if (this.held.value === null) throw new TypeError('the gate was opened without a pack')
    return this.held.value
  }
}

async function readTickets(
  kept: KeptLane,
  file: string,
  notBefore: Date | null,
): Promise<AdmissionList> {
  const { tagMac } = laneKeysOf(kept)
  return readAdmissionList(file, { tagMac, event: kept.lane.event.id, notBefore })
}
