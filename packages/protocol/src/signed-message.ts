import {
  CredentialError,
  dereferenceDidKey,
  type JsonObject,
  memberOf,
  type PublicJwk,
  parseJws,
  parsePublicJwk,
  signatureAlgorithms,
  type UnverifiedJwt,
  verifyJws,
} from '@netcert/credential'
import { importVerifyingKey } from '@netcert/credential/crypto'
import { ProtocolError, type ProtocolErrorCode } from './errors.js'
import { messageLimits } from './wire-text.js'

/** Times of a signed message are compared with this much patience for clocks. */
export const CLOCK_SKEW_SECONDS = 60

/** What a kind of signed message is called, and which code its refusals carry. */
export type MessageKind = {
  readonly typ: string
  readonly what: string
  readonly code: ProtocolErrorCode
}

/**
 * Says which key must have signed. It is given the header and the payload that nobody checked yet
 * and answers only with a key it has its own reason to trust, or with `undefined`.
 */
export type KeyOf = (
  header: JsonObject,
  payload: JsonObject,
) => PublicJwk | undefined | Promise<PublicJwk | undefined>

/** @returns a ProtocolError with the code of the kind, which says what is wrong with the message */
export function refusal(kind: MessageKind, problem: string, cause?: unknown): ProtocolError {
  const text = `${kind.what} is refused: ${problem}.`
  return new ProtocolError(kind.code, text, { cause })
}

/**
 * Reads a signed message: form, `typ`, algorithm; nothing about its signature.
 *
 * @throws ProtocolError with the code of its kind.
 */
export function readSigned(text: string, kind: MessageKind): UnverifiedJwt {
  if (text.length > messageLimits.maxDocumentBytes) throw refusal(kind, 'it is too large')
  try {
    const jws = parseJws(text, {
      algorithms: signatureAlgorithms,
      maxDepth: messageLimits.maxDepth,
    })
    if (jws.header['typ'] === kind.typ) return jws
  } catch (cause) {
    if (!(cause instanceof CredentialError)) throw cause
    throw refusal(kind, `it is no signed message (${cause.code})`, cause)
  }
  throw refusal(kind, `its typ is not ${kind.typ}`)
}

/** Checks the signature of a message. @throws ProtocolError with the code of its kind. */
export async function proveSigned(
  jws: UnverifiedJwt,
  jwk: PublicJwk,
  kind: MessageKind,
): Promise<void> {
  try {
    await verifyJws(jws, await importVerifyingKey(jwk))
  } catch (cause) {
    if (!(cause instanceof CredentialError)) throw cause
    throw refusal(kind, `its signature does not hold (${cause.code})`, cause)
  }
}

/**
 * The one key a header carries: `jwk`, or `kid` with a did:key. It proves possession and no trust.
 *
 * @throws ProtocolError with the code of the kind.
 */
export function keyOfHeader(header: JsonObject, kind: MessageKind): PublicJwk {
  const named = ['jwk', 'kid', 'x5c'].filter((name) => memberOf(header, name) !== undefined)
  if (named.length !== 1) throw refusal(kind, 'it needs exactly one of jwk, kid and x5c')
  if (memberOf(header, 'jku') !== undefined || memberOf(header, 'x5u') !== undefined) {
    throw refusal(kind, 'nothing is fetched for it')
  }
  const { jwk, kid } = header
  if (jwk !== undefined) return usableKey(kind, () => parsePublicJwk(jwk))
  if (typeof kid === 'string' && kid.length <= 256) {
    return usableKey(kind, () => dereferenceDidKey(kid))
  }
  throw refusal(kind, 'its key is not named by jwk or by a did:key')
}

/** Reads a key of a message. @throws ProtocolError with the code of the kind. */
export function usableKey(kind: MessageKind, read: () => PublicJwk): PublicJwk {
  try {
    return read()
  } catch (cause) {
    if (!(cause instanceof CredentialError)) throw cause
    throw refusal(kind, `its key is not one we can use (${cause.code})`, cause)
  }
}

/** An instant member in seconds since 1970. @throws ProtocolError with the code of the kind. */
export function instantOf(payload: JsonObject, name: string, kind: MessageKind): number {
  const value = memberOf(payload, name)
  // 9999-12-31: what is beyond is no time.
  if (typeof value === 'number' && value >= 0 && value < 253_402_300_800) return value
  throw refusal(kind, `${name} is missing or no time`)
}

/** As {@link instantOf}, for a member that may be left out. */
export function optionalInstantOf(
  payload: JsonObject,
  name: string,
  kind: MessageKind,
): number | undefined {
  return memberOf(payload, name) === undefined ? undefined : instantOf(payload, name, kind)
}

/** A text member that may be left out. @throws ProtocolError with the code of the kind. */
export function optionalTextOf(
  payload: JsonObject,
  name: string,
  kind: MessageKind,
): string | undefined {
  const value = memberOf(payload, name)
  if (value === undefined) return undefined
  if (typeof value === 'string' && value.length > 0 && value.length <= 2000) return value
  throw refusal(kind, `${name} is no text`)
}

/** @throws ProtocolError with the code of the kind: outside `iat`, `nbf`, `exp` and the given age. */
export function assertTimely(
  payload: JsonObject,
  kind: MessageKind,
  { now, maxAgeSeconds }: { readonly now: Date; readonly maxAgeSeconds?: number },
): void {
  const at = now.getTime() / 1000
  const iat = optionalInstantOf(payload, 'iat', kind)
  const nbf = optionalInstantOf(payload, 'nbf', kind)
  const exp = optionalInstantOf(payload, 'exp', kind)
  if (iat !== undefined && iat > at + CLOCK_SKEW_SECONDS)
    throw untimely(kind, 'it is from the future', 'time_not_yet_valid')
  if (nbf !== undefined && nbf > at + CLOCK_SKEW_SECONDS)
    throw untimely(kind, 'it is not valid yet', 'time_not_yet_valid')
  if (exp !== undefined && exp <= at - CLOCK_SKEW_SECONDS)
    throw untimely(kind, 'it has expired', 'time_expired')
  if (maxAgeSeconds === undefined) return
  if (iat === undefined || iat < at - maxAgeSeconds) throw refusal(kind, 'it is too old')
}

/** The cause tells whoever looks at it that nothing but the time is wrong: of the message, or of a clock. */
function untimely(
  kind: MessageKind,
  problem: string,
  code: 'time_expired' | 'time_not_yet_valid',
): ProtocolError {
  return refusal(kind, problem, new CredentialError(code, `By this clock, ${problem}.`))
}
