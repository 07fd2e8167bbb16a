import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { PackSource } from '@netcert/protocol/offline-pack'
import { packRefused } from './pack-refused.js'

/** Entries are read one after the other: what follows is brought along. */
const READ_AHEAD_BYTES = 1024 * 1024

/** A pack in a file, open until it is closed. */
export type PackFile = PackSource & { readonly close: () => Promise<void> }

/**
 * Opens a file as a pack; nothing of it is looked at.
 *
 * @throws VerifierError `pack_unreadable`
 */
export async function openPackFile(path: string): Promise<PackFile> {
  // Without blocking: a pipe in the place of a pack must not hang the verifier.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK
  const handle = await open(path, flags).catch((cause: unknown) => {
    throw packRefused('pack_unreadable', `${path} cannot be opened`, cause)
  })
  try {
    const found = await handle.stat()
    if (!found.isFile()) throw packRefused('pack_unreadable', `${path} is no file`)
    return readAhead(handle, found.size)
  } catch (error) {
    await handle.close()
    throw error
  }
}

function readAhead(handle: FileHandle, bytes: number): PackFile {
  let start = 0
  let window: Uint8Array = new Uint8Array()
  return {
    bytes,
    async read(offset, length) {
      const isInside = offset >= start && offset + length <= start + window.length
      if (!isInside) {
        const wanted = Math.max(0, Math.min(Math.max(length, READ_AHEAD_BYTES), bytes - offset))
        start = offset
        window = await readFully(handle, offset, wanted)
      }
      return window.subarray(offset - start, offset - start + length)
    },
    close: () => handle.close(),
  }
}

/** A file that has become shorter gives less. */
async function readFully(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return bytes.subarray(0, filled)
}
