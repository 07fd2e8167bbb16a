import {
  CredentialError,
  createJws,
  type JsonObject,
  type PublicJwk,
  parsePublicJwk,
  readStatus,
  resolveDidKey,
  type Signer,
  STATUS_VALID,
  type TrustedRegistrar,
  type UnverifiedJwt,
} from '@netcert/credential'
import {
  ACCREDITATION_TYP,
  type Accreditation,
  type AccreditationContent,
  type LegalBasis,
  REGISTRATION_CERT_FORMAT,
  type RegisterMembers,
} from './accreditation-content.js'
import {
  type AccreditationMembers,
  accreditationLimits,
  accreditationSchema,
  encodeAccreditation,
  MAX_ACCREDITATION_SECONDS,
  pathsOf,
  readLocalised,
} from './accreditation-schema.js'
import type { AccreditationStatusLists } from './accreditation-status.js'
import { ProtocolError, type ProtocolErrorCode } from './errors.js'
import {
  CLOCK_SKEW_SECONDS,
  type MessageKind,
  optionalInstantOf,
  proveSigned,
  readSigned,
} from './signed-message.js'
import { readBySchema } from './wire-text.js'

const kind: MessageKind = {
  typ: ACCREDITATION_TYP,
  what: 'The accreditation',
  code: 'accreditation_malformed',
}

/**
 * Signs an accreditation.
 *
 * @throws ProtocolError `accreditation_malformed` for content that no wallet would read.
 */
export async function createAccreditation(options: {
  readonly content: AccreditationContent
  readonly register: RegisterMembers
  readonly signer: Signer
}): Promise<string> {
  const { content, register, signer } = options
  const payload = encodeAccreditation(content, register)
  readAccreditation(payload, '')
  return createJws({ header: { typ: ACCREDITATION_TYP, kid: signer.keyId }, payload, signer })
}

/**
 * Reads an accreditation: its form and nothing else. Nobody is believed yet.
 *
 * @throws ProtocolError `accreditation_malformed`: among others for an entry without a readable claim,
 *   which would otherwise be an empty list, for `claim` and `claims` that differ, for a life of more
 *   than 30 days, and for names with characters that cannot be seen.
 */
export function parseAccreditation(token: string): {
  readonly accreditation: Accreditation
  readonly jws: UnverifiedJwt
} {
  if (token.length > accreditationLimits.maxCharacters) {
    throw refused('accreditation_malformed', 'it is longer than 64 KiB')
  }
  const jws = readSigned(token, kind)
  return { accreditation: readAccreditation(jws.payload, token), jws }
}

export type VerifyAccreditationOptions = {
  /** The registrars of the trust list, whatever their windows. */
  readonly registrars: readonly TrustedRegistrar[]
  readonly statusLists: AccreditationStatusLists
  readonly now: Date
}

/**
 * Verifies an accreditation: form, a registrar that was on the trust list when it was signed and is
 * now, signature, life, status. Nothing is fetched.
 *
 * @returns `status` `unknown` when no current list of this registrar is at hand: whoever decides then
 *   knows no more than that the accreditation is younger than 30 days.
 * @throws ProtocolError `accreditation_malformed`, `accreditation_untrusted`,
 *   `accreditation_signature`, `accreditation_expired`, `accreditation_revoked`,
 *   `accreditation_status`
 */
export async function verifyAccreditation(
  token: string,
  options: VerifyAccreditationOptions,
): Promise<{ readonly accreditation: Accreditation; readonly status: 'good' | 'unknown' }> {
  const { registrars, statusLists, now } = options
  const { accreditation, jws } = parseAccreditation(token)
  const { issuedAt, registrar } = accreditation
  const isListed = registrars.some(
    (one) => one.did === registrar && [issuedAt, now].every((at) => isWithin(at, one)),
  )
  if (!isListed) {
    throw refused('accreditation_untrusted', 'it comes from no registrar on the trust list')
  }
  await proveSigned(jws, resolveDidKey(registrar).jwk, { ...kind, code: 'accreditation_signature' })
  assertCurrent(accreditation, optionalInstantOf(jws.payload, 'nbf', kind), now)
  return { accreditation, status: statusOf(accreditation, statusLists, now) }
}

/** The accreditations that travel with a request, unread; at most 16 (the request's own bound). */
export function accreditationOf(verifierInfo: unknown): string[] {
  if (!Array.isArray(verifierInfo)) return []
  const entries: readonly unknown[] = verifierInfo
  return entries.flatMap((entry) => {
    if (typeof entry !== 'object' || entry === null) return []
    const { format, data } = entry as { readonly format?: unknown; readonly data?: unknown }
    return format === REGISTRATION_CERT_FORMAT && typeof data === 'string' ? [data] : []
  })
}

function readAccreditation(payload: JsonObject, token: string): Accreditation {
  const members = readBySchema(accreditationSchema, payload, {
    code: 'accreditation_malformed',
    what: 'The accreditation',
  })
  const life = members.exp - members.iat
  if (!(life > 0 && life <= MAX_ACCREDITATION_SECONDS)) {
    throw refused('accreditation_malformed', 'it lives longer than 30 days, or not at all')
  }
  const subject = members.vc?.credentialSubject.id
  if (subject !== undefined && subject !== members.sub) {
    throw refused('accreditation_malformed', 'its vc is about another platform')
  }
  return { ...accreditationFrom(members), requestJwk: requestKeyOf(members), token }
}

function accreditationFrom(
  members: AccreditationMembers,
): Omit<Accreditation, 'token' | 'requestJwk'> {
  const { name, display_name: names, status } = members
  return {
    id: members.jti,
    registrar: members.iss,
    platformId: members.sub,
    issuedAt: new Date(members.iat * 1000),
    expiresAt: new Date(members.exp * 1000),
    name: names === undefined ? { 'zh-CN': name, en: name } : readLocalised(names),
    purpose: readLocalised(members.purpose),
    purposeId: members.intended_use_id,
    credentials: members.credentials.map(({ format, meta, claim, claims }) => ({
      format,
      vctValues: meta.vct_values ?? [],
      claims: pathsOf(claim ?? claims ?? []),
    })),
    legalBasis: members.legal_basis as LegalBasis,
    maxClaims: members.max_claims,
    retentionSeconds: members.retention_seconds,
    storesRawClaims: members.stores_raw_claims,
    privacyPolicy: members.privacy_policy,
    receiptUri: members.receipt_uri,
    deletionUri: members.deletion_uri,
    reportUri: members.report_uri,
    status: status ? { index: status.status_list.idx, uri: status.status_list.uri } : null,
  }
}

function requestKeyOf({ cnf }: AccreditationMembers): PublicJwk {
  try {
    return parsePublicJwk(cnf.jwk)
  } catch (cause) {
    if (!(cause instanceof CredentialError)) throw cause
    throw refused('accreditation_malformed', 'its cnf holds no usable key', cause)
  }
}

function isWithin(at: Date, { notBefore, notAfter }: TrustedRegistrar): boolean {
  return at.getTime() >= notBefore.getTime() && at.getTime() <= notAfter.getTime()
}

function assertCurrent(
  { issuedAt, expiresAt }: Accreditation,
  notBefore: number | undefined,
  now: Date,
): void {
  const at = now.getTime()
  if (at >= expiresAt.getTime()) throw refused('accreditation_expired', 'it is over; renew it')
  const start = Math.max(issuedAt.getTime(), (notBefore ?? 0) * 1000)
  if (at + CLOCK_SKEW_SECONDS * 1000 < start) {
    const cause = new CredentialError('time_not_yet_valid', 'It is from the future by this clock.')
    throw refused('accreditation_expired', 'it is from the future; set the clock, or wait', cause)
  }
}

function statusOf(
  { status, registrar }: Accreditation,
  lists: AccreditationStatusLists,
  now: Date,
): 'good' | 'unknown' {
  if (status === null) return 'good'
  const held = lists.get(status.uri)
  // A list that somebody else signed under this address says nothing.
  if (held === undefined || held.registrar !== registrar) return 'unknown'
  let value: number
  try {
    value = readStatus(held.list, status.index)
  } catch (cause) {
    if (!(cause instanceof CredentialError)) throw cause
    throw refused('accreditation_status', 'the status list has no entry for it', cause)
  }
  // What an old list revoked stays revoked.
  if (value !== STATUS_VALID) throw refused('accreditation_revoked', 'the registrar took it back')
  return now.getTime() < held.expiresAt.getTime() ? 'good' : 'unknown'
}

function refused(code: ProtocolErrorCode, problem: string, cause?: unknown): ProtocolError {
  return new ProtocolError(code, `The accreditation is refused: ${problem}.`, { cause })
}
