import {
  type FreshnessPolicyDocument,
  freshnessPolicies as presets,
} from '@netcert/schemas/certificates'
import { STATUS_INVALID, STATUS_SUSPENDED, STATUS_VALID } from './status-list.js'

/** How old a word about validity may be, per door or query. Times in seconds. */
export type FreshnessPolicy = {
  readonly name: string
  /** How long past the ttl of its status list a certificate is still taken. */
  readonly graceSeconds: number
  /** How long past its `exp` a trust list still counts; at most seven days. */
  readonly trustListGraceSeconds: number
  /** Takes only certificates with a status. */
  readonly statusRequired: boolean
  /** Within the grace: `refuse`, `accept`, or `flag`: accept and show staff. */
  readonly stale: 'refuse' | 'accept' | 'flag'
}

const SEVEN_DAYS = 604_800

/** The presets of `schemas/freshness-policies.json`; `grace-24h` is the usual one. */
export const freshnessPolicies: Readonly<
  Record<'strict' | 'grace-24h' | 'flag-72h', FreshnessPolicy>
> = { strict: preset('strict'), 'grace-24h': preset('grace-24h'), 'flag-72h': preset('flag-72h') }

/**
 * Reads a policy that somebody wrote, of the form of `schemas/freshness-policy.schema.json`.
 *
 * @throws TypeError naming the first member that is wrong.
 */
export function parseFreshnessPolicy(value: unknown): FreshnessPolicy {
  if (typeof value !== 'object' || value === null) throw new TypeError('A policy is an object.')
  const policy = value as Readonly<Partial<Record<keyof FreshnessPolicyDocument, unknown>>>
  const { name, grace_seconds: grace, trust_list_grace_seconds: trustGrace, stale } = policy
  if (typeof name !== 'string' || !/^[a-z0-9][a-z0-9-]{0,63}$/u.test(name)) throw wrong('name')
  if (!isGrace(grace)) throw wrong('grace_seconds')
  if (!isGrace(trustGrace)) throw wrong('trust_list_grace_seconds')
  if (typeof policy.status_required !== 'boolean') throw wrong('status_required')
  if (stale !== 'refuse' && stale !== 'accept' && stale !== 'flag') throw wrong('stale')
  if (Object.keys(value).length !== 5) throw wrong('a member that is not known')
  return {
    name,
    graceSeconds: grace,
    trustListGraceSeconds: trustGrace,
    statusRequired: policy.status_required,
    stale,
  }
}

export type Verdict = 'valid' | 'valid_stale' | 'suspended' | 'revoked' | 'expired' | 'unknown'

/** Why a verdict is what it is. */
export type FreshnessReason =
  | 'fresh'
  | 'no_status'
  | 'within_grace'
  | 'suspended'
  | 'revoked'
  | 'certificate_expired'
  | 'clock_behind'
  | 'status_required'
  | 'status_list_missing'
  | 'status_list_expired'
  | 'status_list_stale'
  | 'status_not_understood'

export type Freshness = {
  readonly verdict: Verdict
  readonly reason: FreshnessReason
  /** When it was last known to be valid: the later of the list's and the certificate's `iat`. */
  readonly asOf: Date
  /** From `asOf` to now, never negative. */
  readonly ageSeconds: number
  /** The policy takes it, but a person should look. */
  readonly showStaff: boolean
}

/** What is known from a status list about one certificate. Times in seconds since 1970. */
export type StatusEvidence = {
  readonly status: number
  readonly issuedAt: number
  readonly expiresAt: number
  readonly ttlSeconds: number
}

export type DecideFreshnessOptions = {
  readonly policy: FreshnessPolicy
  /** Seconds since 1970, as everything here. */
  readonly now: number
  /** Newest `iat` among the verified lists: a clock before it is wrong. */
  readonly timeFloor: number
  readonly issuedAt: number
  readonly expiresAt: number
  /** `none`: the certificate has no status; `missing`: it has, but its list is not at hand. */
  readonly evidence: StatusEvidence | 'none' | 'missing'
}

/**
 * Decides how far the word about a certificate can be trusted. What speaks against it counts first
 * and at any age: expiry, then revocation, which never clears. Then nothing good can be said with a
 * wrong clock, without a list, or by a list past its end.
 */
export function decideFreshness(options: DecideFreshnessOptions): Freshness {
  const { policy, now, issuedAt, evidence } = options
  const listed = typeof evidence === 'object'
  const asOf = listed ? Math.max(evidence.issuedAt, issuedAt) : issuedAt
  const ageSeconds = Math.max(0, now - asOf)
  const [verdict, reason] = judge(options, ageSeconds)
  return {
    verdict,
    reason,
    asOf: new Date(asOf * 1000),
    ageSeconds,
    showStaff: verdict === 'valid_stale' && policy.stale === 'flag',
  }
}

function judge(
  options: DecideFreshnessOptions,
  ageSeconds: number,
): readonly [Verdict, FreshnessReason] {
  const { policy, now, evidence } = options
  const status = typeof evidence === 'object' ? evidence.status : STATUS_VALID
  if (now >= options.expiresAt) return ['expired', 'certificate_expired']
  if (status === STATUS_INVALID) return ['revoked', 'revoked']
  if (now < options.timeFloor) return ['unknown', 'clock_behind']
  if (evidence === 'none') {
    return policy.statusRequired ? ['unknown', 'status_required'] : ['valid', 'no_status']
  }
  if (evidence === 'missing') return ['unknown', 'status_list_missing']
  if (now >= evidence.expiresAt) return ['unknown', 'status_list_expired']
  if (status === STATUS_SUSPENDED) return ['suspended', 'suspended']
  if (status !== STATUS_VALID) return ['unknown', 'status_not_understood']
  if (ageSeconds <= evidence.ttlSeconds) return ['valid', 'fresh']
  if (policy.stale !== 'refuse' && ageSeconds <= evidence.ttlSeconds + policy.graceSeconds) {
    return ['valid_stale', 'within_grace']
  }
  return ['unknown', 'status_list_stale']
}

function preset(name: string): FreshnessPolicy {
  return parseFreshnessPolicy(presets.find((policy) => policy.name === name))
}

function isGrace(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= SEVEN_DAYS
}

function wrong(member: string): TypeError {
  return new TypeError(
    `The freshness policy is wrong: ${member}. See freshness-policy.schema.json.`,
  )
}
