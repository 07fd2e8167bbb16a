import { epochSeconds } from '@netcert/credential'
import type { PresentationRequest } from '@netcert/protocol'
import type { Published } from './accredited-verifier.js'
import type { Linkability } from './consent.js'
import { type PauseSource, pausesOf } from './held-pauses.js'
import type { LedgerBook } from './ledger-book.js'
import { readPublishedCounts } from './linkability.js'
import { type ShownBefore, shownBefore } from './shown-before.js'
import type { Judgement } from './vp-judgement.js'
import type { HeldWard } from './ward-records.js'

/** What this wallet remembers that a citizen should see before saying yes. */
export async function memoryOf(
  context: Parameters<typeof linkabilityOf>[0] & { readonly ward: HeldWard | null },
  request: Pick<PresentationRequest, 'audience'>,
  { accredited }: Pick<Judgement, 'accredited'>,
): Promise<{ readonly linkability: Linkability; readonly before: ShownBefore }> {
  const platformId = accredited?.accreditation.platformId ?? null
  const party = { platformId, audience: request.audience }
  return {
    linkability: await linkabilityOf(context, request),
    before: await shownBefore(context.ledger, party, context.ward?.id ?? null),
  }
}

/**
 * How easily what is shown now could be joined with something else, and what of it is paused, as far as
 * it is known here.
 */
export async function linkabilityOf(
  source: PauseSource & { readonly ledger: LedgerBook; readonly published: Published },
  { audience }: Pick<PresentationRequest, 'audience'>,
): Promise<Linkability> {
  const { ledger, published, store, clock } = source
  const paused = await pausesOf(source, await store.batches(epochSeconds(clock())))
  return {
    counts: readPublishedCounts(await published.statistics()),
    showedOthersJustNow: await ledger.showedOthersJustNow(audience),
    paused: new Set(paused.keys()),
  }
}
