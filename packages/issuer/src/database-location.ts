import { readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { DatabaseLocation } from '@netcert/agent'
import type { DatabaseConfig } from './config.js'
import { IssuerError } from './issuer-error.js'

/** How the configuration names a database: a file of the folder, or one that holds a URL. */
export function databaseConfig(name: string, urlFile: string | undefined): DatabaseConfig {
  return urlFile === undefined
    ? { sqlite: `${name}.sqlite` }
    : { postgres_url_file: resolve(urlFile) }
}

/**
 * Where a configured database is.
 *
 * @throws IssuerError `config_malformed` when the URL file holds none, `unsafe_mode` when others
 *   may read it: it can hold a password.
 */
export async function databaseLocation(
  dir: string,
  config: DatabaseConfig,
): Promise<DatabaseLocation> {
  if ('sqlite' in config) return { sqlite: join(dir, config.sqlite) }
  const file = config.postgres_url_file
  const found = await stat(file).catch(() => undefined)
  if (found === undefined || !found.isFile()) {
    throw new IssuerError('config_malformed', `${file} should hold a database URL; restore it.`)
  }
  if ((found.mode & 0o077) !== 0) {
    throw new IssuerError('unsafe_mode', `Others may read ${file}; run: chmod 600 ${file}`)
  }
  const url = (await readFile(file, 'utf8')).trim()
  if (!/^postgres(ql)?:\/\/\S+$/.test(url)) {
    // The text stays unsaid: it can be a password alone.
    throw new IssuerError('config_malformed', `${file} holds no postgres:// URL; correct it.`)
  }
  return { postgres: url }
}
