import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import type { FreshnessPolicy } from '@netcert/credential'
import { VerifierError } from './errors.js'
import { chooseFreshness, freshnessPresets } from './freshness-choice.js'

/** Where the things of a verifier lie. */
export type VerifierFolder = {
  readonly dir: string
  readonly settings: string
  readonly masterKey: string
  readonly caKey: string
  readonly caPem: string
  readonly certificatePem: string
  /** Newest list versions seen, kept over restarts. */
  readonly state: string
  /** Lists that the updater brought, where they come from a URL. */
  readonly lists: string
  /** Offline packs that were brought, whatever else trust comes from. */
  readonly packs: string
  /** Which platform this is; made with its first accreditation. */
  readonly platform: string
  /** One accreditation for each purpose. */
  readonly accreditations: string
}

/** Where each file of a verifier lies; looks at none of them. */
export function verifierFolder(dir: string): VerifierFolder {
  return {
    dir,
    settings: join(dir, 'verifier.json'),
    masterKey: join(dir, 'secrets', 'master.key'),
    caKey: join(dir, 'secrets', 'ca.key'),
    caPem: join(dir, 'ca.pem'),
    certificatePem: join(dir, 'request-1.pem'),
    state: join(dir, 'trust-state.json'),
    lists: join(dir, 'lists'),
    packs: join(dir, 'packs'),
    platform: join(dir, 'platform.json'),
    accreditations: join(dir, 'accreditations'),
  }
}

/** The database of a folder that names no other. */
export const SQLITE_DATABASE = { sqlite: 'verifier.sqlite' }

const freshnessSchema = z.union([z.enum(freshnessPresets), z.record(z.string(), z.unknown())])

const settingsSchema = z.object({
  base_url: z.string().min(1).max(2_048),
  root_did: z.string().min(1).max(256),
  lists: z.union([
    z.object({ dir: z.string() }),
    z.object({ url: z.string() }),
    // Offline packs are all there is; the others take them as well. Brought by hand, or from a URL.
    z.object({ packs: z.union([z.literal(true), z.object({ url: z.string() })]) }),
  ]),
  database: z
    .union([
      z.object({ sqlite: z.string() }).readonly(),
      z.object({ postgres_url_file: z.string() }).readonly(),
    ])
    .default(SQLITE_DATABASE),
  freshness: freshnessSchema,
  /** Policies of single queries, by their name. */
  query_freshness: z.record(z.string().max(128), freshnessSchema).default({}),
  created_at: z.string(),
})
export type VerifierSettings = z.infer<typeof settingsSchema>

/** The folder of published lists that a verifier reads. */
export function listsFolder(folder: VerifierFolder, { lists }: VerifierSettings): string {
  return 'dir' in lists ? lists.dir : folder.lists
}

/**
 * Reads the settings of a data folder.
 *
 * @throws VerifierError `verifier_missing`, `config_invalid`
 */
export async function readSettings(folder: VerifierFolder): Promise<VerifierSettings> {
  const text = await readFile(folder.settings, 'utf8').catch((cause: unknown) => {
    throw new VerifierError(
      'verifier_missing',
      `there is no verifier in ${folder.dir}; name the right folder, or set one up there first.`,
      { cause },
    )
  })
  try {
    const settings = settingsSchema.parse(JSON.parse(text))
    // A policy that cannot be read is found now, not when somebody stands at the door.
    policiesOf(settings)
    return settings
  } catch (cause) {
    throw new VerifierError('config_invalid', `${folder.settings} is damaged; restore it.`, {
      cause,
    })
  }
}

/** The policies of a verifier: its own, and those of single queries. */
export function policiesOf({
  freshness,
  query_freshness: byQuery,
}: Pick<VerifierSettings, 'freshness' | 'query_freshness'>): {
  readonly freshness: FreshnessPolicy
  readonly byQuery: Readonly<Record<string, FreshnessPolicy>>
} {
  const chosen = Object.entries(byQuery).map(
    ([query, choice]) => [query, chooseFreshness(choice)] as const,
  )
  return { freshness: chooseFreshness(freshness), byQuery: Object.fromEntries(chosen) }
}

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * The base URL as it stands in requests: https, or plain http on this machine where that is allowed.
 *
 * @throws VerifierError `base_url`
 */
export function assertBaseUrl(text: string, allowHttpLoopback: boolean): string {
  const url = URL.canParse(text) && text.length <= 2_048 ? new URL(text) : null
  const secure =
    url?.protocol === 'https:' ||
    (allowHttpLoopback && url?.protocol === 'http:' && LOOPBACK.has(url.hostname))
  const plain = url !== null && !/[?#\s\\]/.test(text) && url.username + url.password === ''
  if (secure && plain) return text.replace(/\/$/, '')
  throw new VerifierError(
    'base_url',
    'the address of a verifier is https without query and fragment; plain http is for this ' +
      'machine alone, and has to be allowed.',
  )
}

/**
 * Builds a data folder beside its place and moves it there when it is whole: an interrupted start
 * leaves nothing that looks like a verifier.
 *
 * @throws VerifierError `already_initialised`
 */
export async function buildVerifierFolder<Result>(
  dir: string,
  build: (folder: VerifierFolder) => Promise<Result>,
): Promise<Result> {
  const place = resolve(dir)
  const names = await readdir(place).catch(() => [])
  if (names.length > 0) throw occupied(place)
  await mkdir(dirname(place), { recursive: true, mode: 0o700 })
  const partial = verifierFolder(`${place}.${randomBytes(6).toString('hex')}.partial`)
  await mkdir(partial.dir, { mode: 0o700 })
  try {
    const result = await build(partial)
    await rename(partial.dir, place).catch((cause: unknown) => {
      throw occupied(place, cause)
    })
    await syncFolder(dirname(place))
    return result
  } catch (error) {
    await rm(partial.dir, { recursive: true, force: true })
    throw error
  }
}

/** Writes a new file and makes sure it is on disk. */
export async function writeDurably(file: string, text: string, mode: number): Promise<void> {
  const handle = await open(file, 'wx', mode)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await syncFolder(dirname(file))
}

/**
 * The same, whole or not at all, for a file that several may want to make at once: of two the first one's
 * stays.
 *
 * @returns false where there was one already
 */
export async function createDurably(file: string, text: string, mode: number): Promise<boolean> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`
  await writeDurably(temporary, text, mode)
  try {
    await link(temporary, file)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    return false
  } finally {
    await rm(temporary, { force: true })
  }
  await syncFolder(dirname(file))
  return true
}

/** Puts a file in the place of another: a reader finds the old one or the new one, whole. */
export async function replaceDurably(file: string, text: string, mode: number): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`
  await writeDurably(temporary, text, mode)
  await rename(temporary, file)
  await syncFolder(dirname(file))
}

async function syncFolder(dir: string): Promise<void> {
  const handle = await open(dir, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function occupied(place: string, cause?: unknown): VerifierError {
  return new VerifierError(
    'already_initialised',
    `there is something at ${place} already, and it is not touched; name a new folder.`,
    { cause },
  )
}
