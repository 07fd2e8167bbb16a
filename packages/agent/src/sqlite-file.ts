import { chmod, constants, mkdir, open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AgentError } from './errors.js'

const OWNER_ONLY = 0o600
const OWNER_ONLY_FOLDER = 0o700
const SIDE_FILES = ['-wal', '-shm'] as const

/**
 * Makes sure the database file is there, and that nobody but its owner can read it.
 *
 * SQLite would create it readable by everybody; made here with mode 600, SQLite gives the same
 * mode to the -wal and -shm files, whatever the umask.
 *
 * @throws AgentError `database_missing` when it is not there and `create` is false.
 */
export async function prepareDatabaseFile(file: string, create: boolean): Promise<void> {
  if (create) await createEmpty(file)
  for (const path of [file, ...SIDE_FILES.map((ending) => file + ending)]) {
    await restrict(path, path === file)
  }
}

async function createEmpty(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: OWNER_ONLY_FOLDER })
  try {
    const handle = await open(file, constants.O_CREAT | constants.O_EXCL, OWNER_ONLY)
    await handle.close()
    const folder = await open(dirname(file), constants.O_RDONLY)
    // The new name itself has to survive a power cut.
    await folder.sync()
    await folder.close()
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return
    throw accessError(file, error)
  }
}

async function restrict(path: string, required: boolean): Promise<void> {
  try {
    const found = await stat(path)
    if (!found.isFile()) {
      throw new AgentError('database_access', `${path} is not a file; name the database file`)
    }
    if ((found.mode & 0o077) !== 0) await chmod(path, OWNER_ONLY)
  } catch (error) {
    if (error instanceof AgentError) throw error
    if (systemCode(error) !== 'ENOENT') throw accessError(path, error)
    if (!required) return
    throw new AgentError(
      'database_missing',
      `there is no database at ${path}; create it with the init command, or name the right folder`,
    )
  }
}

function accessError(path: string, error: unknown): AgentError {
  const reason = systemCode(error) ?? 'unknown reason'
  return new AgentError(
    'database_access',
    `${path} cannot be used (${reason}); check that the folder exists and belongs to this user`,
  )
}

function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
