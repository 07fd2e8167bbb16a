import {
  CredentialError,
  decodeTextBase64Url,
  encodeTextBase64Url,
  type JsonObject,
  memberOf,
  parseJsonObject,
} from '@netcert/credential'
import type { z } from 'zod'
import type { ProtocolError } from './errors.js'
import {
  createTransactionData,
  hashTransactionData,
  parseTransactionData,
} from './transaction-data.js'

const LONGEST = 4_096

/** A request as a link that is handed to a person: copied, or shown as a QR code. */
export function createRequestLink(scheme: string, request: JsonObject): string {
  return scheme + encodeTextBase64Url(JSON.stringify(request))
}

/** Reads such a link. @throws ProtocolError that `malformed` makes */
export function parseRequestLink<Request>(
  link: string,
  rules: {
    readonly scheme: string
    readonly schema: z.ZodType<Request>
    readonly malformed: (cause?: unknown) => ProtocolError
  },
): Request {
  const { scheme, schema, malformed } = rules
  const text = link.trim()
  if (!text.startsWith(scheme) || text.length > LONGEST) throw malformed()
  let content: JsonObject
  try {
    content = parseJsonObject(decodeTextBase64Url(text.slice(scheme.length)), { maxDepth: 2 })
  } catch (cause) {
    if (!(cause instanceof CredentialError)) throw cause
    throw malformed(cause)
  }
  const parsed = schema.safeParse(content)
  if (!parsed.success) throw malformed()
  return parsed.data
}

/**
 * The claims of a KB-JWT besides the standard's own that say yes to one thing: what it is for, and the
 * hash of the transaction that names the thing.
 *
 * @see OpenID4VP 1.0 Appendix B.3.3.1
 */
export function consentClaims(
  purpose: string,
  { type, ...named }: JsonObject & { readonly type: string },
): JsonObject {
  const entry = createTransactionData({ type, credential_ids: ['certificate'], ...named })
  return { netcert_purpose: purpose, ...hashTransactionData([parseTransactionData(entry)]) }
}

/** Whether a KB-JWT has exactly these claims. */
export function bindsClaims(binding: JsonObject, wanted: JsonObject): boolean {
  return Object.entries(wanted).every(
    ([name, value]) => JSON.stringify(memberOf(binding, name)) === JSON.stringify(value),
  )
}
