import { type ClaimPath, isClaimPath } from './claim-path.js'
import { CredentialError } from './errors.js'
import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  memberOf,
  parseJson,
} from './json.js'
import { assertClaimDisplay, assertTypeDisplay } from './type-metadata-display.js'

/** Whether a claim must, may or must not be selectively disclosable. */
export type DisclosureRule = 'always' | 'allowed' | 'never'

/** What a type says about one claim. Absent members keep their defaults: not mandatory, allowed. */
export type ClaimMetadata = {
  readonly path: ClaimPath
  readonly mandatory?: boolean
  readonly sd?: DisclosureRule
  readonly svgId?: string
  readonly display?: readonly JsonValue[]
}

/** A type metadata document, checked as a whole; unknown members are ignored. */
export type TypeMetadata = {
  readonly vct: string
  readonly extends?: string
  readonly extendsIntegrity?: JsonValue
  readonly display?: readonly JsonValue[]
  readonly claims: readonly ClaimMetadata[]
}

const MAX_DOCUMENT_CHARACTERS = 1024 * 1024
const MAX_CLAIMS = 1024

/**
 * Reads a type metadata document and checks its form, since a malformed one fails the certificate.
 *
 * @throws CredentialError `type_metadata_malformed`
 * @see SD-JWT VC §5.2, §5.5, §5.6
 */
export function parseTypeMetadata(text: string): TypeMetadata {
  return readTypeMetadata(parseDocument(text))
}

function parseDocument(text: string): JsonObject {
  if (text.length > MAX_DOCUMENT_CHARACTERS) throw malformed('it is too long')
  let value: JsonValue
  try {
    value = parseJson(text, { maxDepth: 32 })
  } catch (cause) {
    throw malformed('it is not JSON', cause)
  }
  if (!isJsonObject(value)) throw malformed('it is not an object')
  return value
}

function readTypeMetadata(document: JsonObject): TypeMetadata {
  const vct = memberOf(document, 'vct')
  const base = memberOf(document, 'extends')
  const extendsIntegrity = memberOf(document, 'extends#integrity')
  const display = memberOf(document, 'display')
  if (typeof vct !== 'string' || vct === '') throw malformed('vct is not a string')
  if (base !== undefined && (typeof base !== 'string' || base === '')) {
    throw malformed('extends is not a string')
  }
  assertText(document, 'name')
  assertText(document, 'description')
  if (display !== undefined) assertTypeDisplay(display)
  return {
    vct,
    claims: readClaims(memberOf(document, 'claims')),
    ...(base === undefined ? {} : { extends: base }),
    ...(extendsIntegrity === undefined ? {} : { extendsIntegrity }),
    ...(display === undefined ? {} : { display }),
  }
}

function readClaims(value: JsonValue | undefined): readonly ClaimMetadata[] {
  if (value === undefined) return []
  if (!isJsonArray(value) || value.length > MAX_CLAIMS) throw malformed('claims is not an array')
  const claims = value.map(readClaim)
  assertDistinct(claims)
  return claims
}

function readClaim(value: JsonValue): ClaimMetadata {
  if (!isJsonObject(value)) throw malformed('a claim is not an object')
  const path = memberOf(value, 'path')
  const mandatory = memberOf(value, 'mandatory')
  const sd = memberOf(value, 'sd')
  const svgId = memberOf(value, 'svg_id')
  const display = memberOf(value, 'display')
  if (!isClaimPath(path)) throw malformed('a claim has no proper path')
  if (mandatory !== undefined && typeof mandatory !== 'boolean') {
    throw malformed('mandatory is not a boolean')
  }
  if (sd !== undefined && !isDisclosureRule(sd)) throw malformed('sd is no known rule')
  if (svgId !== undefined && !isSvgId(svgId)) throw malformed('svg_id is not a plain name')
  if (display !== undefined) assertClaimDisplay(display)
  return {
    path,
    ...(mandatory === undefined ? {} : { mandatory }),
    ...(sd === undefined ? {} : { sd }),
    ...(svgId === undefined ? {} : { svgId }),
    ...(display === undefined ? {} : { display }),
  }
}

/**
 * Two claims of one path would say two things, and two of one `svg_id` fill one place.
 *
 * @throws CredentialError `type_metadata_malformed`
 */
export function assertDistinct(claims: readonly ClaimMetadata[]): void {
  const paths = new Set(claims.map((claim) => JSON.stringify(claim.path)))
  const named = claims.flatMap((claim) => (claim.svgId === undefined ? [] : [claim.svgId]))
  if (paths.size !== claims.length) throw malformed('two claims have the same path')
  if (new Set(named).size !== named.length) throw malformed('two claims have the same svg_id')
}

function isDisclosureRule(value: JsonValue): value is DisclosureRule {
  return value === 'always' || value === 'allowed' || value === 'never'
}

function isSvgId(value: JsonValue): value is string {
  return typeof value === 'string' && /^[A-Za-z_][A-Za-z0-9_]*$/u.test(value)
}

function assertText(document: JsonObject, name: string): void {
  const value = memberOf(document, name)
  if (value !== undefined && typeof value !== 'string') throw malformed(`${name} is not a string`)
}

function malformed(reason: string, cause?: unknown): CredentialError {
  return new CredentialError(
    'type_metadata_malformed',
    `The type metadata cannot be used: ${reason}. Have its publisher correct it.`,
    { cause },
  )
}
