import { GATE_PASS, GUARDIANSHIP, NETWORK_CERTIFICATE, WARD_CERTIFICATE } from '@netcert/credential'
import { IssuerError } from './issuer-error.js'

/** For one use each, or one copy that goes to the same platform again and again. */
export type CopyKind = 'one-time' | 'platform'

/** What one batch of a type is: how many copies, for how long, with a status or without. */
export type CopyPolicy = {
  readonly vct: string
  readonly kind: CopyKind
  readonly copies: number
  readonly lifetimeSeconds: number
  /** Without a status the lifetime is the bound. */
  readonly status: boolean
  /** Whom it is about: their age in full years on the day of minting. */
  readonly ages: { readonly from: number; readonly to: number }
  /** Whose keys it is bound to. */
  readonly holder: 'person' | 'guardian'
}

const HOUR = 3600
const DAY = 24 * HOUR
const ANY_AGE_OF_OWN_CERTIFICATE = { from: 14, to: Number.POSITIVE_INFINITY }

export const COPY_POLICIES: readonly CopyPolicy[] = [
  {
    vct: NETWORK_CERTIFICATE,
    kind: 'one-time',
    copies: 10,
    lifetimeSeconds: 7 * DAY,
    status: false,
    ages: ANY_AGE_OF_OWN_CERTIFICATE,
    holder: 'person',
  },
  {
    vct: NETWORK_CERTIFICATE,
    kind: 'platform',
    copies: 1,
    lifetimeSeconds: 30 * DAY,
    status: true,
    ages: ANY_AGE_OF_OWN_CERTIFICATE,
    holder: 'person',
  },
  {
    vct: GATE_PASS,
    kind: 'one-time',
    copies: 8,
    lifetimeSeconds: 72 * HOUR,
    status: false,
    ages: ANY_AGE_OF_OWN_CERTIFICATE,
    holder: 'person',
  },
  {
    vct: WARD_CERTIFICATE,
    kind: 'platform',
    copies: 1,
    lifetimeSeconds: 30 * DAY,
    status: true,
    ages: { from: 0, to: 13 },
    holder: 'guardian',
  },
  {
    vct: GUARDIANSHIP,
    kind: 'one-time',
    copies: 1,
    lifetimeSeconds: 72 * HOUR,
    status: false,
    ages: { from: 14, to: 17 },
    holder: 'guardian',
  },
]

/**
 * The policy of one batch.
 *
 * @throws IssuerError `type_unknown` for a `vct` we do not mint, `copies_not_offered` for a kind
 *   of copies that type has not.
 */
export function copyPolicy(vct: string, kind: CopyKind): CopyPolicy {
  const ofType = COPY_POLICIES.filter((policy) => policy.vct === vct)
  if (ofType.length === 0) {
    throw new IssuerError('type_unknown', 'This issuer mints no certificate of that type.')
  }
  const policy = ofType.find((candidate) => candidate.kind === kind)
  if (policy === undefined) {
    const offered = ofType.map((candidate) => candidate.kind).join(', ')
    throw new IssuerError(
      'copies_not_offered',
      `That type is not minted as ${kind} copies; ask for: ${offered}.`,
    )
  }
  return policy
}
