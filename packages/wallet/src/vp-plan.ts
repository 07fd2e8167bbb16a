import { certificateTypes, type ClaimPath, claimClass } from '@netcert/credential'
import {
  type CredentialAnswers,
  chooseCredentials,
  matchCredentials,
  type Query,
} from '@netcert/protocol'
import { claimName, strictestClass } from './claim-labels.js'
import type { ClaimName } from './claim-labels.js'
import type { CopyCandidate } from './copy-choice.js'
import { leastRevealingFirst } from './copy-choice.js'
import { type Candidate, isVisibleClaim } from './vp-candidates.js'

/** One presentation that is to be made. */
export type PlannedPresentation = CopyCandidate & {
  /** The `id` of the credential query it answers. */
  readonly id: string
  readonly candidate: Candidate
  readonly claims: readonly ClaimName[]
}

/** What would answer a query: the least, and what the verifier would like besides. */
export type PresentationPlan = {
  readonly required: readonly PlannedPresentation[]
  readonly optional: readonly PlannedPresentation[]
}

/** With `multiple`, so many certificates of one kind at most. */
const MOST_OF_ONE_KIND = 8

/** Whether a claim may be shown to whoever asks. */
export type MayShow = (vct: string, path: ClaimPath) => boolean

/**
 * A verifier without an accreditation gets facts only: no number, no identity claim
 * (formats §4). An unknown claim counts as identity.
 */
export function isFact(vct: string, path: ClaimPath): boolean {
  if (isVisibleClaim(path)) return true
  const type = certificateTypes.get(vct)
  const found = type === undefined ? 'identity' : claimClass(type, path)
  return found === 'fact' || found === 'technical'
}

/**
 * Plans the least revealing answer to a query.
 *
 * @returns null when the wallet cannot answer it whole.
 */
export function planPresentations(
  query: Query,
  candidates: readonly Candidate[],
  mayShow: MayShow = isFact,
): PresentationPlan | null {
  const ranked = new Map(
    Array.from(matchCredentials(query, candidates, mayShow), ([id, answers]) => [
      id,
      rank(answers),
    ]),
  )
  const assign = (ids: readonly string[]) => assignCopies(ids, ranked)
  const choice = chooseCredentials(query, (ids) => assign(ids) !== null)
  if (choice === null) return null
  const all = assign([...choice.required, ...choice.optional]) ?? []
  const isRequired = ({ id }: PlannedPresentation) => choice.required.includes(id)
  return {
    required: all.filter(isRequired),
    optional: all.filter((planned) => !isRequired(planned)),
  }
}

/** How one credential query may be answered, least revealing first. */
type Ranked = { readonly multiple: boolean; readonly choices: readonly PlannedPresentation[] }

function rank({ credential, position, matches }: CredentialAnswers<Candidate>): Ranked {
  const planned = matches.map(({ held: candidate, paths: asked }) => {
    const paths = asked.filter((path) => !isVisibleClaim(path))
    const { batch, ownOfAudience } = candidate
    const claims = paths.map((path) => claimName(batch.vct, path))
    return {
      id: credential.id,
      candidate,
      claims,
      paths,
      ownOfAudience,
      kind: batch.kind,
      reveals: strictestClass(claims),
      preference: position,
      expiresAt: new Date(batch.expires_at * 1000),
    }
  })
  const choices = leastRevealingFirst(planned)
  return credential.multiple === true
    ? { multiple: true, choices: distinct(choices).slice(0, MOST_OF_ONE_KIND) }
    : { multiple: false, choices }
}

/** Two certificates that would show the same are one answer, not two. */
function distinct(planned: readonly PlannedPresentation[]): readonly PlannedPresentation[] {
  const seen = new Set<string>()
  return planned.filter((one) => {
    const shown = JSON.stringify([one.candidate.held.issuer, one.candidate.vct, valuesOf(one)])
    if (seen.has(shown)) return false
    seen.add(shown)
    return true
  })
}

function valuesOf({ paths, candidate }: PlannedPresentation) {
  return paths.map((path) => {
    const spelled = JSON.stringify(path)
    return candidate.claims.find((claim) => JSON.stringify(claim.path) === spelled)?.value ?? null
  })
}

/** Gives each credential query its copies, none of them twice; null when they do not suffice. */
function assignCopies(
  ids: readonly string[],
  ranked: ReadonlyMap<string, Ranked>,
): readonly PlannedPresentation[] | null {
  const left = new Map<string, number>()
  const take = ({ candidate: { batch } }: PlannedPresentation): boolean => {
    if (batch.kind === 'platform') return true
    const remaining = left.get(batch.id) ?? batch.remaining
    left.set(batch.id, remaining - 1)
    return remaining > 0
  }
  const assigned: PlannedPresentation[] = []
  // The query with the fewest answers chooses first.
  const count = (id: string) => ranked.get(id)?.choices.length ?? 0
  for (const id of ids.toSorted((a, b) => count(a) - count(b))) {
    const { multiple, choices } = ranked.get(id) ?? { multiple: false, choices: [] }
    const first = multiple ? undefined : choices.find(take)
    const taken = multiple ? choices.filter(take) : first === undefined ? [] : [first]
    if (taken.length === 0) return null
    assigned.push(...taken)
  }
  return assigned.toSorted((a, b) => a.preference - b.preference)
}
