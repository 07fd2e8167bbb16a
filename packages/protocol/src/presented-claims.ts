import {
  type ClaimPath,
  credentialLimits,
  hashAlgorithms,
  isJsonArray,
  isJsonObject,
  type JsonValue,
  type ProcessedSdJwt,
  parseJws,
  processSdJwt,
  signatureAlgorithms,
  splitSdJwt,
} from '@netcert/credential'
import { hashBase64Url } from '@netcert/credential/crypto'
import type { ShownClaim } from './claim-total.js'

/** A presentation as it is named in a receipt: which text it was, and what it showed. */
export type PresentedClaims = {
  /** SHA-256 of the whole text, base64url. */
  readonly hash: string
  readonly vct: string
  /** The claims that came by Disclosure and have none below themselves, in their text's order. */
  readonly claims: readonly ClaimPath[]
}

/**
 * What a presentation shows, read from its text: both ends find the same without agreeing on it. No
 * signature is looked at, and no value is returned.
 *
 * @throws CredentialError when the text is no SD-JWT.
 */
export function presentedClaims(presentation: string): PresentedClaims {
  const { jwt, disclosures } = splitSdJwt(presentation, credentialLimits)
  const { payload } = parseJws(jwt, {
    algorithms: signatureAlgorithms,
    maxDepth: credentialLimits.maxDepth,
  })
  const { _sd_alg: named, vct } = payload
  const processed = processSdJwt({
    payload,
    disclosures,
    hashAlgorithm: hashAlgorithms.find((algorithm) => algorithm === named) ?? 'sha-256',
    limits: credentialLimits,
  })
  return {
    hash: hashBase64Url('sha-256', presentation),
    vct: typeof vct === 'string' ? vct : '',
    claims: disclosedBelow(processed, processed.payload, []),
  }
}

/** The same as a list of claims, over several presentations. */
export function shownClaims(presentations: readonly string[]): readonly ShownClaim[] {
  return presentations
    .map(presentedClaims)
    .flatMap(({ vct, claims }) => claims.map((path) => ({ vct, path })))
}

type Place = {
  readonly step: string | number
  readonly value: JsonValue
  readonly disclosed: boolean
}

/** As deep as the certificate, which is bounded. */
function disclosedBelow(
  processed: ProcessedSdJwt,
  value: JsonValue,
  above: ClaimPath,
): readonly ClaimPath[] {
  return placesIn(processed, value).flatMap(({ step, value: inner, disclosed }) => {
    const path = [...above, step]
    const below = disclosedBelow(processed, inner, path)
    return below.length === 0 && disclosed ? [path] : below
  })
}

function placesIn({ structure }: ProcessedSdJwt, value: JsonValue): readonly Place[] {
  if (isJsonObject(value)) {
    const names = structure.disclosedNames.get(value)
    return Object.entries(value).map(([step, inner]) => ({
      step,
      value: inner,
      disclosed: names?.has(step) === true,
    }))
  }
  if (!isJsonArray(value)) return []
  const issued = structure.issuedArrays.get(value)
  // Positions count the array as issued, elements held back included.
  const elements = issued ?? value.map((element) => ({ state: 'plain', value: element }))
  return elements.flatMap((element, step) =>
    element.state === 'hidden'
      ? []
      : [{ step, value: element.value, disclosed: element.state === 'disclosed' }],
  )
}
