import { epochSeconds } from '@netcert/credential'
import type { ClaimName } from './claim-labels.js'
import { openRecord, sealRecord } from './issuance-records.js'
import type { Vault } from './keys.js'
import { randomId } from './ledger.js'
import type { PlatformNote } from './ledger-entry.js'
import type { IssuanceStore } from './stores.js'
import type { ConsentDecision } from './vp-consent.js'
import type { RequestPreview } from './vp-preview.js'
import type { HeldWard } from './ward-records.js'

/** It says where somebody was: so long and no longer. */
const KEPT_SECONDS = 90 * 86_400
/** Newer ones take the place of older ones. */
const MOST_KEPT = 50

/** Why nothing was given: the citizen's own word, or the code of the rule that refused. */
export type RefusalReason = 'citizen' | (string & {})

/** A request that got nothing, as it is kept: by the names of claims, never by their values. */
export type RefusedRequestRecord = {
  /** What a registrar vouched for; null: nobody did. */
  readonly platform: Pick<PlatformNote, 'id' | 'name' | 'purpose'> | null
  /** Where the answer would have gone; null: to a gate, or to the page that asked. */
  readonly host: string | null
  /** What was asked for, as far as the citizen was shown it. */
  readonly claims: readonly ClaimName[]
  /** The child it was about; null: the citizen themselves, or nobody knows. */
  readonly ward: HeldWard | null
  readonly why: RefusalReason
}

/** Somebody asked, and nothing was given. */
export type RefusedRequest = RefusedRequestRecord & { readonly id: string; readonly askedAt: Date }

/** What noting it works with. */
export type RefusalContext = {
  readonly issuanceStore: IssuanceStore
  readonly vault: Vault
  readonly clock: () => Date
}

/** A question to the citizen about one request. */
type Asking<Preview> = (preview: Preview) => ConsentDecision | Promise<ConsentDecision>

/**
 * Answers; where nothing was given after the citizen was asked, notes on this device who asked for what.
 * It is no line of the ledger: that is about what was given, goes into files, and cannot be forgotten.
 *
 * @param options.countsIgnored - Whether a request without any answer was refused: at a gate it may be late.
 */
export async function notingRefusal<Preview extends RequestPreview, Answer>(
  context: RefusalContext,
  options: { readonly consent: Asking<Preview>; readonly countsIgnored: boolean },
  answer: (consent: Asking<Preview>) => Promise<Answer>,
): Promise<Answer> {
  const last: { preview: RequestPreview | null; decision: ConsentDecision | null } = {
    preview: null,
    decision: null,
  }
  const consent = async (preview: Preview) => {
    last.preview = preview
    last.decision = await options.consent(preview)
    return last.decision
  }
  try {
    return await answer(consent)
  } catch (error) {
    const isLate = last.decision === 'ignore' && !options.countsIgnored
    const why = last.preview === null ? null : reasonOf(error, last.preview)
    if (last.preview !== null && why !== null && !(why === 'citizen' && isLate)) {
      // A full disk must not hide why nothing was given.
      await keep(context, last.preview, why).catch(() => undefined)
    }
    throw error
  }
}

/** Null where something else went wrong: nothing was refused. */
function reasonOf(error: unknown, { state, withheld }: RequestPreview): RefusalReason | null {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code === 'consent_refused') return 'citizen'
  if (code === state) return state
  return code === 'query_unanswered' ? (withheld[0]?.code ?? null) : null
}

async function keep(
  { issuanceStore, vault, clock }: RefusalContext,
  preview: RequestPreview,
  why: RefusalReason,
): Promise<void> {
  const now = epochSeconds(clock())
  const { verifier, ward } = preview
  const { accredited, host } = verifier
  const platform =
    accredited === false
      ? null
      : { id: accredited.platformId, name: accredited.name, purpose: accredited.purpose }
  const content = { platform, host, claims: askedClaims(preview), ward, why }
  const times = { dueAt: now, expiresAt: now + KEPT_SECONDS }
  await issuanceStore.put(
    sealRecord(vault, { id: randomId(), kind: 'refused-request', content, ...times }),
  )
  const rows = await issuanceStore.list('refused-request')
  for (const { id } of rows.slice(0, -MOST_KEPT)) await issuanceStore.remove(id)
}

/** All that stood on the screen, each once. */
function askedClaims(preview: RequestPreview): readonly ClaimName[] {
  const { credentials, optional, identity, withheld } = preview
  const asked = [
    ...identity.map(({ path, label, class: kind }) => ({ path, label, class: kind })),
    ...[...credentials, ...optional].flatMap(({ claims }) => claims),
    ...withheld.flatMap(({ claim }) => (claim === null ? [] : [claim])),
  ]
  return [...new Map(asked.map((claim) => [claim.label['zh-CN'], claim])).values()]
}

/** What was refused, newest first; what is older than it is kept is left out. */
export async function refusedRequests({
  issuanceStore,
  vault,
  clock,
}: RefusalContext): Promise<readonly RefusedRequest[]> {
  const now = epochSeconds(clock())
  const rows = await issuanceStore.list('refused-request')
  return rows
    .filter(({ expires_at: end }) => end === null || end > now)
    .map((row) => ({
      ...openRecord(vault, 'refused-request', row),
      id: row.id,
      askedAt: new Date((row.due_at ?? 0) * 1000),
    }))
    .toReversed()
}

/** Forgets all of them. */
export async function forgetRefusedRequests({
  issuanceStore,
}: Pick<RefusalContext, 'issuanceStore'>): Promise<void> {
  for (const { id } of await issuanceStore.list('refused-request')) await issuanceStore.remove(id)
}
