import type {
  ClaimClass,
  Freshness,
  JsonObject,
  JsonValue,
  VerifiedPresentation,
} from '@netcert/credential'
import { certificateTypes, claimClass } from '@netcert/credential'

/** How sure it is that a real person stands behind the certificate (claim `real_person`). */
export type Assurance = 'document' | 'document+face' | 'document+face+presence'

/** The person's own certificate, or a guardian's for a child. Part of every account key. */
export type Role = 'self' | 'guardian'

/**
 * What a platform's code gets. It always means yes: what was refused is thrown, so there is no
 * result that carries claims and says no.
 */
export type VerificationResult = {
  readonly verified: true
  /** `other`: the platform checked by its own means, see {@link verifiedByOtherMeans}. */
  readonly means: 'certificate' | 'other'
  /** DID of the issuer, or the platform's own name for its other means. */
  readonly issuer: string
  readonly role: Role
  /** The number that stands for the person at this platform; together with `issuer` and `role` an account key. */
  readonly platformNumber?: string
  /** The network number, only where the query asked for it. */
  readonly networkNumber?: string
  /** null: the query did not ask for `real_person`. */
  readonly assurance: Assurance | null
  /** Claims of class fact that the query asked for, nested as in the certificate. */
  readonly facts: JsonObject
  /** Plaintext claims of class identity that the query asked for; keep them only as long as the law says. */
  readonly identity?: JsonObject
  readonly freshness: ResultFreshness
}

/** How old the evidence is that the certificate has not been revoked. */
export type ResultFreshness = {
  /** `valid_stale`: accepted under the policy's grace; show it to staff where the policy says so. */
  readonly verdict: 'valid' | 'valid_stale'
  /** `checked_otherwise`: the platform saw to it by its own means. */
  readonly reason: 'fresh' | 'no_status' | 'within_grace' | 'checked_otherwise'
  readonly asOf: Date
  readonly ageSeconds: number
  /** The policy takes it, but a person should look. */
  readonly showStaff: boolean
}

/** Turns a verified presentation into a result, by the class each claim has in its type metadata. */
export function resultOf(verified: VerifiedPresentation): VerificationResult {
  const claims = sortByClass(verified)
  const networkNumber = claims.number['network_number']
  const assurance = assuranceOf(claims.fact['real_person'])
  return {
    verified: true,
    means: 'certificate',
    issuer: verified.issuer,
    role: verified.role,
    ...(verified.platformNumber === null ? {} : { platformNumber: verified.platformNumber }),
    ...(typeof networkNumber === 'string' ? { networkNumber } : {}),
    assurance,
    facts: claims.fact,
    ...(Object.keys(claims.identity).length > 0 ? { identity: claims.identity } : {}),
    freshness: {
      ...takenAs(verified.freshness),
      asOf: verified.freshness.asOf,
      ageSeconds: verified.freshness.ageSeconds,
      showStaff: verified.freshness.showStaff,
    },
  }
}

/** What was not refused is one of these three. */
function takenAs({ reason }: Freshness): Pick<ResultFreshness, 'verdict' | 'reason'> {
  if (reason === 'within_grace') return { verdict: 'valid_stale', reason }
  return { verdict: 'valid', reason: reason === 'no_status' ? reason : 'fresh' }
}

/** Options of {@link verifiedByOtherMeans}. */
export type OtherMeansOptions = {
  /** The platform's name for who checked, for example `https://shop.example/counter`. */
  readonly checkedBy: string
  readonly role: Role
  readonly assurance: Assurance | null
  readonly facts: JsonObject
  readonly platformNumber?: string
  readonly checkedAt: Date
  readonly now: Date
}

/**
 * The same result for a person the platform verified by other means. The certificate is voluntary:
 * whoever has none gets equal service, through the same code.
 */
export function verifiedByOtherMeans(options: OtherMeansOptions): VerificationResult {
  const { checkedBy, role, assurance, facts, platformNumber, checkedAt, now } = options
  if (checkedAt > now) throw new TypeError('checkedAt lies in the future')
  return {
    verified: true,
    means: 'other',
    issuer: checkedBy,
    role,
    ...(platformNumber === undefined ? {} : { platformNumber }),
    assurance,
    facts,
    freshness: {
      verdict: 'valid',
      reason: 'checked_otherwise',
      asOf: checkedAt,
      ageSeconds: Math.floor((now.getTime() - checkedAt.getTime()) / 1000),
      showStaff: false,
    },
  }
}

type ClaimsByClass = Record<ClaimClass, Record<string, JsonValue>>

/** Objects are split down to their leaves, so that a member of a stricter class never slips along. */
function sortByClass({ vct, claims }: VerifiedPresentation): ClaimsByClass {
  const type = certificateTypes.get(vct)
  const sorted: ClaimsByClass = {
    number: {},
    fact: {},
    identity: {},
    technical: {},
  }
  function sort(members: JsonObject, parents: readonly string[]): void {
    for (const [name, value] of Object.entries(members)) {
      const path = [...parents, name]
      if (isObject(value) && Object.keys(value).length > 0) sort(value, path)
      else place(sorted[type === undefined ? 'identity' : claimClass(type, path)], path, value)
    }
  }
  sort(claims, [])
  return sorted
}

function place(target: Record<string, JsonValue>, path: readonly string[], value: JsonValue): void {
  let object = target
  for (const name of path.slice(0, -1)) {
    const known = Object.hasOwn(object, name) ? object[name] : undefined
    const next: Record<string, JsonValue> = isObject(known) ? known : {}
    setOwn(object, name, next)
    object = next
  }
  const last = path.at(-1)
  if (last !== undefined) setOwn(object, last, value)
}

/** Not an assignment: a claim called `__proto__` is a claim like any other. */
function setOwn(object: Record<string, JsonValue>, name: string, value: JsonValue): void {
  Object.defineProperty(object, name, {
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  })
}

function assuranceOf(value: JsonValue | undefined): Assurance | null {
  return value === 'document' || value === 'document+face' || value === 'document+face+presence'
    ? value
    : null
}

function isObject(value: JsonValue | undefined): value is Record<string, JsonValue> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
