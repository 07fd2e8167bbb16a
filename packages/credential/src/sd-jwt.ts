import { CredentialError } from './errors.js'
import { assertLength, type TokenLimits } from './limits.js'

/** The parts of an SD-JWT or SD-JWT+KB as they were received, nothing decoded. */
export type SdJwtParts = {
  readonly jwt: string
  readonly disclosures: readonly string[]
  /** The text after the last tilde, or null when nothing follows it. */
  readonly keyBindingJwt: string | null
  /** What `sd_hash` is computed over: everything up to and including the last tilde (§4.3.1). */
  readonly boundText: string
}

/**
 * Splits the compact serialization.
 *
 * @throws CredentialError `too_large`, `too_many_disclosures`, `malformed_serialization`
 * @see RFC 9901 §4, §7.1 step 1
 */
export function splitSdJwt(text: string, limits: TokenLimits): SdJwtParts {
  assertLength(text, limits.maxBytes)
  const firstTilde = text.indexOf('~')
  const lastTilde = text.lastIndexOf('~')
  if (firstTilde < 1) {
    throw new CredentialError(
      'malformed_serialization',
      'An SD-JWT begins with a signed part and has a tilde after it.',
    )
  }
  const disclosures: string[] = []
  for (let at = firstTilde + 1; at <= lastTilde; ) {
    const end = text.indexOf('~', at)
    // ABNF of §4: at least one character, none of them a dot; base64url is checked on decoding.
    if (end === at) {
      throw new CredentialError('malformed_serialization', 'A disclosure is empty.')
    }
    if (disclosures.length === limits.maxDisclosures) {
      throw new CredentialError(
        'too_many_disclosures',
        `There are more than ${limits.maxDisclosures} disclosures.`,
      )
    }
    const disclosure = text.slice(at, end)
    if (disclosure.includes('.')) {
      throw new CredentialError('malformed_serialization', 'A disclosure is a signed part.')
    }
    disclosures.push(disclosure)
    at = end + 1
  }
  const rest = text.slice(lastTilde + 1)
  return {
    jwt: text.slice(0, firstTilde),
    disclosures,
    keyBindingJwt: rest === '' ? null : rest,
    boundText: text.slice(0, lastTilde + 1),
  }
}

/** The SD-JWT of an issuer-signed JWT and some disclosures: `<jwt>~<d>~…~`. */
export function joinSdJwt(jwt: string, disclosures: readonly string[]): string {
  return disclosures.length === 0 ? `${jwt}~` : `${jwt}~${disclosures.join('~')}~`
}
