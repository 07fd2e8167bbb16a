import { CredentialError } from './errors.js'
import { type JsonObject, memberOf } from './json.js'
import { type Platform, readBlindedNumber } from './platform.js'

const CLAIM = 'platform_number'
const BLINDING = 'platform_number_r'

/** What is left of the claims, and the number that stood blinded among them. */
export type OpenedClaims = {
  readonly claims: JsonObject
  readonly platformNumber: string | null
}

/**
 * Opens the platform number among the claims that are handed out. The blinded pair is always taken
 * from them: it would be a number that nobody checked, and a wallet's copy would be known again by it.
 *
 * @throws CredentialError `platform_number_unopened` without a platform, `platform_number_r_missing`,
 * `platform_number_invalid`, `platform_number_mismatch`
 */
export function openPlatformNumber(options: {
  readonly claims: JsonObject
  /** All that was disclosed: a query may have picked a part of the pair. */
  readonly payload: JsonObject
  readonly binding: JsonObject
  readonly platform: Platform | null
}): OpenedClaims {
  const { payload, binding } = options
  // Whoever calls without a compiler may have left it out.
  const platform: Platform | null | undefined = options.platform
  if (memberOf(options.claims, CLAIM) === undefined) {
    return { claims: options.claims, platformNumber: null }
  }
  if (platform === null || platform === undefined) {
    throw new CredentialError(
      'platform_number_unopened',
      'A platform number was shown to a verifier that opens none: name the platform in the demands.',
    )
  }
  const r = memberOf(binding, BLINDING)
  if (typeof r !== 'string') {
    throw new CredentialError(
      'platform_number_r_missing',
      'The platform number came without its blinding: present again.',
    )
  }
  const blinded = readBlindedNumber(memberOf(payload, CLAIM))
  const { [CLAIM]: _blinded, ...claims } = options.claims
  return { claims, platformNumber: platform.openNumber({ ...blinded, r }) }
}
