import type { CertificatePause, CertificateSummary } from '@netcert/wallet/rules'

/** How a card stands: something can be shown, few are left, none is, or it is paused. */
export type CardState = 'ready' | 'few' | 'used-up' | 'paused'

/** One card: everything of a type that one issuer gave about one person. */
export type HeldCard = {
  /** Of the newest certificate in it. */
  readonly id: string
  readonly vct: string
  readonly ward: string | null
  readonly issuer: string
  readonly expiresAt: Date
  /** One-time copies that are left, and how many there were. */
  readonly left: number
  readonly copies: number
  /** Platforms that have a copy of their own. */
  readonly platforms: number
  readonly state: CardState
  /** Until when, and how this wallet knows; null: it is not. */
  readonly paused: CertificatePause | null
}

/** What a card is made of; what has only just come is not paused. */
type Held = CertificateSummary & { readonly paused?: CertificatePause | null }

const FEW = 2

/** Puts certificates together as cards, newest first. */
export function heldCards(certificates: readonly Held[]): readonly HeldCard[] {
  const groups = new Map<string, Held[]>()
  for (const certificate of certificates) {
    const { vct, ward, issuer } = certificate
    const key = JSON.stringify([vct, ward, issuer])
    groups.set(key, [...(groups.get(key) ?? []), certificate])
  }
  return [...groups.values()].map(cardOf).filter((card) => card !== null)
}

function cardOf(group: readonly Held[]): HeldCard | null {
  const oneTime = group.filter(({ kind }) => kind === 'one-time')
  const shown = oneTime.length > 0 ? oneTime : group
  const [newest] = shown
  if (newest === undefined) return null
  const left = sum(oneTime.map(({ remaining }) => remaining))
  const copies = sum(oneTime.map((it) => it.copies))
  const { id, vct, ward, issuer } = newest
  const paused = pauseOf(group)
  return {
    ...{ id, vct, ward, issuer, left, copies },
    expiresAt: new Date(Math.max(...shown.map(({ expiresAt }) => expiresAt.getTime()))),
    platforms: group.length - oneTime.length,
    state: paused !== null ? 'paused' : stateOf(oneTime.length, left),
    paused,
  }
}

function stateOf(oneTime: number, left: number): CardState {
  return oneTime === 0 || left > FEW ? 'ready' : left > 0 ? 'few' : 'used-up'
}

/**
 * One-time copies have no status: a pause that was made elsewhere shows in the copies of platforms, and
 * is one of the card where it shows in all of them.
 */
function pauseOf(group: readonly Held[]): CertificatePause | null {
  const known = group.filter(({ kind, paused }) => kind === 'platform' || (paused ?? null) !== null)
  const [first] = known
  return known.every(({ paused }) => (paused ?? null) !== null) ? (first?.paused ?? null) : null
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)
