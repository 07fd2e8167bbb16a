import { ECDH } from 'node:crypto'
import {
  certificateType,
  type CertificateType,
  epochSeconds,
  type JsonObject,
} from '@netcert/credential'
import type { CopyPolicy } from './copy-policy.js'
import type { Enrolled, EnrolledReader } from './enrolment.js'
import { IssuerError } from './issuer-error.js'
import { PRESENCE_SECONDS } from './presence.js'
import type { PresenceStore } from './presence-store.js'

/** What one copy says beyond the person: their number at a platform, and that they were there. */
export type PlatformCopyClaims = {
  /** `platform_number` for a blinded point, `presence_at` and `real_person` after a check. */
  claimsOf(copy: NumberedCopy): Promise<JsonObject>
  /** The copy is signed: the check that went into it is forgotten. */
  signed(batch: string): Promise<void>
}

export type NumberedCopy = {
  readonly batch: string
  readonly policy: CopyPolicy
  readonly enrolled: Enrolled
  /** The wallet's blinded point; `null` for a copy without a number. */
  readonly blinded: string | null
}

export type PlatformCopyParts = {
  readonly enrolment: Pick<EnrolledReader, 'numberSalt'>
  readonly presence: PresenceStore
  /** The key of all platform numbers. */
  readonly key: () => Promise<Uint8Array>
  readonly clock: () => Date
}

/** What only a copy for one platform says: its number and a presence check of a moment ago. */
export function createPlatformCopyClaims(parts: PlatformCopyParts): PlatformCopyClaims {
  return {
    claimsOf: async (copy) => ({
      ...(await numberClaim(parts, copy)),
      ...(await presenceClaims(parts, copy)),
    }),
    signed: (batch) => parts.presence.deleteUsed(batch),
  }
}

/**
 * Judges a blinded point before anything is planned for it: a point of P-256, compressed, in
 * canonical base64url. Every such point is some number of some platform: it says nothing.
 *
 * @throws IssuerError `platform_number_not_offered`, `platform_number_malformed`.
 */
export function assertBlinded(policy: CopyPolicy, blinded: unknown): string {
  const type = certificateType(policy.vct)
  if (policy.copies !== 1 || !hasClaim(type, 'platform_number')) {
    throw new IssuerError(
      'platform_number_not_offered',
      'Only a copy for one platform carries a platform number; ask for such a copy, or without the number.',
    )
  }
  if (typeof blinded === 'string' && isPoint(blinded)) return blinded
  throw new IssuerError(
    'platform_number_malformed',
    'platform_number_blinded is not a compressed point of P-256 in 44 base64url characters; blind anew.',
  )
}

function isPoint(text: string): boolean {
  if (!/^[\w-]{44}$/.test(text)) return false
  const bytes = Buffer.from(text, 'base64url')
  try {
    // Refuses what is off the curve; 33 bytes cannot be the identity.
    const point = ECDH.convertKey(bytes, 'prime256v1', undefined, undefined, 'compressed')
    return Buffer.isBuffer(point) && point.equals(bytes)
  } catch {
    return false
  }
}

async function numberClaim(
  { enrolment, key }: PlatformCopyParts,
  { enrolled, blinded }: NumberedCopy,
): Promise<JsonObject> {
  if (blinded === null) return {}
  const salt = await enrolment.numberSalt(enrolled.id)
  // Loaded with the first number: most commands of an issuer need no curve.
  const { evaluateBlinded } = await import('@netcert/credential/platform-number')
  return { platform_number: evaluateBlinded({ b: blinded, key: await key(), salt }) }
}

async function presenceClaims(
  { presence, clock }: PlatformCopyParts,
  { batch, policy, enrolled }: NumberedCopy,
): Promise<JsonObject> {
  if (policy.kind !== 'platform' || policy.holder !== 'person') return {}
  const since = epochSeconds(clock()) - PRESENCE_SECONDS
  const check = await presence.claim({ person: enrolled.id, batch, since })
  if (check === undefined) return {}
  const face = check.face === 1 || enrolled.person.assurance !== 'document'
  return {
    presence_at: check.checked_at,
    ...(face ? { real_person: 'document+face+presence' } : {}),
  }
}

function hasClaim(type: CertificateType, name: string): boolean {
  return type.claims.some(({ path }) => path[0] === name)
}
