import {
  type ClaimName,
  claimName,
  type Deletion,
  type Disclosure,
  type PlatformNote,
} from '@netcert/wallet/rules'

/** Whether somebody may still have it: they may, its time is over, or they proved that it is gone. */
export type KeptState = 'kept' | 'over' | 'deleted'

/** Something that somebody got. */
export type KnownClaim = {
  /** The same for the same thing, whichever certificate it came from. */
  readonly key: string
  readonly claim: ClaimName
  readonly times: number
  readonly last: Date
  readonly state: KeptState
}

/** Somebody who got something, about the citizen or about one child. */
export type Party = {
  readonly key: string
  /** Null: nobody accredited them. */
  readonly platform: PlatformNote | null
  readonly audience: string
  readonly ward: Disclosure['ward']
  readonly times: number
  readonly last: Date
  readonly claims: readonly KnownClaim[]
  /** The last word on asking them to delete. */
  readonly deletion: Deletion | null
}

/** Names somebody, so that what they got together is together. */
export function partyKey(
  who: Pick<Disclosure, 'audience'> & {
    readonly platformId: string | null
    readonly ward: string | null
  },
): string {
  return JSON.stringify([who.platformId ?? who.audience, who.platformId !== null, who.ward])
}

/** Who got what, whoever got something last first. What says nothing about a person is left out. */
export function whoKnows(
  disclosures: readonly Disclosure[],
  deletions: readonly Deletion[],
  now: Date,
): readonly Party[] {
  const groups = new Map<string, Disclosure[]>()
  for (const one of newestFirst(disclosures)) {
    const key = keyOf(one)
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups].flatMap(([key, group]) => partyOf(key, group, { deletions, now }))
}

function partyOf(
  key: string,
  group: readonly Disclosure[],
  known: { readonly deletions: readonly Deletion[]; readonly now: Date },
): readonly Party[] {
  const [newest] = group
  if (newest === undefined) return []
  const { platform, audience, ward, disclosedAt: last } = newest
  const deletion = platform === null ? null : deletionAt(platform, ward, known.deletions)
  const claims = claimsOf(group, deletion, known.now)
  return [{ key, platform, audience, ward, times: group.length, last, claims, deletion }]
}

function deletionAt(
  { id }: PlatformNote,
  ward: Disclosure['ward'],
  deletions: readonly Deletion[],
): Deletion | null {
  const isIts = (it: Deletion) =>
    it.platformId === id && (it.ward?.id ?? null) === (ward?.id ?? null)
  return deletions.find(isIts) ?? null
}

function claimsOf(
  group: readonly Disclosure[],
  deletion: Deletion | null,
  now: Date,
): readonly KnownClaim[] {
  const found = new Map<string, KnownClaim>()
  for (const one of group) {
    for (const path of one.claims) {
      const claim = claimName(one.vct, path)
      if (claim.class === 'technical') continue
      const key = `${claim.class} ${claim.label['zh-CN']}`
      const before = found.get(key)
      // Newest first: the first that is met says how it stands.
      const { times, last, state } = before ?? {
        ...{ times: 0, last: one.disclosedAt, state: stateOf(one, deletion, now) },
      }
      found.set(key, { key, claim, times: times + 1, last, state })
    }
  }
  return [...found.values()].toSorted(byClass)
}

function stateOf(
  { platform, disclosedAt }: Disclosure,
  deletion: Deletion | null,
  now: Date,
): KeptState {
  if (deletion?.state === 'deleted' && deletion.requestedAt >= disclosedAt) return 'deleted'
  return platform !== null && platform.until * 1000 < now.getTime() ? 'over' : 'kept'
}

const CLASSES: readonly ClaimName['class'][] = ['identity', 'number', 'fact', 'technical']

/** What says most comes first. */
export function byClass(a: Pick<KnownClaim, 'claim'>, b: Pick<KnownClaim, 'claim'>): number {
  return CLASSES.indexOf(a.claim.class) - CLASSES.indexOf(b.claim.class)
}

function newestFirst(disclosures: readonly Disclosure[]): readonly Disclosure[] {
  return disclosures.toSorted((a, b) => b.disclosedAt.getTime() - a.disclosedAt.getTime())
}

function keyOf({ platform, audience, ward }: Disclosure): string {
  return partyKey({ audience, platformId: platform?.id ?? null, ward: ward?.id ?? null })
}
