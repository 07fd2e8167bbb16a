import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { epochSeconds } from '@netcert/credential'
import type { IssuerConfig } from '../config.js'
import type { PersonStore } from '../person-store.js'
import type { PersonKey } from './backup-content.js'
import { KEYS_FILE } from './keys-file.js'

export type PersonKeysRenewal = {
  readonly dir: string
  readonly config: Pick<IssuerConfig, 'backup' | 'environment'>
  readonly persons: Pick<PersonStore, 'page'>
  /** When somebody was cancelled last, in seconds since 1970; `null` for never. */
  readonly lastCancelled: () => Promise<number | null>
  readonly clock: () => Date
}

const PAGE = 500

/**
 * Writes the keys of enrolled people beside the backups anew when somebody was cancelled since: from
 * then on no backup can be read about them. Does nothing where the configuration names no backups,
 * or none was made yet.
 *
 * @returns whether they were written.
 * @throws IssuerError `backup_recipient`; what the disk says.
 */
export async function renewPersonKeys(parts: PersonKeysRenewal): Promise<boolean> {
  const { dir, config, persons, lastCancelled, clock } = parts
  if (config.backup === null) return false
  const file = join(resolve(dir, config.backup.out), KEYS_FILE)
  const found = await stat(file).catch(() => undefined)
  const cancelled = await lastCancelled()
  if (found === undefined || cancelled === null || epochSeconds(found.mtime) > cancelled)
    return false
  // Loaded where there is something to encrypt.
  const { writePersonKeys } = await import('./person-keys.js')
  const { recipients } = config.backup
  const { environment } = config
  const now = epochSeconds(clock())
  const keys: PersonKey[] = []
  for (let after = ''; ; ) {
    const rows = await persons.page(after, PAGE)
    for (const { id, wrapped_key } of rows) keys.push({ person: id, wrapped_key })
    after = rows.at(-1)?.id ?? after
    if (rows.length < PAGE) break
  }
  await writePersonKeys(file, { recipients, environment, now, keys })
  return true
}
