import {
  type ClaimPath,
  createJws,
  CredentialError,
  epochSeconds,
  type JsonObject,
  sameJson,
  type Signer,
} from '@netcert/credential'
import { hashBase64Url } from '@netcert/credential/crypto'
import { z } from 'zod'
import type { Accreditation } from './accreditation-content.js'
import { type PresentedClaims, presentedClaims } from './presented-claims.js'
import {
  CLOCK_SKEW_SECONDS,
  type MessageKind,
  proveSigned,
  readSigned,
  refusal,
} from './signed-message.js'
import {
  claimPathSchema,
  instantSchema,
  messageLimits,
  readBySchema,
  tokenText,
} from './wire-text.js'

/** `typ` of a disclosure receipt. */
export const RECEIPT_TYP = 'netcert-receipt+jwt'
/** Member of a verifier's reply to the wallet that holds the receipt. */
export const RECEIPT_MEMBER = 'netcert_receipt'

const kind: MessageKind = {
  typ: RECEIPT_TYP,
  what: 'The disclosure receipt',
  code: 'receipt_invalid',
}

/** What a platform says it received. */
export type DisclosureReceipt = {
  readonly id: string
  readonly platformId: string
  readonly accreditationId: string
  readonly purposeId: string
  readonly issuedAt: Date
  /** Until when the platform may keep what it received. */
  readonly retentionEndsAt: Date
  readonly presentations: readonly PresentedClaims[]
  readonly token: string
}

export type CreateDisclosureReceiptOptions = {
  /** The key that the accreditation names. */
  readonly signer: Signer
  readonly platformId: string
  readonly accreditationId: string
  readonly purposeId: string
  /** The presentations that were verified, as received. */
  readonly presentations: readonly string[]
  readonly issuedAt: Date
  readonly retentionEndsAt: Date
}

/**
 * Signs a receipt for presentations. It holds their hashes and the names of the claims they showed,
 * and no value of any.
 *
 * @see docs/formats/receipts.md
 */
export function createDisclosureReceipt(options: CreateDisclosureReceiptOptions): Promise<string> {
  const { signer, issuedAt, retentionEndsAt } = options
  const presentations = options.presentations.map(presentedClaims)
  const payload: JsonObject = {
    iss: options.platformId,
    iat: epochSeconds(issuedAt),
    jti: receiptId(presentations),
    accreditation: options.accreditationId,
    purpose: options.purposeId,
    presentations: presentations.map(({ hash, vct, claims }) => ({ hash, vct, claims })),
    retention_ends_at: epochSeconds(retentionEndsAt),
  }
  return createJws({ header: { typ: RECEIPT_TYP, kid: signer.keyId }, payload, signer })
}

/** The payload of a receipt. */
export const receiptSchema = z.object({
  iss: z.string().min(1).max(128),
  iat: instantSchema,
  jti: tokenText,
  accreditation: tokenText,
  purpose: tokenText,
  presentations: z
    .array(
      z.object({
        hash: z.string().length(43),
        vct: z.string().max(512),
        claims: z.array(claimPathSchema).max(256),
      }),
    )
    .min(1)
    .max(64),
  retention_ends_at: instantSchema,
})

/**
 * Verifies a receipt against what was really sent: signed by the accredited key, for this platform,
 * accreditation and purpose, with exactly these presentations and every claim they showed, and kept no
 * longer than was accredited.
 *
 * @param options.presentations - The texts that were sent.
 * @throws ProtocolError `receipt_invalid`
 */
export async function verifyDisclosureReceipt(
  token: string,
  options: {
    readonly accreditation: Accreditation
    readonly presentations: readonly string[]
    readonly now: Date
  },
): Promise<DisclosureReceipt> {
  const { accreditation, presentations, now } = options
  if (token.length > messageLimits.maxJwtBytes) throw refusal(kind, 'it is too large')
  const jws = readSigned(token, kind)
  await proveSigned(jws, accreditation.requestJwk, kind)
  const members = readBySchema(receiptSchema, jws.payload, {
    code: kind.code,
    what: 'The disclosure receipt',
  })
  const receipt = receiptFrom(members, token)
  assertAbout(receipt, accreditation)
  assertTimes(receipt, accreditation, now)
  assertSameClaims(receipt.presentations, readPresented(presentations))
  return receipt
}

function receiptFrom(members: z.infer<typeof receiptSchema>, token: string): DisclosureReceipt {
  return {
    id: members.jti,
    platformId: members.iss,
    accreditationId: members.accreditation,
    purposeId: members.purpose,
    issuedAt: new Date(members.iat * 1000),
    retentionEndsAt: new Date(members.retention_ends_at * 1000),
    presentations: members.presentations,
    token,
  }
}

function assertAbout(receipt: DisclosureReceipt, accreditation: Accreditation): void {
  if (receipt.platformId !== accreditation.platformId) {
    throw refusal(kind, 'it comes from another platform')
  }
  if (receipt.accreditationId !== accreditation.id) {
    throw refusal(kind, 'it names another accreditation')
  }
  if (receipt.purposeId !== accreditation.purposeId) throw refusal(kind, 'it names another purpose')
}

function assertTimes(receipt: DisclosureReceipt, accreditation: Accreditation, now: Date): void {
  const at = receipt.issuedAt.getTime()
  const patience = CLOCK_SKEW_SECONDS * 1000
  if (at > now.getTime() + patience) throw refusal(kind, 'it is from the future')
  const { issuedAt, expiresAt, retentionSeconds } = accreditation
  if (at < issuedAt.getTime() - patience || at > expiresAt.getTime() + patience) {
    throw refusal(kind, 'it was not made while the platform was accredited')
  }
  if (receipt.retentionEndsAt.getTime() > at + retentionSeconds * 1000 + patience) {
    throw refusal(kind, 'it keeps the claims longer than the platform is accredited for')
  }
}

function readPresented(presentations: readonly string[]): readonly PresentedClaims[] {
  try {
    return presentations.map(presentedClaims)
  } catch (cause) {
    if (!(cause instanceof CredentialError)) throw cause
    throw refusal(kind, 'what it is compared with is no presentation', cause)
  }
}

function assertSameClaims(
  said: readonly PresentedClaims[],
  sent: readonly PresentedClaims[],
): void {
  const byHash = new Map(said.map((one) => [one.hash, one]))
  if (said.length !== sent.length || byHash.size !== sent.length) {
    throw refusal(kind, 'it is about other presentations')
  }
  for (const { hash, vct, claims } of sent) {
    const named = byHash.get(hash)
    if (named === undefined) throw refusal(kind, 'it is about another presentation')
    if (named.vct !== vct || !sameJson(sorted(named.claims), sorted(claims))) {
      throw refusal(kind, 'it names other claims than were shown')
    }
  }
}

function sorted(paths: readonly ClaimPath[]): readonly string[] {
  return paths.map((path) => JSON.stringify(path)).toSorted()
}

/** The same presentations have one receipt: each presentation is made once, for one nonce. */
function receiptId(presentations: readonly PresentedClaims[]): string {
  return hashBase64Url('sha-256', `receipt|${presentations.map(({ hash }) => hash).join('|')}`)
}
