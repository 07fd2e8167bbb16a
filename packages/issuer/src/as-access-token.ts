import { epochSeconds } from '@netcert/credential'
import { DPOP_ALGORITHMS, DPOP_MEMORY_SECONDS, verifyDpopProof } from './as-dpop-proof.js'
import type { DpopNonces } from './as-dpop-nonces.js'
import { configurationOfIdentifier } from './as-credential-identifier.js'
import { recordHash, type RecordStore } from './as-record-store.js'
import { ANONYMOUS_CLIENT_ID } from './as-wallet-client.js'
import { IssuerError, type IssuerErrorCode } from './issuer-error.js'
import { isWardConfiguration } from './vci-configurations.js'

export type VerifyAccessTokenOptions = {
  /** The `Authorization` header. Tokens anywhere else are not looked at. */
  readonly authorization: string | undefined
  /** The `DPoP` header; two of them are refused. */
  readonly dpop: string | readonly string[] | undefined
  readonly method: string
  /** Absolute, made from the configured base URL and never from the request's `Host`. */
  readonly url: string
}

/** What an access token lets its bearer fetch, and for whom. */
export type VerifiedAccessToken = {
  /** To whom it belongs: reference in the authentic source. */
  readonly citizen: string
  /** `null` for a wallet that gave no name with its pre-authorized code. */
  readonly clientId: string | null
  /** May be asked for by `credential_configuration_id`. */
  readonly configurationIds: readonly string[]
  /** May be asked for by `credential_identifier`. */
  readonly credentialIdentifiers: readonly {
    readonly identifier: string
    readonly configurationId: string
  }[]
  /** The offer this began with, where there was one. */
  readonly offer: string | null
  /** Whether a wallet provider vouched for the wallet that was granted this. */
  readonly attested: boolean
  /** Hash of the token: names it without giving it away. */
  readonly tokenId: string
  /** The same for every token of one consent, refreshed ones included. */
  readonly grantId: string
  readonly expiresAt: Date
  /** Thumbprint of the key the token is bound to; `null` for a bearer token. */
  readonly dpopJkt: string | null
}

/**
 * @throws IssuerError `access_token_missing`, `access_token_invalid`, `dpop_proof_invalid` or
 *   `dpop_nonce_needed`; see   `tokenChallenge` for the answer.
 */
export type AccessTokenVerifier = (
  options: VerifyAccessTokenOptions,
) => Promise<VerifiedAccessToken>

const HEADER = /^(bearer|dpop) +([A-Za-z0-9\-._~+/]{16,200})$/i

/** Checks access tokens at the credential endpoints (RFC 6750 §2.1, RFC 9449 §7.1, §9). */
export function createAccessTokenVerifier(parts: {
  readonly records: RecordStore
  readonly nonces: DpopNonces
  readonly clock: () => Date
}): AccessTokenVerifier {
  const { records, nonces, clock } = parts
  return async ({ authorization, dpop, method, url }) => {
    if (authorization === undefined) {
      throw new IssuerError('access_token_missing', 'The request has no access token; send one.')
    }
    const [, scheme, token] = HEADER.exec(authorization) ?? []
    if (scheme === undefined || token === undefined) throw invalidToken()
    const now = clock()
    const verified = await readToken(records, token, now)
    const bound = verified.dpopJkt !== null
    // RFC 9449 §7.2: a bound token is never taken as a bearer token, nor the other way round.
    if (bound !== (scheme.toLowerCase() === 'dpop')) throw invalidToken()
    if (bound) await assertProof({ records, nonces, dpop, method, url, token, now, verified })
    return verified
  }
}

async function readToken(
  records: RecordStore,
  token: string,
  now: Date,
): Promise<VerifiedAccessToken> {
  const found = await records.get({ model: 'AccessToken', id: token })
  if (found === undefined) throw invalidToken()
  const expiresAt = new Date(found.expiresAt * 1000)
  if (expiresAt <= now) throw invalidToken()
  const { accountId, clientId, grantId, jkt, extra, scope } = found.content
  if (typeof accountId !== 'string' || typeof grantId !== 'string') throw invalidToken()
  // A grant that was revoked takes its tokens along, whatever order the rows are removed in.
  const grant = await records.get({ model: 'Grant', id: grantId })
  if (grant === undefined) throw invalidToken()
  const identifiers = identifiersOf(found.content['rar'])
  const detailed = new Set(identifiers.map((entry) => entry.configurationId))
  return {
    citizen: accountId,
    clientId: typeof clientId === 'string' && clientId !== ANONYMOUS_CLIENT_ID ? clientId : null,
    configurationIds: words(scope).filter((id) => !detailed.has(id) && !isWardConfiguration(id)),
    credentialIdentifiers: identifiers,
    offer: offerOf(extra),
    attested: isAttested(extra),
    tokenId: recordHash(token),
    grantId: recordHash(grantId),
    expiresAt,
    dpopJkt: typeof jkt === 'string' ? jkt : null,
  }
}

type ProofParts = Pick<VerifyAccessTokenOptions, 'dpop' | 'method' | 'url'> & {
  readonly records: RecordStore
  readonly nonces: DpopNonces
  readonly token: string
  readonly now: Date
  readonly verified: VerifiedAccessToken
}

async function assertProof(parts: ProofParts): Promise<void> {
  const { records, nonces, dpop, method, url, token, now, verified } = parts
  if (typeof dpop !== 'string' || dpop.includes(',')) throw invalidProof()
  const options = { proof: dpop, method, url, accessToken: token, now }
  const proof = await verifyDpopProof(options).catch((cause: unknown) => {
    throw invalidProof(cause)
  })
  // Before anything is noted, so that the same proof costs nothing but another one.
  if (!nonces.isFresh(proof.nonce, now)) throw nonceNeeded()
  // A sound proof by another key means that the token is in the wrong hands.
  if (proof.jkt !== verified.dpopJkt) throw invalidToken()
  const key = { model: 'ResourceProof', id: `${proof.jkt}|${proof.jti}` }
  const end = epochSeconds(now) + DPOP_MEMORY_SECONDS
  if (!(await records.putOnce(key, end))) throw invalidProof()
}

/** @returns an IssuerError `access_token_invalid` */
export function invalidToken(): IssuerError {
  return new IssuerError(
    'access_token_invalid',
    'The access token is unknown, has ended or was revoked; get a new one.',
  )
}

function invalidProof(cause?: unknown): IssuerError {
  return new IssuerError(
    'dpop_proof_invalid',
    'The DPoP proof is missing, wrong or was used before; make a fresh one for this request.',
    { cause },
  )
}

function nonceNeeded(): IssuerError {
  return new IssuerError(
    'dpop_nonce_needed',
    'The DPoP proof has no nonce of this server, or an old one; take the one of the answer.',
  )
}

function words(scope: unknown): string[] {
  return typeof scope === 'string' ? scope.split(' ').filter((word) => word !== '') : []
}

function identifiersOf(rar: unknown): { identifier: string; configurationId: string }[] {
  if (!Array.isArray(rar)) return []
  return rar.flatMap((detail: unknown) => {
    if (typeof detail !== 'object' || detail === null) return []
    if (!('credential_identifiers' in detail)) return []
    const { credential_identifiers: identifiers } = detail
    if (!Array.isArray(identifiers)) return []
    return identifiers.filter(isText).map((identifier) => {
      return { identifier, configurationId: configurationOfIdentifier(identifier) }
    })
  })
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function offerOf(extra: unknown): string | null {
  if (typeof extra !== 'object' || extra === null || !('offer' in extra)) return null
  return typeof extra.offer === 'string' ? extra.offer : null
}

function isAttested(extra: unknown): boolean {
  return (
    typeof extra === 'object' && extra !== null && 'attested' in extra && extra.attested === true
  )
}

/** How a refusal of the token is answered. */
export type TokenChallenge = {
  readonly status: 401
  readonly headers: Readonly<Record<string, string>>
  /** The name in the body too; `null` where whoever sent no token is told no error. */
  readonly error: string | null
}

const TOKEN_ERRORS: Partial<Record<IssuerErrorCode, string>> = {
  access_token_invalid: 'invalid_token',
  dpop_proof_invalid: 'invalid_dpop_proof',
  dpop_nonce_needed: 'use_dpop_nonce',
}

/**
 * The challenge for a refused token; `undefined` for an error that is about something else.
 *
 * @see RFC 6750 §3, RFC 9449 §7.1, §9
 */
export function tokenChallenge(
  error: IssuerError,
  nonce: () => string,
): TokenChallenge | undefined {
  const algorithms = `algs="${DPOP_ALGORITHMS.join(' ')}"`
  if (error.code === 'access_token_missing') {
    const headers = { 'www-authenticate': `DPoP ${algorithms}, Bearer` }
    return { status: 401, headers, error: null }
  }
  const reason = TOKEN_ERRORS[error.code]
  if (reason === undefined) return undefined
  const challenge = { 'www-authenticate': `DPoP error="${reason}", ${algorithms}` }
  const fresh: Record<string, string> =
    error.code === 'dpop_nonce_needed' ? { 'dpop-nonce': nonce() } : {}
  return { status: 401, headers: { ...challenge, ...fresh }, error: reason }
}
