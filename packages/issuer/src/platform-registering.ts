import { createHash } from 'node:crypto'
import { epochSeconds, jwkThumbprint } from '@netcert/credential'
import type { AlsoRecorded } from './audit/audit-trail.js'
import { IssuerError } from './issuer-error.js'
import { examineRegistration, type RegistrationProblem } from './platform-examination.js'
import { nameSkeleton } from './platform-name.js'
import { type PlatformRegistration, platformRegistrationSchema } from './platform-registration.js'
import type { PlatformRow, PlatformStore, StoredPlatform } from './platform-store.js'

export type RegisterOptions = {
  /** The parsed file. */
  readonly value: unknown
  /** Whether a registration that is there may be changed. */
  readonly update: boolean
  /** Commits with what is stored. */
  readonly also?: (trx: Parameters<AlsoRecorded>[0], platform: string) => Promise<void>
}

export type RegisterReport = {
  readonly platform: string
  readonly purposes: readonly string[]
  readonly outcome: 'registered' | 'changed' | 'unchanged'
}

/**
 * Registers a platform, or changes what is registered. Nothing is stored unless everything is right.
 *
 * @throws IssuerError `registration_invalid` with every problem, `platform_exists`,
 *   `platform_removed`, `platform_name_taken`, `platform_key_taken`.
 */
export async function registerPlatform(
  platforms: PlatformStore,
  now: Date,
  { value, update, also }: RegisterOptions,
): Promise<RegisterReport> {
  const { registration, problems } = examineRegistration(value)
  if (registration === null) throw invalid(problems)
  const row = platformRow(registration, now)
  const known = await platforms.get(row.id)
  if (known !== undefined) assertSamePlatform(known, row)
  const purposes = registration.purposes.map(({ id }) => id)
  const report = { platform: row.id, purposes }
  if (known?.registration === row.registration) return { ...report, outcome: 'unchanged' }
  await assertNameFree(platforms, row)
  if (known !== undefined && !update) throw exists()
  await assertKeysFree(platforms, registration)
  const recorded: AlsoRecorded = async (trx) => also?.(trx, row.id)
  const put =
    known === undefined
      ? await platforms.put(row, recorded)
      : await platforms.replace(row, recorded)
  if (put === 'key_taken') throw keyTaken()
  if (put === 'id_taken') throw exists()
  return { ...report, outcome: known === undefined ? 'registered' : 'changed' }
}

/** What is registered of a platform. */
export function readRegistration({ registration }: StoredPlatform): PlatformRegistration {
  return platformRegistrationSchema.parse(JSON.parse(registration))
}

function platformRow(registration: PlatformRegistration, now: Date): PlatformRow {
  const at = epochSeconds(now)
  return {
    id: registration.id,
    registration: JSON.stringify(registration),
    operator: registration.operator.registration_number,
    request_key: jwkThumbprint(registration.request_jwk),
    skeleton_zh: skeletonOf(registration.name['zh-CN']),
    skeleton_en: skeletonOf(registration.name.en),
    registered_at: at,
    changed_at: at,
  }
}

/** Hashed, since it is only compared, and case folding can make a text longer than its column. */
function skeletonOf(name: string): string {
  return createHash('sha256').update(nameSkeleton(name)).digest('base64url')
}

function assertSamePlatform(known: StoredPlatform, row: PlatformRow): void {
  if (known.removed_at !== null) throw removed()
  if (known.operator === row.operator) return
  throw new IssuerError(
    'platform_exists',
    'This id belongs to another operator, and people’s numbers hang on it. Choose another id; a company that took over another keeps both.',
  )
}

async function assertNameFree(platforms: PlatformStore, row: PlatformRow): Promise<void> {
  const [other] = await platforms.lookingLike(row)
  if (other === undefined) return
  throw new IssuerError(
    'platform_name_taken',
    `The name looks like that of ${other.id}, of another operator. Choose one that nobody mistakes for it.`,
  )
}

/** Keys of single purposes count as well: who signs with a key is one platform, and one alone. */
async function assertKeysFree(
  platforms: PlatformStore,
  registration: PlatformRegistration,
): Promise<void> {
  const keys = keysOf(registration)
  const others = (await platforms.list()).filter(({ id }) => id !== registration.id)
  if (
    others.flatMap((other) => keysOf(readRegistration(other))).some((key) => keys.includes(key))
  ) {
    throw keyTaken()
  }
}

function keysOf({ request_jwk: own, purposes }: PlatformRegistration): readonly string[] {
  const more = purposes.flatMap(({ request_jwk: jwk }) => (jwk === undefined ? [] : [jwk]))
  return [own, ...more].map((jwk) => jwkThumbprint(jwk))
}

/** At most so many problems are told; more of them are of the same kind. */
const PROBLEMS_TOLD = 40

function invalid(problems: readonly RegistrationProblem[]): IssuerError {
  const told = problems.slice(0, PROBLEMS_TOLD).map(({ place, what }) => `${place} ${what}`)
  const more = problems.length > PROBLEMS_TOLD ? '; and more' : ''
  return new IssuerError(
    'registration_invalid',
    `The registration is wrong: ${told.join('; ')}${more}. Correct all of it; nothing was stored.`,
  )
}

/** @throws nothing: makes the error for an id whose platform is gone. */
export function removed(): IssuerError {
  return new IssuerError(
    'platform_removed',
    'This platform was removed, and its id is never given again. Register another id.',
  )
}

function exists(): IssuerError {
  return new IssuerError(
    'platform_exists',
    'A platform of this id is registered already. Use --update to change what is registered.',
  )
}

function keyTaken(): IssuerError {
  return new IssuerError(
    'platform_key_taken',
    'Another platform signs with this request key. Make a key for each platform.',
  )
}
