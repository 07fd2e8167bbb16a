import type { ClaimPath, JsonValue } from '@netcert/credential'
import type { ClaimName } from './claim-labels.js'
import { claimName } from './claim-labels.js'
import type { CopyKind } from './copy-choice.js'
import type { BatchSummary } from './stores.js'

/** One received certificate with its copies. */
export type CertificateSummary = {
  readonly id: string
  readonly vct: string
  readonly kind: CopyKind
  /** The child it is about, as `wallet.wards` names them; null: the citizen's own. */
  readonly ward: string | null
  readonly issuer: string
  readonly issuedAt: Date
  readonly expiresAt: Date
  readonly receivedAt: Date
  readonly copies: number
  /** Copies that can still be shown; a platform copy stays. */
  readonly remaining: number
}

/** A claim as the citizen sees it; the value only when asked for. */
export type ShownClaim = ClaimName & { readonly value?: JsonValue }

type HeldClaim = { readonly path: ClaimPath; readonly value: JsonValue }

/** The claims of a certificate by name; a claim whose parts are claims of their own is shown as these. */
export function shownClaims(
  vct: string,
  claims: readonly HeldClaim[],
  reveal: boolean,
): readonly ShownClaim[] {
  const isWhole = ({ path }: HeldClaim) => !claims.some((other) => isBelow(other.path, path))
  return claims.filter(isWhole).map(({ path, value }) => {
    const name = claimName(vct, path)
    return reveal ? { ...name, value } : name
  })
}

function isBelow(path: ClaimPath, above: ClaimPath): boolean {
  return path.length > above.length && above.every((step, at) => step === path[at])
}

/** Copies that are left when one more is shown; a platform copy stays. */
export function remainingAfterUse({ kind, remaining }: BatchSummary): number {
  return kind === 'one-time' ? Math.max(0, remaining - 1) : remaining
}

/** The summary of a stored batch. */
export function summaryOf(batch: BatchSummary): CertificateSummary {
  const { id, vct, kind, issuer, copies, remaining } = batch
  return {
    id,
    vct,
    kind,
    ward: batch.ward_id,
    issuer,
    copies,
    remaining,
    issuedAt: new Date(batch.issued_at * 1000),
    expiresAt: new Date(batch.expires_at * 1000),
    receivedAt: new Date(batch.received_at * 1000),
  }
}

/** Copies of one type and kind. */
export type CopiesLeft = {
  readonly vct: string
  readonly kind: CopyKind
  readonly copies: number
}

/** How many copies remain, by type and kind. */
export function copiesLeft(
  batches: readonly Pick<BatchSummary, 'vct' | 'kind' | 'remaining'>[],
): readonly CopiesLeft[] {
  const totals = new Map<string, CopiesLeft>()
  for (const { vct, kind, remaining } of batches) {
    const key = `${kind} ${vct}`
    totals.set(key, { vct, kind, copies: (totals.get(key)?.copies ?? 0) + remaining })
  }
  return [...totals.values()]
}
