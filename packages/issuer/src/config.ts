import { readFile } from 'node:fs/promises'
import { type RetentionConfig, retentionFaults } from './erasure/retention-times.js'
import { IssuerError } from './issuer-error.js'
import { MOST_TICK_MINUTES, PUBLISH_TICK_MINUTES } from './lists/publishing-tick.js'
import { type ConfigurationId, isConfigurationId } from './vci-configurations.js'

/** Where backups go, and whose keys open them. */
export type BackupConfig = {
  /** Folder: absolute, or inside the data folder. */
  readonly out: string
  /** `age1…` */
  readonly recipients: readonly string[]
}

export type DatabaseConfig =
  /** File name inside the data folder. */
  | { readonly sqlite: string }
  /** Path of the file that holds the connection string; it can hold a password. */
  | { readonly postgres_url_file: string }

export type KeyMode = 'did:key' | 'x5c'

/** What `netcert.json` in the data folder says. */
export type IssuerConfig = {
  /** Stands in both databases too: a folder never works on another folder's database. */
  readonly environment: string
  readonly base_url: string
  /** ISO 8601 with seconds, in UTC; the keys' windows begin here. */
  readonly created_at: string
  readonly algorithm: 'ES256' | 'EdDSA'
  /** How verifiers find the keys: by did:key, or by the leaf certificate in `x5c`. */
  readonly key_mode: KeyMode
  /** Days for which somebody who cancels and comes back has the same platform numbers; 0 for none. */
  readonly cooldown_days: number
  /** Minutes from one publication of status lists to the next: what falls between comes at once. */
  readonly publish_tick_minutes: number
  /** How long classes of data are kept, such as `{ "offers": "1d" }`; see docs/operations.md. */
  readonly retention: RetentionConfig
  /** Where backups go, and who can open them; `null` where commands say it each time. */
  readonly backup: BackupConfig | null
  /** Credential configurations for which it is otherwise, by their identifier. */
  readonly key_modes: Readonly<Partial<Record<ConfigurationId, KeyMode>>>
  /** Folder of the audit log's mirror: absolute, or inside the data folder. */
  readonly audit_dir: string
  readonly database: DatabaseConfig
  readonly source: DatabaseConfig
}

/** Cooling down and no longer: what is kept for it is still about a person. */
const MOST_COOLDOWN_DAYS = 365
/** How long a number waits for somebody who cancelled, where the operator says nothing else. */
export const COOLDOWN_DAYS = 30
/** Where the audit log is mirrored, where the operator says nothing else. */
export const AUDIT_DIR = 'audit'

/** What each member must be, in words, and the check of it. */
const RULES: Readonly<
  Record<keyof IssuerConfig, readonly [rule: string, holds: (value: unknown) => boolean]>
> = {
  environment: ['e_ and 32 hexadecimal digits', (value) => matches(value, /^e_[0-9a-f]{32}$/)],
  base_url: ['https, or http on this machine', (value) => isText(value) && isBaseUrl(value)],
  created_at: ['a time in UTC, ISO 8601', isInstant],
  algorithm: ['ES256 or EdDSA', (value) => value === 'ES256' || value === 'EdDSA'],
  key_mode: ['did:key or x5c', isKeyMode],
  key_modes: ['did:key or x5c for credential configurations by name', isKeyModes],
  cooldown_days: [`whole days, 0 to ${MOST_COOLDOWN_DAYS}`, isCooldown],
  audit_dir: ['the name of a folder', isFolderName],
  publish_tick_minutes: [`whole minutes, 1 to ${MOST_TICK_MINUTES}`, isTick],
  retention: [
    'times by class, such as {"offers": "1d"}; netcert retention list shows them',
    (value) => retentionFaults(value).length === 0,
  ],
  backup: ['null, or a folder (out) and age1… recipients', isBackup],
  database: ['sqlite or postgres_url_file', isDatabase],
  source: ['sqlite or postgres_url_file', isDatabase],
}

/**
 * Reads the configuration of a data folder, and names every fault in it at once.
 *
 * @throws IssuerError `not_initialised`, `config_malformed`.
 */
export async function readIssuerConfig(file: string): Promise<IssuerConfig> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    const message = `There is no issuer here: ${file} is missing; name its folder or run netcert init.`
    throw new IssuerError('not_initialised', message, { cause })
  })
  const value = withDefaults(parseJson(text, file))
  const faults = configFaults(value)
  if (faults.length === 0) return value as IssuerConfig
  throw new IssuerError('config_malformed', `${file} is wrong: ${faults.join('; ')}.`)
}

/** Folders made before there were key modes and their exceptions, or platform numbers, name none. */
function withDefaults(value: unknown): unknown {
  if (!isRecord(value)) return value
  return {
    key_mode: 'did:key',
    key_modes: {},
    cooldown_days: COOLDOWN_DAYS,
    audit_dir: AUDIT_DIR,
    retention: {},
    backup: null,
    publish_tick_minutes: PUBLISH_TICK_MINUTES,
    ...value,
  }
}

function isKeyMode(value: unknown): boolean {
  return value === 'did:key' || value === 'x5c'
}

function isKeyModes(value: unknown): boolean {
  if (!isRecord(value)) return false
  return Object.entries(value).every(([id, mode]) => isConfigurationId(id) && isKeyMode(mode))
}

function configFaults(value: unknown): string[] {
  if (!isRecord(value)) return ['it is no object']
  const missing = Object.entries(RULES).flatMap(([name, [rule, holds]]) =>
    holds(value[name]) ? [] : [`${name} should be ${rule}`],
  )
  const unknown = Object.keys(value).filter((name) => !Object.hasOwn(RULES, name))
  const times = value['retention'] === undefined ? [] : retentionFaults(value['retention'])
  return [...missing, ...times, ...unknown.map((name) => `${JSON.stringify(name)} is not known`)]
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function matches(value: unknown, pattern: RegExp): boolean {
  return isText(value) && pattern.test(value)
}

function isInstant(value: unknown): boolean {
  return matches(value, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/) && !Number.isNaN(Date.parse(String(value)))
}

function isFolderName(value: unknown): boolean {
  return matches(value, /^[^\p{C}]{1,1000}$/u) && String(value).trim() !== ''
}

function isCooldown(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MOST_COOLDOWN_DAYS
}

function isBackup(value: unknown): boolean {
  if (value === null) return true
  if (!isRecord(value) || Object.keys(value).sort().join() !== 'out,recipients') return false
  const { out, recipients } = value
  const named = Array.isArray(recipients) && recipients.length > 0
  return isFolderName(out) && named && recipients.every((one) => matches(one, /^age1[0-9a-z]+$/))
}

function isTick(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MOST_TICK_MINUTES
}

function isDatabase(value: unknown): boolean {
  if (!isRecord(value) || Object.keys(value).length !== 1) return false
  return matches(value['sqlite'], /^[a-z][a-z0-9.-]*$/) || matches(value['postgres_url_file'], /./)
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new IssuerError('config_malformed', `${file} is no JSON; restore it.`, { cause })
  }
}

/**
 * Normal form of the address the published files are served under: no slash at its end.
 *
 * @throws IssuerError `base_url` unless it is https, or http on this machine, without query.
 */
export function normalBaseUrl(text: string): string {
  const base = text.replace(/\/+$/, '')
  if (isBaseUrl(base)) return base
  throw new IssuerError(
    'base_url',
    'The base URL is https://host[/path], or http:// on this machine, without query or fragment.',
  )
}

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

function isBaseUrl(text: string): boolean {
  if (text.length > 1000 || !URL.canParse(text)) return false
  const url = new URL(text)
  const secure =
    url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname))
  // Compared as text by every verifier: what the parser would change is refused.
  const canonical = url.pathname === '/' ? url.origin : url.origin + url.pathname
  return secure && text === canonical && !text.endsWith('/') && url.username === ''
}
