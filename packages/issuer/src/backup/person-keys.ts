import type { PersonKey } from './backup-content.js'
import { malformed } from './backup-reading.js'
import { type BackupLine, readLines, writeLines } from './backup-stream.js'

export type PersonKeys = {
  readonly environment: string
  readonly createdAt: Date
  /** Wrapped keys by person. */
  readonly keys: ReadonlyMap<string, string>
}

/**
 * Replaces the file with the wrapped keys of everybody who is enrolled now. There is only ever the
 * newest: whoever is erased is missing in it, and so can be read in no backup, however old.
 *
 * @param content.now - When the keys were begun to be read; the file's time says it, so that whoever
 *   was cancelled meanwhile is not taken for missing in it.
 */
export async function writePersonKeys(
  file: string,
  content: {
    readonly recipients: readonly string[]
    readonly environment: string
    readonly now: number
    readonly keys: Iterable<PersonKey>
  },
): Promise<void> {
  const { recipients, environment, now, keys } = content
  const lines = async function* (): AsyncGenerator<BackupLine> {
    yield { netcert_person_keys: 1, environment, created_at: now }
    let count = 0
    for (const key of keys) {
      count += 1
      yield key
    }
    yield { end: count }
  }
  await writeLines(file, recipients, lines(), now)
}

/** @throws IssuerError `backup_unreadable`, `backup_malformed`. */
export async function readPersonKeys(options: {
  readonly file: string
  readonly identities: readonly string[]
}): Promise<PersonKeys> {
  const keys = new Map<string, string>()
  let header: { readonly environment: string; readonly createdAt: Date } | undefined
  let end: unknown
  for await (const line of readLines(options.file, options.identities).lines) {
    const { person, wrapped_key: wrapped } = line
    if (header === undefined) header = headerOf(line)
    else if ('end' in line) end = line['end']
    else if (typeof person === 'string' && typeof wrapped === 'string') keys.set(person, wrapped)
    else throw malformed()
  }
  if (header === undefined || end !== keys.size) throw malformed()
  return { ...header, keys }
}

function headerOf({ netcert_person_keys: version, environment, created_at }: BackupLine) {
  if (version !== 1 || typeof environment !== 'string' || typeof created_at !== 'number') {
    throw malformed()
  }
  return { environment, createdAt: new Date(created_at * 1000) }
}
