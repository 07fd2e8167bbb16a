import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { IssuerError } from './issuer-error.js'

const databaseSchema = z.union([
  /** File name inside the data folder. */
  z.strictObject({ sqlite: z.string().regex(/^[a-z][a-z0-9.-]*$/) }),
  /** Path of the file that holds the connection string; it can hold a password. */
  z.strictObject({ postgres_url_file: z.string().min(1) }),
])

const configSchema = z.strictObject({
  /** Stands in both databases too: a folder never works on another folder's database. */
  environment: z.string().regex(/^e_[0-9a-f]{32}$/),
  base_url: z.string().refine((text) => isBaseUrl(text)),
  created_at: z.iso.datetime(),
  algorithm: z.enum(['ES256', 'EdDSA']),
  database: databaseSchema,
  source: databaseSchema,
})

/** What `netcert.json` in the data folder says. */
export type IssuerConfig = z.infer<typeof configSchema>
export type DatabaseConfig = z.infer<typeof databaseSchema>

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
  const result = configSchema.safeParse(parseJson(text, file))
  if (result.success) return result.data
  const faults = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new IssuerError('config_malformed', `${file} is wrong: ${faults.join('; ')}.`)
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
