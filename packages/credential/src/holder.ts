import { hash } from '@netcert/credential/crypto'
import { hashAlgorithms, isHashAlgorithm, signatureAlgorithms } from './algorithms.js'
import type { ClaimPath } from './claim-path.js'
import {
  type CredentialIndex,
  chooseDisclosures,
  type HeldClaim,
  listClaims,
} from './credential-index.js'
import { technicalClaims } from './disclosure-plan.js'
import { CredentialError } from './errors.js'
import type { StatusReference } from './issue.js'
import { isJsonObject, type JsonObject, type JsonValue, sameJson } from './json.js'
import type { PublicJwk } from './jwk.js'
import { parseJws } from './jws.js'
import { createKeyBinding, readConfirmationKey } from './key-binding.js'
import { credentialLimits } from './limits.js'
import { joinSdJwt, splitSdJwt } from './sd-jwt.js'
import { processSdJwt } from './sd-jwt-process.js'
import type { Signer } from './signer.js'

export { type CredentialIndex, chooseDisclosures, type HeldClaim } from './credential-index.js'

/** A certificate as its holder sees it: everything in it, readable. */
export type HeldCredential = CredentialIndex & {
  readonly issuer: string
  readonly vct: string
  readonly issuedAt: Date
  readonly expiresAt: Date
  readonly holderJwk: PublicJwk
  readonly status: StatusReference | null
  /** The claims about the person, visible ones included; technical ones are above. */
  readonly claims: readonly HeldClaim[]
}

/** An SD-JWT as its holder sees it, whatever it certifies. */
export type HeldSdJwt = CredentialIndex & {
  /** The processed payload of RFC 9901 §7.1. */
  readonly payload: JsonObject
  /** Top-level claims, and whatever is a Disclosure. */
  readonly claims: readonly HeldClaim[]
}

/**
 * Reads a network certificate completely, without proving who signed it; see
 * `verifyReceivedCredential` for that.
 *
 * @throws CredentialError as `inspectSdJwt`, and `cnf_missing`, `cnf_unsupported`, `cnf_invalid_key`
 */
export async function inspectCredential(credential: string): Promise<HeldCredential> {
  const { payload, claims, ...index } = await inspectSdJwt(credential)
  const { iss, vct, iat, exp } = payload
  const named = typeof iss === 'string' && typeof vct === 'string'
  if (!named || typeof iat !== 'number' || typeof exp !== 'number') {
    throw new CredentialError('credential_malformed', 'It is no network certificate.')
  }
  return {
    ...index,
    issuer: iss,
    vct,
    issuedAt: new Date(iat * 1000),
    expiresAt: new Date(exp * 1000),
    holderJwk: readConfirmationKey(payload['cnf'], { allowDidKey: true }),
    status: readStatusReference(payload['status']),
    claims: claims.filter(({ path }) => !technicalClaims.has(String(path[0]))),
  }
}

/**
 * Reads an SD-JWT completely, without proving who signed it. It is read twice, by this package and
 * by @sd-jwt/core, and refused when the two see different claims: what a holder consents to must be
 * what every verifier will read.
 *
 * @throws CredentialError as `splitSdJwt`, `parseJws`, `processSdJwt`, and `kb_unexpected` for a
 * presentation, `sd_alg_unsupported`, `credential_malformed`
 * @see RFC 9901 §7.2
 */
export async function inspectSdJwt(credential: string): Promise<HeldSdJwt> {
  const parts = splitSdJwt(credential, credentialLimits)
  if (parts.keyBindingJwt !== null) {
    throw new CredentialError('kb_unexpected', 'This is a presentation, not a certificate to keep.')
  }
  const { payload: signed } = parseJws(parts.jwt, {
    algorithms: signatureAlgorithms,
    maxDepth: credentialLimits.maxDepth,
  })
  const hashAlg = signed['_sd_alg'] ?? 'sha-256'
  if (!isHashAlgorithm(hashAlg)) {
    throw new CredentialError('sd_alg_unsupported', 'The hash algorithm is not known here.')
  }
  const { payload, structure } = processSdJwt({
    payload: signed,
    disclosures: parts.disclosures,
    hashAlgorithm: hashAlg,
    limits: credentialLimits,
  })
  await assertSecondReading(credential, payload)
  const { claims, paths } = listClaims(payload, structure)
  const disclosures = parts.disclosures.map((encoded, position) => {
    return { path: paths.get(position) ?? [], encoded }
  })
  return { jwt: parts.jwt, hashAlg, disclosures, payload, claims }
}

export type CreatePresentationOptions = {
  /** The certificate, or what `inspectCredential` made of it, which is many times faster. */
  readonly credential: string | CredentialIndex
  /** The claims to show; parents come along, whatever is below a path stays hidden. */
  readonly paths: readonly ClaimPath[]
  /** The key in `cnf`. */
  readonly signer: Signer
  readonly audience: string
  readonly nonce: string
  readonly issuedAt: Date
  /** More claims of the KB-JWT. */
  readonly keyBindingClaims?: JsonObject
}

/**
 * Makes a presentation: the chosen Disclosures, and a key binding to one verifier and one request.
 * No paths means no Disclosures, never all of them.
 *
 * @throws CredentialError `unknown_claim`, and as `inspectCredential`
 * @see RFC 9901 §4.3, §7.2
 */
export async function createPresentation(options: CreatePresentationOptions): Promise<string> {
  const { credential } = options
  const index = typeof credential === 'string' ? await inspectCredential(credential) : credential
  // A chosen path brings its parents, so there is nothing to check again.
  const chosen = chooseDisclosures(index, options.paths)
  const boundText = joinSdJwt(
    index.jwt,
    chosen.map((position) => index.disclosures[position]?.encoded ?? ''),
  )
  const keyBinding = await createKeyBinding({
    boundText,
    hashAlgorithm: index.hashAlg,
    audience: options.audience,
    nonce: options.nonce,
    issuedAt: options.issuedAt,
    signer: options.signer,
    claims: options.keyBindingClaims ?? {},
  })
  return boundText + keyBinding
}

/**
 * The certificate with only the Disclosures at `positions`, in this order.
 *
 * @throws CredentialError `disclosure_unreferenced` for a position that was not issued, or a
 * Disclosure whose parent is not chosen; `disclosure_duplicate` for one chosen twice.
 * @see RFC 9901 §7.2, presentation steps 1 and 2
 */
export function selectDisclosures(index: CredentialIndex, positions: readonly number[]): string {
  const chosen = positions.map((position) => {
    const disclosure = index.disclosures[position]
    if (disclosure === undefined) throw orphan()
    return disclosure
  })
  if (new Set(positions).size !== positions.length) {
    throw new CredentialError('disclosure_duplicate', 'A disclosure was chosen twice.')
  }
  for (const { path } of chosen) {
    const parents = index.disclosures.filter((other) => isAbove(other.path, path))
    if (!parents.every((parent) => chosen.includes(parent))) throw orphan()
  }
  return joinSdJwt(
    index.jwt,
    chosen.map(({ encoded }) => encoded),
  )
}

function orphan(): CredentialError {
  return new CredentialError(
    'disclosure_unreferenced',
    'A chosen disclosure is not in the certificate, or its parent is not chosen.',
  )
}

function isAbove(parent: ClaimPath, path: ClaimPath): boolean {
  return parent.length < path.length && parent.every((step, at) => step === path[at])
}

/** Reads the same text with @sd-jwt/core; our own bounds were checked before, its are missing. */
async function assertSecondReading(credential: string, payload: JsonObject): Promise<void> {
  const { SDJwt } = await import('@sd-jwt/core')
  const hasher = (data: string | ArrayBuffer, alg: string) => {
    if (!isHashAlgorithm(alg)) throw new TypeError(`one of ${hashAlgorithms.join(', ')}`)
    return hash(alg, typeof data === 'string' ? data : new Uint8Array(data))
  }
  let second: JsonValue
  try {
    const read = await SDJwt.fromEncode(credential, hasher)
    second = await read.getClaims<JsonObject>(hasher)
  } catch (cause) {
    throw new CredentialError('credential_malformed', 'A second reader cannot read it.', { cause })
  }
  if (!sameJson(second, payload)) {
    throw new CredentialError('credential_malformed', 'Two readers see different claims in it.')
  }
}

function readStatusReference(status: JsonValue | undefined): StatusReference | null {
  if (status === undefined) return null
  const list = isJsonObject(status) ? status['status_list'] : undefined
  const { uri, idx } = isJsonObject(list) ? list : {}
  if (typeof uri === 'string' && typeof idx === 'number') return { uri, index: idx }
  throw new CredentialError('credential_malformed', 'Its status is no entry of a status list.')
}
