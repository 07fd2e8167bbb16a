import { resolveDidKey } from './did-key.js'
import { epochSeconds } from './epoch-seconds.js'
import { CredentialError } from './errors.js'
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, memberOf } from './json.js'

/** A trust list lives 30 days at most. */
const MAX_TRUST_LIST_SECONDS = 30 * 86_400

const MAX_ENTRIES = 10_000

/** What a key on the trust list may sign: certificates, status lists, offline packs. */
export type KeyUse = 'credential' | 'status' | 'pack'

/** A key of an issuer, and from when to when it counts (both ends included). */
export type TrustedKey = {
  /** did:key of this very key. */
  readonly did: string
  readonly use: KeyUse
  readonly notBefore: Date
  readonly notAfter: Date
  /** Since when somebody else may have it: nothing is believed of it now, and of then only what came before. */
  readonly revokedAt?: Date
}

export type TrustedIssuer = {
  /** `iss` of its certificates, compared exactly. */
  readonly did: string
  /** The one way its keys are found; a certificate cannot choose another. */
  readonly mechanism: 'did:key' | 'x5c'
  /** Its status lists lie below this; ends with a slash. */
  readonly statusUriPrefix: string
  /** The `vct` it may issue. */
  readonly types: readonly string[]
  readonly keys: readonly TrustedKey[]
}

/** Who may sign accreditations of platforms. */
export type TrustedRegistrar = {
  readonly did: string
  readonly notBefore: Date
  readonly notAfter: Date
  /** As of a key. */
  readonly revokedAt?: Date
}

export type TrustListContent = {
  /** Grows with every version; a verifier never goes back. */
  readonly sequence: number
  readonly issuedAt: Date
  /** At most 30 days after `issuedAt`. */
  readonly expiresAt: Date
  /** did:key of the root that will sign later lists, announced while the present one still signs. */
  readonly nextRoot: string | null
  readonly issuers: readonly TrustedIssuer[]
  readonly registrars: readonly TrustedRegistrar[]
}

/** The payload of a trust list; the member names are those of docs/formats/trust-list.md. */
export function encodeTrustList(content: TrustListContent, rootDid: string): JsonObject {
  return {
    iss: rootDid,
    iat: epochSeconds(content.issuedAt),
    exp: epochSeconds(content.expiresAt),
    sequence: content.sequence,
    next_root: content.nextRoot,
    issuers: content.issuers.map((issuer) => ({
      iss: issuer.did,
      mechanism: issuer.mechanism,
      status_uri_prefix: issuer.statusUriPrefix,
      types: issuer.types,
      keys: issuer.keys.map((key) => ({ did: key.did, use: key.use, ...window(key) })),
    })),
    registrars: content.registrars.map((registrar) => ({
      did: registrar.did,
      ...window(registrar),
    })),
  }
}

/**
 * Reads the payload of a trust list whole; one wrong entry makes the list wrong.
 *
 * @throws CredentialError `trust_list_malformed`
 */
export function parseTrustListContent(payload: JsonObject): TrustListContent {
  const issuedAt = date(payload, 'iat')
  const expiresAt = date(payload, 'exp')
  const sequence = memberOf(payload, 'sequence')
  const nextRoot = memberOf(payload, 'next_root') ?? null
  const lifetime = (expiresAt.getTime() - issuedAt.getTime()) / 1000
  if (!(lifetime > 0 && lifetime <= MAX_TRUST_LIST_SECONDS)) throw malformed('exp')
  if (typeof sequence !== 'number' || !Number.isSafeInteger(sequence) || sequence < 1) {
    throw malformed('sequence')
  }
  if (nextRoot !== null) assertDidKey(nextRoot, 'next_root')
  const issuers = entries(payload, 'issuers').map(readIssuer)
  if (new Set(issuers.map((issuer) => issuer.did)).size !== issuers.length) {
    throw malformed('issuers: one twice')
  }
  const registrars = entries(payload, 'registrars').map(readRegistrar)
  return { sequence, issuedAt, expiresAt, nextRoot, issuers, registrars }
}

function readIssuer(entry: JsonObject): TrustedIssuer {
  const did = text(entry, 'iss')
  const mechanism = memberOf(entry, 'mechanism')
  const statusUriPrefix = text(entry, 'status_uri_prefix')
  const types = memberOf(entry, 'types')
  if (mechanism !== 'did:key' && mechanism !== 'x5c') throw malformed('mechanism')
  if (mechanism === 'did:key') assertDidKey(did, 'iss')
  else if (!/^https?:\/\/[!-~]+$/u.test(did)) throw malformed('iss')
  // Without the slash, one issuer's prefix could cover another's lists.
  if (!/^https?:\/\/[!-~]+\/$/u.test(statusUriPrefix)) throw malformed('status_uri_prefix')
  if (!isJsonArray(types) || !types.every((type): type is string => typeof type === 'string')) {
    throw malformed('types')
  }
  const keys = entries(entry, 'keys').map(readKey)
  if (new Set(keys.map((key) => `${key.use} ${key.did}`)).size !== keys.length) {
    throw malformed('keys: one twice')
  }
  return { did, mechanism, statusUriPrefix, types, keys }
}

function readKey(entry: JsonObject): TrustedKey {
  const use = memberOf(entry, 'use')
  if (!isKeyUse(use)) throw malformed('use')
  return { use, ...readRegistrar(entry) }
}

function readRegistrar(entry: JsonObject): TrustedRegistrar {
  const did = text(entry, 'did')
  const notBefore = date(entry, 'not_before')
  const notAfter = date(entry, 'not_after')
  assertDidKey(did, 'did')
  if (notAfter.getTime() < notBefore.getTime()) throw malformed('not_after')
  if (memberOf(entry, 'revoked_at') === undefined) return { did, notBefore, notAfter }
  const revokedAt = date(entry, 'revoked_at')
  // From that second on it does not count; where it was taken back whole, the window is empty.
  const end = new Date(Math.min(notAfter.getTime(), revokedAt.getTime() - 1000))
  return { did, notBefore, notAfter: end, revokedAt }
}

function isKeyUse(value: JsonValue | undefined): value is KeyUse {
  return value === 'credential' || value === 'status' || value === 'pack'
}

function assertDidKey(did: JsonValue, member: string): asserts did is string {
  try {
    resolveDidKey(did)
  } catch (cause) {
    throw malformed(member, cause)
  }
}

function entries(object: JsonObject, name: string): readonly JsonObject[] {
  const value = memberOf(object, name)
  if (!isJsonArray(value) || value.length > MAX_ENTRIES) throw malformed(name)
  return value.map((entry) => {
    if (!isJsonObject(entry)) throw malformed(name)
    return entry
  })
}

function text(object: JsonObject, name: string): string {
  const value = memberOf(object, name)
  if (typeof value !== 'string' || value === '') throw malformed(name)
  return value
}

function date(object: JsonObject, name: string): Date {
  const value = memberOf(object, name)
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw malformed(name)
  const instant = new Date(value * 1000)
  if (Number.isNaN(instant.getTime())) throw malformed(name)
  return instant
}

function window({ notBefore, notAfter, revokedAt }: Omit<TrustedRegistrar, 'did'>) {
  return {
    not_before: epochSeconds(notBefore),
    not_after: epochSeconds(notAfter),
    ...(revokedAt === undefined ? {} : { revoked_at: epochSeconds(revokedAt) }),
  }
}

function malformed(member: string, cause?: unknown): CredentialError {
  return new CredentialError(
    'trust_list_malformed',
    `The trust list cannot be read (${member}): have its publisher sign it again.`,
    { cause },
  )
}
