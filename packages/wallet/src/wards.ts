import { epochSeconds, WARD_CERTIFICATE } from '@netcert/credential'
import { birthdayAt } from './birthday.js'
import { type CertificateSummary, summaryOf } from './certificate-summary.js'
import { isLasting, type PauseTimes } from './held-pauses.js'
import { openRecord } from './issuance-records.js'
import { openCopy } from './received-copies.js'
import { OWN_CERTIFICATE_AGE } from './ward-endings.js'
import type { WardPauseRequest } from './ward-pause.js'
import { type HeldWard, listWards, renameWard, type WardSource } from './ward-records.js'
import type { BatchSummary } from './stores.js'
import type { IssuanceGround } from './vci-ground.js'

/** What a guardian holds for a child, and may fetch. */
export type WardHolding = HeldWard & {
  /** Who gives certificates about the child. */
  readonly issuer: string
  readonly certificates: readonly CertificateSummary[]
  /** Types that a grant of this wallet brings about the child; none: the issuer gives none any more. */
  readonly brings: readonly string[]
  /** The 14th birthday, as a ward certificate says it: from then on the child has their own. */
  readonly ownFrom: Date | null
  /** The last pause this wallet asked for, while it lasts as far as this wallet knows. */
  readonly pause: { readonly since: Date; readonly until: Date | null } | null
}

/** The children a citizen holds certificates for. */
export type Wards = {
  /** By label. */
  list(): Promise<readonly HeldWard[]>
  /** By label, with everything there is about each. */
  holdings(): Promise<readonly WardHolding[]>
  /** @throws as `renameWard` of ward-records.ts */
  rename(which: string, label: string): Promise<HeldWard>
  /** @throws as `pauseWard` of ward-pause.ts */
  pause(request: WardPauseRequest): Promise<HeldWard>
}

type WardsContext = WardSource & IssuanceGround

/** What a citizen sees and calls of the children they are guardian of. */
export function createWards(context: WardsContext): Wards {
  return {
    list: () => listWards(context),
    holdings: () => wardHoldings(context),
    rename: (which, label) => renameWard(context, which, label),
    pause: async (request) => (await import('./ward-pause.js')).pauseWard(context, request),
  }
}

async function wardHoldings(context: WardsContext): Promise<readonly WardHolding[]> {
  const { store, issuanceStore, vault, clock } = context
  const now = epochSeconds(clock())
  const batches = await store.batches(now)
  const requests = (await issuanceStore.list('grant')).flatMap(
    (row) => openRecord(vault, 'grant', row).requests,
  )
  const holdings: WardHolding[] = []
  for (const { id, label } of await listWards(context)) {
    const row = await issuanceStore.get('ward', id)
    if (row === undefined) continue
    const { issuer, pause } = openRecord(vault, 'ward', row)
    const theirs = batches.filter((batch) => batch.ward_id === id)
    const types = requests.flatMap(({ ward, vct }) =>
      ward === id && vct !== undefined ? [vct] : [],
    )
    holdings.push({
      ...{ id, label, issuer, brings: [...new Set(types)] },
      certificates: theirs.map(summaryOf),
      ownFrom: await ownFrom(context, theirs, now),
      pause: lastingPause(pause, now),
    })
  }
  return holdings
}

async function ownFrom(
  { store, vault }: WardsContext,
  batches: readonly BatchSummary[],
  now: number,
): Promise<Date | null> {
  for (const { id, vct } of batches) {
    if (vct !== WARD_CERTIFICATE) continue
    const copy = await store.anyCopyOf(id, now)
    const claims = copy === undefined ? [] : openCopy(vault, copy).claims
    const birthdate = claims.find(({ path }) => path.join('.') === 'birthdate')?.value
    const grown = birthdayAt(birthdate, OWN_CERTIFICATE_AGE)
    if (grown !== null) return new Date(grown * 1000)
  }
  return null
}

function lastingPause(pause: PauseTimes | undefined, now: number): WardHolding['pause'] {
  if (!isLasting(pause, now)) return null
  const until = pause.until === null ? null : new Date(pause.until * 1000)
  return { since: new Date(pause.since * 1000), until }
}
