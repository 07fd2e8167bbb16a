import { epochSeconds } from '@netcert/credential'
import { ROTATED_USES } from '../issuer-keys.js'
import type { PackStore } from '../offline-pack/pack-store.js'
import type { PublicationParts } from '../publication.js'
import { believedLists } from '../registrar-publication.js'
import { STATUS_LIFETIME_SECONDS } from '../status-publication.js'
import { TRUST_LIST_LIFETIME_SECONDS } from '../trust-list-content.js'
import type { IssuerKeys } from '../issuer-keys.js'

/** How old something public is, and how long it still counts; seconds. */
export type ListStanding = {
  readonly kind: 'status' | 'registrar' | 'trust_list'
  /** Number of the list; 0 for the trust list. */
  readonly list: number
  readonly ageSeconds: number
  /** Below 0 once it has ended. */
  readonly leftSeconds: number
  readonly lifetimeSeconds: number
}

export type KeyStanding = {
  readonly use: string
  /** Until the window of the active key is over; `null` when none is active. */
  readonly leftSeconds: number | null
  /** How long it has signed. */
  readonly ageSeconds: number | null
}

/** What a metric says of lists and keys; nothing of anybody. */
export type ListsStanding = {
  readonly lists: readonly ListStanding[]
  readonly keys: readonly KeyStanding[]
  readonly accreditations: {
    readonly current: number
    /** Until the first of them ends that is the newest of its purpose; `null` without any. */
    readonly leastLeftSeconds: number | null
  }
  readonly steps: readonly {
    readonly step: string
    readonly failures: number
    /** When it was last done whole; 0 before the first time. */
    readonly doneAt: number
  }[]
  readonly signingHalted: boolean
  /** The newest offline pack; `null` where none was built. */
  readonly pack: { readonly sequence: number; readonly ageSeconds: number } | null
}

export type ListsStandingParts = Pick<
  PublicationParts,
  'lists' | 'published' | 'registrar' | 'clock'
> & {
  readonly issuerKeys: Pick<IssuerKeys, 'all'>
  readonly signatures: { haltedAt(): Promise<number | null> }
  readonly packs: Pick<PackStore, 'newest'>
}

/** Looks at what is public and what signs it; nothing is changed. */
export async function readListsStanding(parts: ListsStandingParts): Promise<ListsStanding> {
  const now = epochSeconds(parts.clock())
  return {
    lists: await listStandings(parts, now),
    keys: await keyStandings(parts, now),
    accreditations: await accreditationStanding(parts, now),
    steps: (await parts.published.steps()).map(({ step, failures, done_at: doneAt }) => ({
      step,
      failures,
      doneAt,
    })),
    signingHalted: (await parts.signatures.haltedAt()) !== null,
    pack: await packStanding(parts, now),
  }
}

async function packStanding({ packs }: ListsStandingParts, now: number) {
  const newest = await packs.newest()
  if (newest === undefined) return null
  return { sequence: newest.sequence, ageSeconds: now - newest.issued_at }
}

async function listStandings(
  { lists, registrar }: ListsStandingParts,
  now: number,
): Promise<readonly ListStanding[]> {
  const standing = (kind: ListStanding['kind'], list: number, issuedAt: number, life: number) => ({
    ...{ kind, list, ageSeconds: now - issuedAt, lifetimeSeconds: life },
    leftSeconds: issuedAt + life - now,
  })
  const trust = await lists.newestTrustList()
  const own = await lists.statusLists()
  const others = await believedLists(registrar)
  const life = STATUS_LIFETIME_SECONDS
  const trustLife = TRUST_LIST_LIFETIME_SECONDS
  return [
    ...(trust === undefined ? [] : [standing('trust_list', 0, trust.issued_at, trustLife)]),
    ...own.map(({ list, published_at: at }) => standing('status', list, at, life)),
    ...others.map(({ list, published_at: at }) => standing('registrar', list, at, life)),
  ]
}

async function keyStandings(
  { issuerKeys }: ListsStandingParts,
  now: number,
): Promise<readonly KeyStanding[]> {
  const keys = await issuerKeys.all()
  return ROTATED_USES.map((use) => {
    const active = keys.find((key) => key.use === use && key.state === 'active')
    if (active === undefined) return { use, leftSeconds: null, ageSeconds: null }
    const since = epochSeconds(active.activatedAt ?? active.notBefore)
    return { use, leftSeconds: epochSeconds(active.notAfter) - now, ageSeconds: now - since }
  })
}

async function accreditationStanding({ registrar }: ListsStandingParts, now: number) {
  const newest = await registrar.accreditations.newest()
  const current = newest.filter((one) => one.revoked_at === null && one.expires_at > now)
  const ends = current.map(({ expires_at: end }) => end - now)
  return { current: current.length, leastLeftSeconds: ends.length === 0 ? null : Math.min(...ends) }
}
