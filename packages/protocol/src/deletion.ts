import {
  createJws,
  epochSeconds,
  type JsonObject,
  memberOf,
  type Signer,
} from '@netcert/credential'
import { hashBase64Url } from '@netcert/credential/crypto'
import { z } from 'zod'
import type { Accreditation } from './accreditation-content.js'
import type { LocalisedText } from './display-text.js'
import { ProtocolError } from './errors.js'
import { readPresentedForm } from './presented-form.js'
import {
  assertTimely,
  type MessageKind,
  proveSigned,
  readSigned,
  refusal,
} from './signed-message.js'
import {
  displayText,
  instantSchema,
  messageLimits,
  parseMessage,
  readBySchema,
  tokenText,
} from './wire-text.js'

/** `typ` of a platform's answer to a deletion request. */
export const DELETION_ANSWER_TYP = 'netcert-deletion+jwt'
/** `netcert_purpose` of the KB-JWT of a deletion request: it can be nothing else. */
export const DELETION_PURPOSE = 'deletion'

const kind: MessageKind = {
  typ: DELETION_ANSWER_TYP,
  what: 'The answer to the deletion request',
  code: 'deletion_answer_invalid',
}

/** The claims of the KB-JWT of a deletion request besides the standard's own. */
export function deletionClaims(options: { readonly platformNumberR: string }): JsonObject {
  return { platform_number_r: options.platformNumberR, netcert_purpose: DELETION_PURPOSE }
}

/**
 * A deletion request as the body of a form. The presentation is of the platform copy, shows
 * `platform_number` and nothing else, and is made for the accredited address with 16 random bytes.
 */
export function encodeDeletionForm(presentation: string): string {
  return new URLSearchParams({ presentation }).toString()
}

/** A deletion request whose form is right; the presentation in it is not verified. */
export type DeletionRequest = {
  readonly presentation: string
  /** What the holder drew: `nonce` of the KB-JWT, to be demanded when the presentation is verified. */
  readonly nonce: string
}

/**
 * Reads a deletion request. A presentation that was made for something else is none.
 *
 * @throws ProtocolError `deletion_malformed`
 */
export function readDeletionRequest(members: Readonly<Record<string, unknown>>): DeletionRequest {
  const form = readPresentedForm(members, { purpose: DELETION_PURPOSE, malformed })
  const nonce = memberOf(form.binding, 'nonce')
  // 16 bytes: 22 characters whose last holds two bits.
  if (typeof nonce !== 'string' || !/^[\w-]{21}[AQgw]$/.test(nonce)) {
    throw malformed('its nonce is not 16 bytes in base64url')
  }
  return { presentation: form.presentation, nonce }
}

/** What a platform does about a deletion request. */
export type DeletionOutcome =
  | { readonly state: 'deleted' }
  | { readonly state: 'scheduled'; readonly dueAt: Date; readonly reason: LocalisedText | null }
  | { readonly state: 'refused'; readonly reason: LocalisedText }

/** A platform's answer, verified. */
export type DeletionAnswer = {
  readonly id: string
  readonly platformId: string
  readonly issuedAt: Date
  readonly outcome: DeletionOutcome
  readonly token: string
}

/** Signs a platform's answer to a deletion request, with the key its accreditation names. */
export function createDeletionAnswer(options: {
  readonly signer: Signer
  readonly platformId: string
  /** The presentation of the request, as received. */
  readonly presentation: string
  readonly outcome: DeletionOutcome
  readonly issuedAt: Date
}): Promise<string> {
  const { signer, platformId, presentation, outcome, issuedAt } = options
  const request = hashBase64Url('sha-256', presentation)
  const iat = epochSeconds(issuedAt)
  const payload: JsonObject = {
    iss: platformId,
    iat,
    jti: hashBase64Url('sha-256', `deletion|${request}|${iat}|${outcome.state}`),
    request,
    ...outcomeMembers(outcome),
  }
  return createJws({ header: { typ: DELETION_ANSWER_TYP, kid: signer.keyId }, payload, signer })
}

/** The body of a platform's reply to a deletion request. */
export function createDeletionReply(answer: string): JsonObject {
  return { netcert_deletion: answer }
}

/**
 * The signed answer in a platform's reply.
 *
 * @throws ProtocolError `deletion_answer_invalid`, `message_malformed`, `message_too_large`
 */
export function parseDeletionReply(text: string): string {
  const reply = parseMessage(text, { maxBytes: messageLimits.maxRequestBytes })
  const answer = memberOf(reply, 'netcert_deletion')
  if (typeof answer === 'string') return answer
  throw refusal(kind, 'the reply holds none')
}

const reason = z.object({ 'zh-CN': displayText, en: displayText })
const about = {
  iss: z.string().min(1).max(128),
  iat: instantSchema,
  jti: tokenText,
  request: tokenText,
}

/** The payload of an answer. */
export const deletionAnswerSchema = z.discriminatedUnion('state', [
  z.object({ ...about, state: z.literal('deleted') }),
  z.object({
    ...about,
    state: z.literal('scheduled'),
    due_at: instantSchema,
    reason: reason.optional(),
  }),
  z.object({ ...about, state: z.literal('refused'), reason }),
])

/**
 * Verifies a platform's answer: signed by the accredited key, from this platform, to this request.
 *
 * @param options.presentation - The presentation that was sent.
 * @throws ProtocolError `deletion_answer_invalid`
 */
export async function verifyDeletionAnswer(
  token: string,
  options: {
    readonly accreditation: Accreditation
    readonly presentation: string
    readonly now: Date
  },
): Promise<DeletionAnswer> {
  const { accreditation, presentation, now } = options
  if (token.length > messageLimits.maxJwtBytes) throw refusal(kind, 'it is too large')
  const jws = readSigned(token, kind)
  await proveSigned(jws, accreditation.requestJwk, kind)
  assertTimely(jws.payload, kind, { now })
  const members = readBySchema(deletionAnswerSchema, jws.payload, {
    code: kind.code,
    what: kind.what,
  })
  if (members.iss !== accreditation.platformId) {
    throw refusal(kind, 'it comes from another platform')
  }
  if (members.request !== hashBase64Url('sha-256', presentation)) {
    throw refusal(kind, 'it answers another request')
  }
  return {
    id: members.jti,
    platformId: members.iss,
    issuedAt: new Date(members.iat * 1000),
    outcome: outcomeFrom(members),
    token,
  }
}

function outcomeMembers(outcome: DeletionOutcome): JsonObject {
  switch (outcome.state) {
    case 'deleted':
      return { state: 'deleted' }
    case 'scheduled': {
      const { dueAt, reason: why } = outcome
      return { state: 'scheduled', due_at: epochSeconds(dueAt), ...(why && { reason: { ...why } }) }
    }
    case 'refused':
      return { state: 'refused', reason: { ...outcome.reason } }
  }
}

function outcomeFrom(members: z.infer<typeof deletionAnswerSchema>): DeletionOutcome {
  switch (members.state) {
    case 'deleted':
      return { state: 'deleted' }
    case 'scheduled': {
      const dueAt = new Date(members.due_at * 1000)
      return { state: 'scheduled', dueAt, reason: members.reason ?? null }
    }
    case 'refused':
      return { state: 'refused', reason: members.reason }
  }
}

function malformed(problem: string, cause?: unknown): ProtocolError {
  const text = `The deletion request cannot be read: ${problem}. Make it anew.`
  return new ProtocolError('deletion_malformed', text, { cause })
}
