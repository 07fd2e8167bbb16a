import { hashBase64Url } from '@netcert/credential/crypto'
import type { HashAlgorithm } from './algorithms.js'
import { decodeTextBase64Url, encodeTextBase64Url } from './base64url.js'
import { CredentialError } from './errors.js'
import { isJsonArray, type JsonValue, parseJson } from './json.js'

/** What a Disclosure says. `name` is null for an array element (RFC 9901 §4.2.1, §4.2.2). */
export type Disclosure = {
  readonly salt: string
  readonly name: string | null
  readonly value: JsonValue
}

/** Names that no claim may have: they carry digests, or would reach a prototype. */
export function isReservedClaimName(name: string): boolean {
  return name === '_sd' || name === '...' || name === '_sd_alg' || name === '__proto__'
}

/** The encoded Disclosure: base64url of the UTF-8 JSON array (RFC 9901 §4.2.1, §4.2.2). */
export function encodeDisclosure(disclosure: Disclosure): string {
  const { salt, name, value } = disclosure
  return encodeTextBase64Url(JSON.stringify(name === null ? [salt, value] : [salt, name, value]))
}

/**
 * Reads an encoded Disclosure. The depth limit counts the Disclosure's own array.
 *
 * @throws CredentialError `bad_base64url`, `bad_utf8`, `bad_json`, `duplicate_json_key`, `too_deep`,
 * `disclosure_malformed`, `disclosure_wrong_arity`
 */
export function parseDisclosure(
  encoded: string,
  limits: { readonly maxDepth: number },
): Disclosure {
  const parts = parseJson(decodeTextBase64Url(encoded), limits)
  if (!isJsonArray(parts)) {
    throw new CredentialError('disclosure_malformed', 'A disclosure is a JSON array.')
  }
  const [salt, second, third] = parts
  if (parts.length !== 2 && parts.length !== 3) {
    throw new CredentialError('disclosure_wrong_arity', 'A disclosure has two or three elements.')
  }
  if (typeof salt !== 'string' || second === undefined) {
    throw new CredentialError('disclosure_malformed', 'The salt of a disclosure is not a string.')
  }
  if (third === undefined) return { salt, name: null, value: second }
  if (typeof second !== 'string') {
    throw new CredentialError('disclosure_malformed', 'The name in a disclosure is not a string.')
  }
  return { salt, name: second, value: third }
}

/** The digest of an encoded Disclosure, over its text as sent (RFC 9901 §4.2.3). */
export function digestDisclosure(alg: HashAlgorithm, encoded: string): string {
  return hashBase64Url(alg, encoded)
}
