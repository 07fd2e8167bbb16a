import {
  type CertifiedSigner,
  createJws,
  epochSeconds,
  type JsonObject,
  keyHeaderOf,
  type NamedSigner,
  type PublicJwk,
  resolveDidKey,
  type Signer,
  type TrustedIssuer,
  type Trust,
} from '@netcert/credential'
import { hashBase64Url } from '@netcert/credential/crypto'
import { z } from 'zod'
import { ProtocolError } from './errors.js'
import {
  assertTimely,
  type MessageKind,
  proveSigned,
  readSigned,
  refusal,
} from './signed-message.js'
import { instantSchema, messageLimits, readBySchema, tokenText } from './wire-text.js'

/** `typ` of an erasure receipt. */
export const ERASURE_TYP = 'netcert-erasure+jwt'

/** What an issuer deletes of somebody who cancels; each with how many there were. */
export const ERASED_CLASSES = [
  'person',
  'documents',
  'applications',
  'grants_and_tokens',
  'login_codes',
  'offers',
  'deferred_issuances',
  'notifications',
  'presence_checks',
  'devices',
  'revocation_codes',
  'recovery_contacts',
  'guardianship',
] as const
export type ErasedClass = (typeof ERASED_CLASSES)[number]

/** What stays, and the one reason there is for each. */
export const KEPT_REASONS = {
  /** Places on status lists that say revoked; whose they were is known no more. */
  status_entries: 'anonymous',
  /** Copies without a status cannot be revoked: they end by themselves. */
  copies_without_status: 'ends_by_itself',
  /** A keyed tag and a sealed salt, so that cancelling and coming back is no second account. */
  cool_down: 'no_second_account',
  /** This receipt, sealed, so that asking again brings the same one. */
  receipt: 'same_answer_again',
  /** That somebody cancelled, when, and by what right: without a name, number or document. */
  audit_entries: 'accountability',
} as const
export type KeptClass = keyof typeof KEPT_REASONS
export type KeptReason = (typeof KEPT_REASONS)[KeptClass]

/** Something that stays. `until` null: for as long as the issuer keeps its lists and its log. */
export type KeptRemains = {
  readonly class: KeptClass
  readonly count: number
  readonly until: Date | null
}

export type ErasureContent = {
  readonly networkNumber: string
  readonly erasedAt: Date
  readonly erased: readonly { readonly class: ErasedClass; readonly count: number }[]
  readonly kept: readonly KeptRemains[]
}

/** An erasure receipt, verified. */
export type ErasureReceipt = Omit<ErasureContent, 'networkNumber'> & {
  readonly id: string
  readonly issuer: string
  readonly networkNumberHash: string
  readonly token: string
}

const kind: MessageKind = {
  typ: ERASURE_TYP,
  what: 'The erasure receipt',
  code: 'erasure_receipt_invalid',
}

/**
 * What a receipt names a network number by: base64url of SHA-256 over `netcert/erasure/v1|` and the
 * 22 symbols. The number is 100 random bits, so nobody counts through to it.
 */
export function erasedNumberHash(networkNumber: string): string {
  return hashBase64Url('sha-256', `netcert/erasure/v1|${networkNumber}`)
}

/**
 * Signs what was erased of a person, and what stays. Nothing in it is about them but the hash of a
 * random number that nobody has any more.
 *
 * @see docs/formats/receipts.md
 */
export function createErasureReceipt(
  content: ErasureContent,
  signer: Signer | NamedSigner | CertifiedSigner,
): Promise<string> {
  const hash = erasedNumberHash(content.networkNumber)
  const iat = epochSeconds(content.erasedAt)
  const payload: JsonObject = {
    iss: 'iss' in signer ? signer.iss : signer.did,
    iat,
    jti: hashBase64Url('sha-256', `erasure|${hash}|${iat}`),
    network_number_hash: hash,
    erased: content.erased.map(({ class: name, count }) => ({ class: name, count })),
    kept: content.kept.map(({ class: name, count, until }) => ({
      class: name,
      count,
      reason: KEPT_REASONS[name],
      ...(until === null ? {} : { until: epochSeconds(until) }),
    })),
  }
  return createJws({ header: { typ: ERASURE_TYP, ...keyHeaderOf(signer) }, payload, signer })
}

const count = z.int().min(0).max(1_000_000_000)
const keptClasses = Object.keys(KEPT_REASONS) as [KeptClass, ...KeptClass[]]

/** The payload of an erasure receipt. */
export const erasureReceiptSchema = z.object({
  iss: z.string().min(1).max(512),
  iat: instantSchema,
  jti: tokenText,
  network_number_hash: z.string().length(43),
  erased: z.array(z.object({ class: z.enum(ERASED_CLASSES), count })).max(64),
  kept: z
    .array(
      z.object({
        class: z.enum(keptClasses),
        count,
        reason: z.enum(Object.values(KEPT_REASONS) as [KeptReason, ...KeptReason[]]),
        until: instantSchema.optional(),
      }),
    )
    .max(16),
})

/**
 * Verifies an erasure receipt: signed by a key that the trust list names for status lists of that
 * very issuer, within the key's window, about that network number.
 *
 * @param options.networkNumber - `null` where whoever checks does not know it.
 * @throws ProtocolError `erasure_receipt_invalid`
 */
export async function verifyErasureReceipt(
  token: string,
  options: {
    readonly trust: Pick<Trust, 'trustList'>
    /** `iss` of the cancelled certificates; `null`: any issuer on the list. */
    readonly issuer: string | null
    readonly networkNumber: string | null
    readonly now: Date
  },
): Promise<ErasureReceipt> {
  const { trust, issuer, networkNumber, now } = options
  if (token.length > messageLimits.maxJwtBytes) throw refusal(kind, 'it is too large')
  const jws = readSigned(token, kind)
  const members = readBySchema(erasureReceiptSchema, jws.payload, {
    code: kind.code,
    what: kind.what,
  })
  const named = issuersNamed(trust.trustList.issuers, { iss: members.iss, wanted: issuer })
  const keys = named.flatMap((entry) => statusKeys(entry, members.iat))
  if (keys.length === 0) throw refusal(kind, 'it comes from another issuer')
  await proveByOneOf(jws, keys)
  assertTimely(jws.payload, kind, { now })
  if (networkNumber !== null && members.network_number_hash !== erasedNumberHash(networkNumber)) {
    throw refusal(kind, 'it is about another network number')
  }
  return receiptFrom(members, token)
}

/**
 * An issuer with certificates of both key modes has two entries: one issuer, with one place for its
 * status lists.
 */
function issuersNamed(
  issuers: readonly TrustedIssuer[],
  { iss, wanted }: { readonly iss: string; readonly wanted: string | null },
): readonly TrustedIssuer[] {
  const place = issuers.find(({ did }) => did === wanted)?.statusUriPrefix
  return issuers
    .filter(({ did }) => did === iss)
    .filter(({ statusUriPrefix }) => wanted === null || statusUriPrefix === place)
}

function statusKeys({ keys }: TrustedIssuer, at: number): readonly PublicJwk[] {
  return keys
    .filter(({ use }) => use === 'status')
    .filter((key) => epochSeconds(key.notBefore) <= at && at <= epochSeconds(key.notAfter))
    .map(({ did }) => resolveDidKey(did).jwk)
}

/** What the header names is for readers: the keys on the list are tried, there are one to three. */
async function proveByOneOf(
  jws: Parameters<typeof proveSigned>[0],
  keys: readonly PublicJwk[],
): Promise<void> {
  let last: unknown
  for (const jwk of keys) {
    try {
      await proveSigned(jws, jwk, kind)
      return
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      last = error
    }
  }
  throw last
}

function receiptFrom(members: z.infer<typeof erasureReceiptSchema>, token: string): ErasureReceipt {
  return {
    id: members.jti,
    issuer: members.iss,
    networkNumberHash: members.network_number_hash,
    erasedAt: new Date(members.iat * 1000),
    erased: members.erased,
    kept: members.kept.map(({ class: name, count: many, until }) => ({
      class: name,
      count: many,
      until: until === undefined ? null : new Date(until * 1000),
    })),
    token,
  }
}
