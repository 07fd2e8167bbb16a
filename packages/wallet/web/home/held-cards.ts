import type { CertificateSummary } from '@netcert/wallet/rules'

/** How a card stands: something can be shown, few are left, none is, or the issuer was told to pause. */
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
}

const FEW = 2

/** Puts certificates together as cards, newest first. */
export function heldCards(certificates: readonly CertificateSummary[]): readonly HeldCard[] {
  const groups = new Map<string, CertificateSummary[]>()
  for (const certificate of certificates) {
    const { vct, ward, issuer } = certificate
    const key = JSON.stringify([vct, ward, issuer])
    groups.set(key, [...(groups.get(key) ?? []), certificate])
  }
  return [...groups.values()].map(cardOf).filter((card) => card !== null)
}

function cardOf(group: readonly CertificateSummary[]): HeldCard | null {
  const oneTime = group.filter(({ kind }) => kind === 'one-time')
  const shown = oneTime.length > 0 ? oneTime : group
  const [newest] = shown
  if (newest === undefined) return null
  const left = sum(oneTime.map(({ remaining }) => remaining))
  const copies = sum(oneTime.map((it) => it.copies))
  const { id, vct, ward, issuer } = newest
  return {
    ...{ id, vct, ward, issuer, left, copies },
    expiresAt: new Date(Math.max(...shown.map(({ expiresAt }) => expiresAt.getTime()))),
    platforms: group.length - oneTime.length,
    state: oneTime.length === 0 || left > FEW ? 'ready' : left > 0 ? 'few' : 'used-up',
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)
