import { randomBytes } from 'node:crypto'
import { constants, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AgentError } from './errors.js'
import { createNewFile } from './new-file.js'

const KEY_BYTES = 32
const MAX_FILE_BYTES = 1_024
const LINE = /^netcert-master-key:1:([A-Za-z0-9_-]{43})\n?$/

/** A master key as read from its file: 32 random bytes and their version. */
export type MasterKey = { readonly bytes: Uint8Array; readonly version: number }

/**
 * Makes a new master key, in a file that only its owner can read. It is on disk, and so is its
 * name, when this resolves. Whoever has this file and the database has everything: back it up apart
 * from the database, and never put it into the environment.
 *
 * @throws AgentError `master_key_exists`: an existing file is never overwritten.
 */
export async function createMasterKey(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const line = `netcert-master-key:1:${randomBytes(KEY_BYTES).toString('base64url')}\n`
  await createNewFile(file, line).catch((error: unknown) => {
    throw createError(file, error)
  })
}

/**
 * Reads the master key.
 *
 * @throws AgentError `master_key_missing`, `master_key_exposed` when others may read the file,
 *   `master_key_malformed`.
 */
export async function readMasterKey(file: string): Promise<MasterKey> {
  const match = LINE.exec(await readSecret(file))
  const bytes = Buffer.from(match?.[1] ?? '', 'base64url')
  if (bytes.length !== KEY_BYTES || bytes.toString('base64url') !== match?.[1]) {
    throw new AgentError('master_key_malformed', `${file} holds no master key; restore the file`)
  }
  return { bytes, version: 1 }
}

async function readSecret(file: string): Promise<string> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => {
    throw new AgentError(
      'master_key_missing',
      `there is no readable master key at ${file}; name the right file, or create everything with the init command`,
    )
  })
  try {
    const found = await handle.stat()
    if (!found.isFile() || found.size > MAX_FILE_BYTES) {
      throw new AgentError('master_key_malformed', `${file} holds no master key; restore the file`)
    }
    if ((found.mode & 0o077) !== 0) {
      throw new AgentError(
        'master_key_exposed',
        `others may read ${file}; run: chmod 600 ${file}, and consider whether the key is still secret`,
      )
    }
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}

function createError(file: string, error: unknown): unknown {
  const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST'
  if (!exists) return error
  return new AgentError('master_key_exists', `${file} exists and is not overwritten; keep it`)
}
