import { epochSeconds, type JsonObject, type StatusReference } from '@netcert/credential'
import {
  type AccreditationContent,
  encodeAccreditation,
  parseAccreditation,
} from '@netcert/protocol'
import type { AlsoRecorded } from './audit/audit-trail.js'
import type {
  AccreditationGuard,
  AccreditationStore,
  StoredAccreditation,
} from './accreditation-store.js'
import { IssuerError } from './issuer-error.js'
import { readRegistration, removed } from './platform-registering.js'
import type { PlatformRegistration, RegisteredPurpose } from './platform-registration.js'
import type { PlatformStore, StoredPlatform } from './platform-store.js'
import { createReference } from './reference.js'

const DAY_SECONDS = 86_400
/** An accreditation lives 30 days at most. */
const MOST_DAYS = 30
/** What ends within so many days is renewed; of a short one, in the second half of its life. */
export const RENEW_BEFORE_SECONDS = 10 * DAY_SECONDS

export type AccreditingParts = {
  readonly platforms: PlatformStore
  readonly accreditations: AccreditationStore
  readonly clock: () => Date
  readonly baseUrl: string
  /** The registrar's key of the moment: another process can rotate. */
  readonly registrar: () => Promise<RegistrarKey>
  /** Aliases of its keys that were taken back: what they signed is refused, and signed anew. */
  readonly withdrawn: () => Promise<ReadonlySet<string>>
  /** Commits with every accreditation, and is told which. */
  readonly also?: (trx: Parameters<AlsoRecorded>[0], accredited: Accredited) => Promise<void>
  /** Signs the payload as a W3C VC-JWT of `typ` rc-wrp+jwt, by the key that `iss` names. */
  readonly sign: (payload: JsonObject) => Promise<string>
}

/** An accreditation as it is put on record. */
export type Accredited = {
  readonly id: string
  readonly platform: string
  readonly purpose: string
  /** The one it takes the place of, where it was renewed. */
  readonly renews: string | null
}

/** A key of the registrar: its name in the key store, and its did:key. */
export type RegistrarKey = { readonly alias: string; readonly did: string }

export type AccreditOptions = {
  readonly platform: string
  readonly purpose: string
  /** 1 to 30; 30 when nothing else is said. */
  readonly days?: number
}

export type SignedAccreditation = {
  readonly id: string
  readonly platform: string
  readonly purpose: string
  readonly expiresAt: Date
  readonly token: string
}

export type RenewReport = {
  readonly renewed: readonly Omit<SignedAccreditation, 'token'>[]
  /** Not renewed, since the purpose is no longer registered. */
  readonly ended: readonly { readonly platform: string; readonly purpose: string }[]
}

/**
 * Signs an accreditation for one purpose of a platform. It is stored, and so can be revoked, before
 * anybody gets it.
 *
 * @throws IssuerError `accreditation_days`, `platform_unknown`, `platform_removed`,
 *   `purpose_unknown`.
 */
export async function accredit(
  parts: AccreditingParts,
  { platform, purpose, days = MOST_DAYS }: AccreditOptions,
): Promise<SignedAccreditation> {
  if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS) {
    throw new IssuerError('accreditation_days', `An accreditation lives 1 to ${MOST_DAYS} days.`)
  }
  for (;;) {
    const stored = await storedOf(parts.platforms, platform)
    const registration = readRegistration(stored)
    const registered = registration.purposes.find(({ id }) => id === purpose)
    if (registered === undefined) throw purposeUnknown(registration)
    const signed = await signOne(parts, registration, registered, days * DAY_SECONDS)
    const guard = { renews: null, signedFor: stored.registration }
    if (await keep(parts, signed, guard)) return signed.accreditation
    // Removed or changed meanwhile: what is registered now decides.
  }
}

/** Renews what ends soon and is still registered; what was revoked or removed stays ended. */
export async function renewAccreditations(parts: AccreditingParts): Promise<RenewReport> {
  const now = parts.clock().getTime() / 1000
  const renewed: Omit<SignedAccreditation, 'token'>[] = []
  const ended: { platform: string; purpose: string }[] = []
  const refused = await listsOfWithdrawn(parts)
  for (const old of await parts.accreditations.newest()) {
    if (old.revoked_at !== null || !(refused.has(old.list) || isDue(old, now))) continue
    const { platform, purpose } = old
    const stored = await parts.platforms.get(platform)
    if (stored === undefined || stored.removed_at !== null) continue
    const registration = readRegistration(stored)
    const registered = registration.purposes.find(({ id }) => id === purpose)
    if (registered === undefined) {
      ended.push({ platform, purpose })
      continue
    }
    const life = old.expires_at - old.issued_at
    const signed = await signOne(parts, registration, registered, life)
    // What was changed at this moment is renewed next time, as it is registered then.
    if (!(await keep(parts, signed, { renews: old.id, signedFor: stored.registration }))) continue
    const { token: _token, ...report } = signed.accreditation
    renewed.push(report)
  }
  return { renewed, ended }
}

/** Lists whose accreditations nobody believes any more, since their key was taken back. */
async function listsOfWithdrawn(parts: AccreditingParts): Promise<ReadonlySet<number>> {
  const withdrawn = await parts.withdrawn()
  const lists = await parts.accreditations.lists()
  return new Set(lists.flatMap((one) => (withdrawn.has(one.registrar) ? [one.list] : [])))
}

function isDue({ issued_at: start, expires_at: end }: StoredAccreditation, now: number): boolean {
  return end - now <= Math.min(RENEW_BEFORE_SECONDS, (end - start) / 2)
}

/** @throws IssuerError `platform_unknown`, `platform_removed`. */
async function storedOf(platforms: PlatformStore, id: string): Promise<StoredPlatform> {
  const stored = await platforms.get(id)
  if (stored === undefined) throw platformUnknown()
  if (stored.removed_at !== null) throw removed()
  return stored
}

/** Addresses of the registrar that accreditations name. */
export function registrarAddresses(baseUrl: string) {
  return {
    statusUri: (list: number) => `${baseUrl}/registrar/status/${list}`,
    reportUri: `${baseUrl}/registrar/reports`,
    registerUri: `${baseUrl}/register/`,
  }
}

type Signed = {
  readonly accreditation: SignedAccreditation
  readonly issuedAt: Date
  readonly place: { readonly list: number; readonly sequence: number }
}

async function signOne(
  parts: AccreditingParts,
  registration: PlatformRegistration,
  purpose: RegisteredPurpose,
  lifeSeconds: number,
): Promise<Signed> {
  const { accreditations, baseUrl, clock } = parts
  const { alias, did: registrar } = await parts.registrar()
  const { statusUri, registerUri } = registrarAddresses(baseUrl)
  const place = await accreditations.takePlace(alias)
  const issuedAt = new Date(epochSeconds(clock()) * 1000)
  const expiresAt = new Date(issuedAt.getTime() + lifeSeconds * 1000)
  const id = createReference('a')
  const status = { uri: statusUri(place.list), index: place.sequence }
  const content = contentOf({ registration, purpose, registrar, baseUrl, status })
  const payload = encodeAccreditation(
    { ...content, id, issuedAt, expiresAt },
    { registryUri: registerUri, country: 'CN' },
  )
  const token = await parts.sign(payload)
  // What no wallet could read is found here and not there.
  parseAccreditation(token)
  const named = { platform: registration.id, purpose: purpose.id }
  return { accreditation: { id, ...named, expiresAt, token }, issuedAt, place }
}

function contentOf(options: {
  readonly registration: PlatformRegistration
  readonly purpose: RegisteredPurpose
  readonly registrar: string
  readonly baseUrl: string
  readonly status: StatusReference
}): Omit<AccreditationContent, 'id' | 'issuedAt' | 'expiresAt'> {
  const { registration, purpose, registrar, baseUrl, status } = options
  return {
    registrar,
    platformId: registration.id,
    requestJwk: purpose.request_jwk ?? registration.request_jwk,
    name: registration.name,
    purpose: purpose.purpose,
    purposeId: purpose.id,
    credentials: purpose.credentials.map(({ format, vct_values: vctValues, claims }) => ({
      format,
      vctValues,
      claims,
    })),
    legalBasis: purpose.legal_basis as AccreditationContent['legalBasis'],
    maxClaims: purpose.max_claims,
    retentionSeconds: purpose.retention_seconds,
    storesRawClaims: purpose.stores_raw_claims,
    privacyPolicy: registration.addresses.privacy_policy,
    receiptUri: registration.addresses.receipt,
    deletionUri: registration.addresses.deletion,
    reportUri: registrarAddresses(baseUrl).reportUri,
    status,
  }
}

function keep(
  parts: AccreditingParts,
  signed: Signed,
  guard: AccreditationGuard,
): Promise<boolean> {
  const { accreditation, issuedAt, place } = signed
  const { expiresAt, ...row } = accreditation
  const times = {
    issued_at: issuedAt.getTime() / 1000,
    expires_at: expiresAt.getTime() / 1000,
  }
  const { id, platform, purpose } = accreditation
  const accredited = { id, platform, purpose, renews: guard.renews }
  return parts.accreditations.put({ ...row, ...times, ...place }, guard, async (trx) =>
    parts.also?.(trx, accredited),
  )
}

/** @returns an IssuerError `platform_unknown` */
export function platformUnknown(): IssuerError {
  return new IssuerError(
    'platform_unknown',
    'No platform of this id is registered. List them with netcert platform list.',
  )
}

function purposeUnknown({ purposes }: PlatformRegistration): IssuerError {
  const known = purposes.map(({ id }) => id).join(', ')
  return new IssuerError(
    'purpose_unknown',
    `The platform has registered no such purpose. Its purposes are: ${known}.`,
  )
}
