import { type FreshnessPolicy, resolveDidKey } from '@netcert/credential'
import { VerifierError } from './errors.js'
import { chooseFreshness, freshnessPresets } from './freshness-choice.js'

/** Settings of a verifier from the environment; each variable stands in docs/operations.md. */
export type VerifierConfig = {
  readonly audience: string
  readonly rootDid: string
  /** Folder of published lists; null: offline packs are all there is. */
  readonly listsDir: string | null
  /** Folder of offline packs; null: none are taken. */
  readonly packsDir: string | null
  /** SQLite file of sessions, or the file that holds PostgreSQL's connection string; null: memory. */
  readonly database: { readonly sqlite: string } | { readonly postgresUrlFile: string } | null
  readonly stateFile: string | null
  readonly freshness: FreshnessPolicy
  /** How often the folder of lists is looked at. */
  readonly refreshSeconds: number
}

type Environment = Readonly<Record<string, string | undefined>>

const REFRESH_SECONDS = 60

/**
 * Reads a verifier's settings. Secrets are never among them: a connection string stands in a file.
 *
 * @throws VerifierError `config_invalid` naming every problem at once
 */
export function readConfig(env: Environment): VerifierConfig {
  const problems: string[] = []
  const required = (name: string, what: string): string => {
    const value = env[name] ?? ''
    if (value === '') problems.push(`${name}: ${what}`)
    return value
  }
  const audience = required('NETCERT_VERIFIER_AUDIENCE', "the verifier's full identifier")
  const rootDid = required('NETCERT_VERIFIER_ROOT_DID', 'the pinned root, a did:key')
  const packsDir = env['NETCERT_VERIFIER_PACKS_DIR'] ?? null
  const listsDir =
    packsDir === null
      ? required('NETCERT_VERIFIER_LISTS_DIR', 'the folder of published lists')
      : (env['NETCERT_VERIFIER_LISTS_DIR'] ?? null)
  if (rootDid !== '' && !isDidKey(rootDid)) {
    problems.push('NETCERT_VERIFIER_ROOT_DID: is no did:key')
  }
  const freshness = readFreshness(env['NETCERT_VERIFIER_FRESHNESS'] ?? 'grace-24h', problems)
  const refreshSeconds = readSeconds(env['NETCERT_VERIFIER_REFRESH_SECONDS'], problems)
  const database = readDatabase(env, problems)
  if (freshness === null || problems.length > 0) {
    throw new VerifierError('config_invalid', `wrong settings: ${problems.join('; ')}.`)
  }
  const stateFile = env['NETCERT_VERIFIER_STATE_FILE'] ?? null
  return { audience, rootDid, listsDir, packsDir, database, stateFile, freshness, refreshSeconds }
}

/** A preset, or the policy itself as JSON. */
function readFreshness(text: string, problems: string[]): FreshnessPolicy | null {
  try {
    return chooseFreshness(text.startsWith('{') ? JSON.parse(text) : text)
  } catch {
    const presets = freshnessPresets.join(', ')
    problems.push(`NETCERT_VERIFIER_FRESHNESS: must be one of ${presets}, or a freshness policy`)
    return null
  }
}

function readSeconds(text: string | undefined, problems: string[]): number {
  if (text === undefined) return REFRESH_SECONDS
  const seconds = Number(text)
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= 86_400) return seconds
  problems.push('NETCERT_VERIFIER_REFRESH_SECONDS: must be 1 to 86400')
  return REFRESH_SECONDS
}

function readDatabase(env: Environment, problems: string[]): VerifierConfig['database'] {
  const sqlite = env['NETCERT_VERIFIER_DATABASE']
  const postgresUrlFile = env['NETCERT_VERIFIER_DATABASE_URL_FILE']
  if (sqlite !== undefined && postgresUrlFile !== undefined) {
    problems.push('NETCERT_VERIFIER_DATABASE and NETCERT_VERIFIER_DATABASE_URL_FILE: set one only')
  }
  if (postgresUrlFile !== undefined) return { postgresUrlFile }
  return sqlite === undefined ? null : { sqlite }
}

function isDidKey(text: string): boolean {
  try {
    resolveDidKey(text)
    return true
  } catch {
    return false
  }
}
