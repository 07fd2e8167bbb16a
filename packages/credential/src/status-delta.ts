import { hashBase64Url } from '@netcert/credential/crypto'
import type { SignatureAlgorithm } from './algorithms.js'
import { type CertifiedSigner, keyHeaderOf } from './certified-signer.js'
import { epochSeconds } from './epoch-seconds.js'
import { CredentialError } from './errors.js'
import { memberOf } from './json.js'
import { createJws, parseJws, type UnverifiedJwt } from './jws.js'
import type { Signer } from './signer.js'
import {
  applyStatusChanges,
  type ChangedStatusList,
  encodeStatusChanges,
  malformed,
} from './status-changes.js'
import type { StatusList } from './status-list.js'
import {
  type StatusSigner,
  type StatusTokenLimits,
  verifyStatusSigner,
} from './status-list-token.js'
import { readStatusClaims, type StatusTokenClaims } from './status-token-claims.js'

/** `typ` of a status delta. */
export const STATUS_DELTA_TYP = 'netcert-status-delta+jwt'

export type CreateStatusDeltaOptions = {
  /** The list's address, `sub`. */
  readonly uri: string
  /** The state the receiver has. */
  readonly before: StatusList
  /** The state of the new version: same width, same size. */
  readonly after: StatusList
  readonly signer: Signer | CertifiedSigner
  /** Times and ttl of the new version, so that both ways to it lead to the same. */
  readonly issuedAt: Date
  readonly expiresAt: Date
  readonly ttlSeconds: number
}

/**
 * Signs what changed in a status list, for a receiver who has the version before.
 *
 * @throws CredentialError `status_delta_malformed` for two lists of another width or size; TypeError
 * for a life-time or ttl that is not positive
 * @see docs/formats/offline-pack.md, Status deltas
 */
export async function createStatusDelta(options: CreateStatusDeltaOptions): Promise<string> {
  const { uri, before, after, signer, ttlSeconds } = options
  const iat = epochSeconds(options.issuedAt)
  const exp = epochSeconds(options.expiresAt)
  if (!(exp > iat) || !(ttlSeconds > 0)) throw new TypeError('A status delta needs a life-time.')
  return createJws({
    header: { typ: STATUS_DELTA_TYP, ...keyHeaderOf(signer) },
    payload: {
      ...{ sub: uri, iat, exp, ttl: ttlSeconds, bits: after.bits },
      base: statusListDigest(before),
      result: statusListDigest(after),
      changes: encodeStatusChanges(before, after),
    },
    signer,
  })
}

/** What a delta is measured by: SHA-256 of a list's inflated bytes, base64url. */
export function statusListDigest({ bytes }: StatusList): string {
  return hashBase64Url('sha-256', bytes)
}

/** A delta whose signature was verified, and nothing of its changes looked at. */
export type StatusDelta = StatusTokenClaims & {
  readonly bits: number
  readonly base: string
  readonly result: string
  readonly changes: string
}

/**
 * Takes a delta apart without trusting it: size, form, `typ`. Who signed is looked up by its header.
 *
 * @throws CredentialError `too_large`, `typ_mismatch`, or as `parseJws`
 */
export function parseStatusDelta(
  text: string,
  algorithms: readonly SignatureAlgorithm[],
  limits: StatusTokenLimits,
): UnverifiedJwt {
  if (text.length > limits.maxTokenBytes) {
    throw new CredentialError(
      'too_large',
      `The status delta is longer than ${limits.maxTokenBytes} bytes: take the whole list instead.`,
    )
  }
  const jwt = parseJws(text, { algorithms, maxDepth: limits.maxDepth })
  if (jwt.header['typ'] === STATUS_DELTA_TYP) return jwt
  throw new CredentialError('typ_mismatch', `A status delta has typ ${STATUS_DELTA_TYP}.`)
}

/**
 * Checks the signature of a parsed delta by one of the keys that may sign it, then reads its members.
 * Time is not looked at.
 *
 * @throws CredentialError `status_issuer_untrusted`, `bad_signature`, `alg_key_mismatch`,
 * `status_token_claim_missing`, `time_malformed`, `status_ttl_malformed`, `status_delta_malformed`
 */
export async function verifyStatusDelta(
  jwt: UnverifiedJwt,
  signers: readonly StatusSigner[],
): Promise<StatusDelta> {
  await verifyStatusSigner(jwt, signers)
  const { payload } = jwt
  const bits = memberOf(payload, 'bits')
  const changes = memberOf(payload, 'changes')
  if (bits !== 1 && bits !== 2) throw malformed('bits is neither 1 nor 2')
  if (typeof changes !== 'string') throw malformed('changes is not a string')
  const base = digestOf(memberOf(payload, 'base'))
  const result = digestOf(memberOf(payload, 'result'))
  return { ...readStatusClaims(payload), bits, base, result, changes }
}

/**
 * The new version of a list: the one before with the changes of a delta made. What comes out is known
 * by its hash, so a delta leads to the state its issuer signed or nowhere; the hash of the list before is
 * looked at only to say what is wrong, because hashing is most of the work.
 *
 * @throws CredentialError `status_delta_base` when the list is not the one the delta begins at,
 * `status_delta_result` when the changes lead elsewhere than it says, `status_delta_malformed`,
 * `bad_base64url`
 */
export function applyStatusDelta(before: StatusList, delta: StatusDelta): StatusList {
  return changeByDelta(before, delta).list
}

/**
 * `applyStatusDelta`, and whether it took a revocation back.
 *
 * @throws CredentialError as `applyStatusDelta`
 */
export function changeByDelta(before: StatusList, delta: StatusDelta): ChangedStatusList {
  if (before.bits !== delta.bits) throw otherBase()
  const after = changed(before, delta)
  if (statusListDigest(after.list) === delta.result) return after
  assertBase(before, delta)
  throw new CredentialError(
    'status_delta_result',
    'The status delta leads to another list than it says: take the whole list.',
  )
}

function changed(before: StatusList, delta: StatusDelta): ChangedStatusList {
  try {
    return applyStatusChanges(before, delta.changes)
  } catch (error) {
    // Changes to another list can look like none, or lie beyond it.
    assertBase(before, delta)
    throw error
  }
}

function assertBase(before: StatusList, delta: StatusDelta): void {
  if (statusListDigest(before) !== delta.base) throw otherBase()
}

function otherBase(): CredentialError {
  return new CredentialError(
    'status_delta_base',
    'The status delta is for another version of the list than the one at hand: take the whole list.',
  )
}

function digestOf(value: unknown): string {
  if (typeof value === 'string' && /^[\w-]{43}$/u.test(value)) return value
  throw malformed('base or result is no hash')
}
