import { epochSeconds, NETWORK_CERTIFICATE } from '@netcert/credential'
import { isSdJwtQuery, type PresentationRequest, type Query } from '@netcert/protocol'
import { WalletError } from './errors.js'
import { noGrant } from './held-grants.js'
import type { CopyWish } from './platform-holding.js'
import type { Platforms } from './platform-access.js'
import type { Refillable, Refills } from './vci-on-demand.js'
import type { Judgement } from './vp-judgement.js'
import type { PresentationPlan } from './vp-plan.js'
import type { NeededCopy } from './vp-preview.js'
import { stillNothing, typesAnswering, usedUp } from './vp-refill.js'
import { type HeldWard, isWardType } from './ward-records.js'
import type { WalletStore } from './stores.js'

/** What finding out what is missing works with. */
export type NeedsContext = {
  readonly store: WalletStore
  readonly clock: () => Date
  readonly refills: Refills
  readonly platforms: Platforms
  readonly ward: HeldWard | null
}

/** What has to be fetched before a request can be answered. Nobody was asked for it yet. */
export type Need =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'refill'; readonly refills: readonly Refillable[] }
  | {
      readonly kind: 'platform-copy'
      readonly wish: CopyWish
      readonly replacing: string | null
      readonly needed: NeededCopy
    }

const nothing: Need = { kind: 'nothing' }

/** What is missing for an answer; asks nobody. */
export async function findNeed(
  context: NeedsContext,
  judgement: Judgement,
  plan: PresentationPlan | null,
): Promise<Need> {
  const { query, mayShow, accredited } = judgement
  if (plan !== null || query === null) return nothing
  const copy = accredited === null ? null : await findMissingCopy(context, accredited, query)
  if (copy !== null) return copy
  const refills = await context.refills.find(typesAnswering(query, mayShow))
  return refills.length === 0 ? nothing : { kind: 'refill', refills }
}

/**
 * Fetches what was missing, after the citizen agreed.
 *
 * @returns why there may be nothing to show after all
 * @throws WalletError `presence_missing`, and as fetching a platform's copy
 */
export async function fetchNeed(
  context: NeedsContext,
  need: Exclude<Need, { kind: 'nothing' }>,
): Promise<WalletError> {
  if (need.kind === 'refill') {
    return stillNothing(await context.refills.run(new Set(need.refills.map(({ vct }) => vct))))
  }
  const { wish, replacing, needed } = need
  await context.platforms.fetchCopy({ wish, replacing })
  return needed.why === 'presence' ? notPresent(needed.presenceUri) : stillNothing([])
}

/** A platform's own copy, where it is what lacks. */
async function findMissingCopy(
  { store, platforms, clock, ward }: NeedsContext,
  { accreditation: { platformId } }: NonNullable<Judgement['accredited']>,
  query: Query,
): Promise<Need | null> {
  const asksPresence = asksFor(query, 'presence_at')
  if (!asksPresence && !asksFor(query, 'platform_number')) return null
  for (const vct of typesToFetch(query, ward)) {
    const wish = { platformId, vct, ward: isWardType(vct) ? (ward?.id ?? null) : null }
    const { batch = null, presenceUri = null } = (await platforms.find(wish)) ?? {}
    const copy = batch === null ? undefined : await store.anyCopyOf(batch, epochSeconds(clock()))
    // A copy that is there and lacks nothing but a fresh check will do for everything else.
    if (copy !== undefined && !asksPresence) continue
    const issuer = await platforms.issuer(wish)
    if (issuer === null) continue
    const why = asksPresence ? 'presence' : 'first'
    const needed = { issuer, why, presenceUri } as const
    return { kind: 'platform-copy', wish, replacing: batch, needed }
  }
  return null
}

/** The types of which a copy made for the platform may lack; a citizen's own is always of one. */
function typesToFetch(query: Query, ward: HeldWard | null): readonly string[] {
  const asked = query.credentials
    .filter(isSdJwtQuery)
    .filter(({ claims = [] }) => claims.some(({ path }) => isNumbered(path[0])))
    .flatMap(({ meta }) => meta.vct_values)
  const types = asked.map((vct) => (isWardType(vct) ? vct : NETWORK_CERTIFICATE))
  return [...new Set(types)].filter((vct) => ward !== null || !isWardType(vct))
}

function isNumbered(name: unknown): boolean {
  return name === 'platform_number' || name === 'presence_at'
}

function asksFor({ credentials }: Query, name: string): boolean {
  return credentials
    .filter(isSdJwtQuery)
    .some(({ claims = [] }) => claims.some(({ path }) => path[0] === name))
}

/** Told to the citizen only. @returns why nothing here answers */
export async function unanswered(
  { store, clock, platforms, ward }: NeedsContext,
  { query }: PresentationRequest,
  { accredited, query: answerable }: Judgement,
): Promise<WalletError> {
  const isForNumber = answerable !== null && asksFor(answerable, 'platform_number')
  if (accredited !== null && isForNumber) {
    const [vct = NETWORK_CERTIFICATE] = typesToFetch(answerable, ward)
    const wish = { vct, ward: isWardType(vct) ? (ward?.id ?? null) : null }
    if ((await platforms.issuer(wish)) === null) return noGrant(wish)
  }
  const types = new Set(
    query.credentials.flatMap(({ meta }) => ('vct_values' in meta ? meta.vct_values : [])),
  )
  const batches = await store.batches(epochSeconds(clock()))
  const isUsedUp = batches.some(({ vct, remaining }) => types.has(vct) && remaining === 0)
  if (isUsedUp) return usedUp()
  return new WalletError(
    'query_unanswered',
    'nothing in this wallet may answer: it holds no such certificate, or the verifier, whom nobody ' +
      'accredited, asks for more than facts. The verifier was told no, without a reason.',
  )
}

function notPresent(presenceUri: string | null): WalletError {
  const where = presenceUri === null ? 'at its counter' : `at ${presenceUri}`
  return new WalletError(
    'presence_missing',
    'the issuer knows of no presence check of yours in the last quarter of an hour; go through one ' +
      `${where}, then open the request again. The verifier was told nothing.`,
  )
}
