import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { certificateTypes, claimClass, epochSeconds } from '@netcert/credential'
import type {
  AccreditationStore,
  RegistrarList,
  StoredAccreditation,
} from './accreditation-store.js'
import { registrarAddresses } from './accrediting.js'
import { makeFolder, writeAtomically } from './atomic-file.js'
import { readRegistration } from './platform-registering.js'
import type { RegisteredPurpose } from './platform-registration.js'
import type { PlatformStore, StoredPlatform } from './platform-store.js'

export type RegisterParts = {
  readonly platforms: PlatformStore
  readonly accreditations: AccreditationStore
  readonly baseUrl: string
  readonly clock: () => Date
  /** Lists whose accreditations are believed: not those of a key that was taken back. */
  readonly believed: () => Promise<readonly Pick<RegistrarList, 'list'>[]>
}

const FILE_MODE = 0o644
const FOLDER_MODE = 0o755

/** The page and what it loads; files of this package, handed out as they are. */
const REGISTER_PAGE = ['index.html', 'register.css', 'register-texts.js', 'register.js'] as const

/**
 * Writes the public register: who may ask what, why, by which law; a page for people, JSON for
 * programs. Gives the number of platforms.
 *
 * @see docs/formats/register.md
 */
export async function publishRegister(parts: RegisterParts, out: string): Promise<number> {
  const folder = join(out, 'register')
  await makeFolder(join(folder, 'platforms'), FOLDER_MODE)
  const now = epochSeconds(parts.clock())
  const believed = new Set((await parts.believed()).map(({ list }) => list))
  const counting = await parts.accreditations.current(now)
  const current = groupByPlatform(counting.filter(({ list }) => believed.has(list)))
  const entries = []
  for (const stored of await parts.platforms.list()) {
    const accreditations = current.get(stored.id) ?? []
    const entry = registerEntry(stored, accreditations)
    const tokens = accreditations.map(({ token }) => token)
    const whole = { ...entry, ...contactOf(stored), accreditations: tokens }
    await write(join(folder, entry.file), json(whole))
    entries.push(entry)
  }
  const { registerUri, reportUri } = registrarAddresses(parts.baseUrl)
  const register = {
    format: 'netcert-register/1',
    as_of: now,
    register_uri: registerUri,
    report_uri: reportUri,
    platforms: entries,
  }
  await write(join(folder, 'register.json'), json(register))
  // A page opened from a folder may load a script beside it, but no JSON.
  await write(join(folder, 'register-data.js'), `globalThis.netcertRegister = ${json(register)}`)
  for (const name of REGISTER_PAGE) await write(join(folder, name), await readPage(name))
  return entries.length
}

/** Name of a platform's file; its id may hold slashes. */
export function platformFileName(id: string): string {
  return `${createHash('sha256').update(id, 'utf8').digest('base64url')}.json`
}

function registerEntry(stored: StoredPlatform, current: readonly StoredAccreditation[]) {
  const { name, operator, addresses, purposes } = readRegistration(stored)
  return {
    id: stored.id,
    name,
    operator,
    website: addresses.website,
    privacy_policy: addresses.privacy_policy,
    registered_at: stored.registered_at,
    removed_at: stored.removed_at,
    file: `platforms/${platformFileName(stored.id)}`,
    purposes: purposes.map((purpose) => purposeEntry(purpose, current)),
  }
}

function purposeEntry(purpose: RegisteredPurpose, current: readonly StoredAccreditation[]) {
  const { credentials, ...said } = purpose
  const newest = current.find((one) => one.purpose === purpose.id)
  const accredited =
    newest === undefined
      ? null
      : { id: newest.id, issued_at: newest.issued_at, expires_at: newest.expires_at }
  return { ...said, accredited, claims: credentials.flatMap(claimEntries) }
}

/** Claims with the names people read; one that two types share stands there once for each. */
function claimEntries({ vct_values: types, claims }: RegisteredPurpose['credentials'][number]) {
  return types.flatMap((vct) => {
    const type = certificateTypes.get(vct)
    if (type === undefined) return []
    return claims.map((path) => ({
      vct,
      path,
      class: claimClass(type, path),
      type_name: type.name,
      label: labelOf(type.claims, path),
    }))
  })
}

type Rules = Parameters<typeof claimClass>[0]['claims']

function labelOf(rules: Rules, path: readonly string[]) {
  const own = rules.find((rule) => JSON.stringify(rule.path) === JSON.stringify(path))
  const name = path.join('.')
  return own?.label ?? { 'zh-CN': name, en: name }
}

/** What programs need and the overview does not. */
function contactOf(stored: StoredPlatform) {
  const { request_jwk, addresses } = readRegistration(stored)
  return { request_jwk, receipt_uri: addresses.receipt, deletion_uri: addresses.deletion }
}

function groupByPlatform(
  accreditations: readonly StoredAccreditation[],
): ReadonlyMap<string, StoredAccreditation[]> {
  const groups = new Map<string, StoredAccreditation[]>()
  for (const one of accreditations) {
    const group = groups.get(one.platform)
    if (group === undefined) groups.set(one.platform, [one])
    else group.push(one)
  }
  return groups
}

function readPage(name: (typeof REGISTER_PAGE)[number]): Promise<string> {
  // By the package's own name: found from the sources, the build and a bundle alike.
  const file = createRequire(import.meta.url).resolve(`@netcert/issuer/register/${name}`)
  return readFile(file, 'utf8')
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

function write(file: string, text: string): Promise<void> {
  return writeAtomically(file, text, FILE_MODE)
}
