import { randomBytes } from 'node:crypto'
import { freshnessPolicies, type Trust } from '@netcert/credential'
import { type AccreditationStatusLists, parseQuery } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import {
  createGate,
  createLedger,
  type EntryLedger,
  type Gate,
  type GateOptions,
  laneKeys,
  laneOf,
  type LaneSettings,
  type LedgerRows,
  memoryLedgerRows,
} from '@netcert/verifier/gate'
import type { GateClock, GateGround } from './gate-ground.js'
import { guestListQuery, type Venue } from './gate-venue.js'

/** An event at a venue: what all its lanes have in common. */
export type VenueEvent = {
  readonly venue: Venue
  readonly id: string
  readonly endsAt: Date
  readonly ledgerKey: Uint8Array
}

/** What is asked at a gate, and the purpose it is accredited under. */
const asked = {
  /** Old enough, and a real person. */
  fact: { purpose: 'venue-entry', kind: 'fact', query: queries['gate-age-over-18'] },
  /** The number that came with the ticket. */
  ticket: { purpose: 'ticketing', kind: 'ticket', query: queries.ticketing },
  /** A name, so answers are encrypted. */
  name: { purpose: 'guest-list', kind: 'fact', query: guestListQuery },
} as const
export type GateKind = keyof typeof asked

/** One lane as its file describes it; `changes` replace what is usual. */
export type LaneWish = {
  readonly kind?: GateKind
  readonly gate?: string
  readonly lane?: string
  readonly changes?: Partial<LaneSettings>
}

/** An open lane, offline: nothing of it asks anybody. */
export type TestLane = {
  readonly settings: LaneSettings
  readonly gate: Gate
  readonly ledger: EntryLedger
  readonly clock: GateClock
  /** The text of the QR code that the screen shows now. */
  challenge(): Promise<string>
}

/** An event that ends ten hours from now. */
export function createEvent(venue: Venue, now = new Date()): VenueEvent {
  const id = `event-${randomBytes(4).toString('hex')}`
  return { venue, id, endsAt: new Date(now.getTime() + 36_000_000), ledgerKey: randomBytes(32) }
}

/** The settings of a lane, with a secret of its own. */
export function laneSettings(
  { rootDid }: Pick<GateGround, 'rootDid'>,
  { venue, id, endsAt, ledgerKey }: VenueEvent,
  wish: LaneWish = {},
): LaneSettings {
  const { purpose, kind, query } = asked[wish.kind ?? 'fact']
  return {
    venue: { 'zh-CN': '东湖体育馆', en: 'East Lake Arena' },
    event: { id, endsAt, name: { 'zh-CN': '决赛', en: 'The final' } },
    gate: wish.gate ?? 'north',
    lane: wish.lane ?? '1',
    ...{ kind, clientId: venue.clientId, platformId: venue.id, rootDid },
    accreditation: venue.accreditation(purpose),
    query: parseQuery(query),
    freshness: freshnessPolicies['grace-24h'],
    ...{ rotate: 'epoch', poster: false, paper: false, keepLedgerSeconds: 86_400 },
    ...{ requestKey: venue.requestKey, laneSecret: randomBytes(32), ledgerKey },
    ...wish.changes,
  }
}

/** What a lane is opened with, where it is not the usual. */
export type OpenLaneOptions = {
  readonly clock?: GateClock
  readonly ledger?: EntryLedger
  readonly trust?: () => Trust
  readonly accreditationStatus?: () => AccreditationStatusLists
  readonly parts?: Partial<GateOptions>
}

/** Opens a lane with what the ground has published until now; later news do not reach it. */
export async function openLane(
  ground: GateGround,
  settings: LaneSettings,
  options: OpenLaneOptions = {},
): Promise<TestLane> {
  const { clock = ground.clock() } = options
  const known = await ground.known()
  const lane = laneOf(settings)
  const ledger = options.ledger ?? (await ledgerOn(memoryLedgerRows(), settings))
  const gate = await createGate({
    ...{ lane, ledger, keys: await laneKeys(settings) },
    trust: options.trust ?? (() => known.trust),
    accreditationStatus: options.accreditationStatus ?? (() => known.accreditationStatus),
    clock: clock.read,
    ...options.parts,
  })
  return { settings, gate, ledger, clock, challenge: async () => (await gate.challenge()).text }
}

/** A lane's ledger on rows that may have been there before. */
export function ledgerOn(rows: LedgerRows, settings: LaneSettings): Promise<EntryLedger> {
  const { event, keepLedgerSeconds, gate, lane } = settings
  return createLedger({ rows, event, keepLedgerSeconds, gate, lane })
}
