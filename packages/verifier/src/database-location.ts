import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { DatabaseLocation } from '@netcert/agent'
import { VerifierError } from './errors.js'
import type { VerifierFolder, VerifierSettings } from './verifier-folder.js'

/**
 * Where the database of a verifier is: a file of its folder, or a URL that stands in a file.
 *
 * @throws VerifierError `config_invalid` when the URL file holds none, or when others may read it:
 *   it can hold a password.
 */
export async function databaseLocation(
  { dir }: VerifierFolder,
  database: VerifierSettings['database'],
): Promise<DatabaseLocation> {
  if ('sqlite' in database) return { sqlite: join(dir, database.sqlite) }
  const file = database.postgres_url_file
  const found = await stat(file).catch(() => undefined)
  if (found === undefined || !found.isFile()) throw wrong(`${file} should hold a database URL.`)
  if ((found.mode & 0o077) !== 0) throw wrong(`others may read ${file}; run: chmod 600 ${file}`)
  const url = (await readFile(file, 'utf8')).trim()
  // The text stays unsaid: it can be a password alone.
  if (!/^postgres(ql)?:\/\/\S+$/.test(url)) throw wrong(`${file} holds no postgres:// URL.`)
  return { postgres: url }
}

function wrong(message: string): VerifierError {
  return new VerifierError('config_invalid', message)
}
