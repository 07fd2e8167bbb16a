import { groupNumber, type NumberKind, readCrockfordNumber } from './crockford-number.js'
import { CredentialError } from './errors.js'
import { isJsonObject, type JsonValue, memberOf } from './json.js'

/**
 * The claim `platform_number`: the blinded platform (`b`) and the issuer's answer to it (`e`), each
 * a compressed point of P-256 in base64url. By itself it says nothing: only who knows the blinding
 * and the platform can open it.
 */
export type BlindedNumber = { readonly b: string; readonly e: string }

/** A wallet's blinding of a platform: `r` stays with the copy, `b` goes to the issuer. */
export type Blinding = {
  /** base64url of 32 bytes. */
  readonly r: string
  readonly b: string
}

declare const opens: unique symbol

/**
 * A platform as the verifier that opens its numbers; made by `createPlatform` and by nothing else,
 * so that no object that only claims to check can take its place.
 */
export type Platform = {
  readonly [opens]: true
  /** The platform's registered identifier: the accreditation's `sub`. */
  readonly id: string
  /**
   * The platform's number for the person, after checking that the copy was made for this platform.
   *
   * @throws CredentialError `platform_number_invalid` for a point or scalar that is none,
   * `platform_number_mismatch` for a copy or a blinding of another platform
   */
  readonly openNumber: (options: BlindedNumber & { readonly r: string }) => string
}

/**
 * Reads the claim `platform_number` as far as its form goes; the points are checked where they are
 * used.
 *
 * @throws CredentialError `platform_number_invalid`
 */
export function readBlindedNumber(claim: JsonValue | undefined): BlindedNumber {
  if (claim !== undefined && isJsonObject(claim)) {
    const b = memberOf(claim, 'b')
    const e = memberOf(claim, 'e')
    if (typeof b === 'string' && typeof e === 'string') return { b, e }
  }
  throw new CredentialError(
    'platform_number_invalid',
    'The platform number in the certificate has not the form {b, e}: get a new certificate.',
  )
}

/**
 * Reads a platform number as a person writes it: in any case, with blanks or hyphens between groups,
 * with O for 0 and I or L for 1.
 *
 * @returns The canonical 23 characters: `P`, 20 symbols, two check digits.
 * @throws CredentialError `platform_number_invalid`
 */
export function parsePlatformNumber(text: string): string {
  return readCrockfordNumber(text, kind)
}

/**
 * The form for people's eyes: groups of five, parted by a blank.
 *
 * @throws CredentialError `platform_number_invalid`
 */
export function formatPlatformNumber(number: string): string {
  return groupNumber(parsePlatformNumber(number))
}

const kind: NumberKind = { name: 'platform number', prefix: 'P', code: 'platform_number_invalid' }
