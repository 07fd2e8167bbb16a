import { decodeTextBase64Url, epochSeconds, memberOf, parseJsonObject } from '@netcert/credential'
import type { HeldCredential } from '@netcert/credential/holder'
import { authorityKeyIdsOf, type HeldCopy, isSdJwtQuery, type Query } from '@netcert/protocol'
import { audienceTag, holdingTag } from './ledger.js'
import { openCopy, type StoredCopy } from './received-copies.js'
import { isAboutMinor, isIdentity } from './vp-subject.js'
import { isWardType } from './ward-records.js'
import type { BatchSummary, CopyRow, WalletStore } from './stores.js'
import type { Vault } from './keys.js'

/** Platforms ask for checks that are minutes old. */
const FRESH_PRESENCE_SECONDS = 300
const JUST_FETCHED_SECONDS = 60

/** One certificate of the wallet that may be shown to an audience, by any one of its copies. */
export type Candidate = HeldCopy & {
  readonly batch: BatchSummary
  readonly copy: CopyRow
  readonly held: StoredCopy
  readonly ownOfAudience: boolean
}

/** Claims that everybody sees in a certificate anyway; asking for them costs no disclosure. */
const visibleClaims = ['iss', 'vct', 'iat', 'exp'] as const

/** Whether a claim is visible without being disclosed. */
export function isVisibleClaim(path: HeldCopy['claims'][number]['path']): boolean {
  return path.length === 1 && visibleClaims.some((name) => name === path[0])
}

/** For whom a copy is looked for. */
export type CandidateQuestion = {
  readonly query: Query
  readonly audience: string
  /** The accredited platform: its own numbered copy counts; null for a verifier nobody accredited. */
  readonly platformId: string | null
  /** The child it is about; null: the citizen. */
  readonly ward: string | null
  /** Who a minor is in plain words counts as not held: no law demands it. */
  readonly shieldsMinors: boolean
}

/** The certificates of a type that a query asks for, of which a copy is left for this audience. */
export async function findCandidates(
  { store, vault }: { readonly store: WalletStore; readonly vault: Vault },
  { query, audience, platformId, ward, shieldsMinors }: CandidateQuestion,
  now: Date,
): Promise<readonly Candidate[]> {
  const asked = query.credentials.filter(isSdJwtQuery)
  const types = new Set(asked.flatMap(({ meta }) => meta.vct_values))
  const byAuthority = asked.some((credential) => credential.trusted_authorities !== undefined)
  const candidates: Candidate[] = []
  for (const batch of await store.batches(epochSeconds(now))) {
    const isOurs = batch.ward_id === (isWardType(batch.vct) ? ward : null)
    if (!isOurs || !types.has(batch.vct)) continue
    const copy = await store.anyCopyOf(batch.id, epochSeconds(now))
    if (copy === undefined) continue
    const { ward_id } = batch
    const own = platformId === null ? null : holdingTag(vault, { platformId, ward: ward_id })
    const ownOfAudience =
      copy.audience_tag !== null && [own, audienceTag(vault, audience)].includes(copy.audience_tag)
    // A platform copy that another platform knows would link the two.
    if (copy.audience_tag !== null && !ownOfAudience) continue
    const held = openCopy(vault, copy)
    const authorityKeyIds = byAuthority ? await authoritiesOf(held) : []
    const isShielded = shieldsMinors && isAboutMinor(held)
    const claims = claimsOf(held).filter(
      (claim) => isCurrent(claim, batch, now) && !(isShielded && isNaming(held, claim)),
    )
    const { vct } = held
    candidates.push({ vct, claims, authorityKeyIds, batch, copy, held, ownOfAudience })
  }
  return candidates
}

function isNaming({ vct }: StoredCopy, { path }: HeldCopy['claims'][number]): boolean {
  return !isVisibleClaim(path) && isIdentity(vct, path)
}

/** A check that is not fresh is no answer to who asks for one: as if it were not held. */
function isCurrent(
  { path, value }: HeldCopy['claims'][number],
  { received_at: received }: BatchSummary,
  now: Date,
): boolean {
  if (path[0] !== 'presence_at') return true
  const at = epochSeconds(now)
  const checkedAt = typeof value === 'number' ? value : 0
  // A copy that was fetched for this very answer is as fresh as there is any.
  return at - checkedAt <= FRESH_PRESENCE_SECONDS || at - received <= JUST_FETCHED_SECONDS
}

function claimsOf({
  claims,
  issuer,
  vct,
  issuedAt,
  expiresAt,
}: HeldCredential): HeldCopy['claims'] {
  const visible = {
    iss: issuer,
    vct,
    iat: epochSeconds(issuedAt),
    exp: epochSeconds(expiresAt),
  }
  return [...claims, ...visibleClaims.map((name) => ({ path: [name], value: visible[name] }))]
}

async function authoritiesOf({ jwt }: HeldCredential): Promise<readonly string[]> {
  const header = parseJsonObject(decodeTextBase64Url(jwt.slice(0, jwt.indexOf('.'))), {
    maxDepth: 8,
  })
  const x5c = memberOf(header, 'x5c')
  return x5c === undefined ? [] : authorityKeyIdsOf(x5c)
}
