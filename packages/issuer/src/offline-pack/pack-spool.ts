import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { PackEntry, PackEntryType } from '@netcert/protocol/offline-pack'

/** Something that goes into a pack. */
export type PackPart = {
  readonly type: PackEntryType
  readonly name: string
  readonly text: string
}

/**
 * The entries of a pack on disk while it is built: the manifest that stands before them is known only
 * when the last one is. One entry at a time is in memory.
 */
export type PackSpool = {
  put(part: PackPart): Promise<void>
  /** In the order they were put. */
  readonly entries: readonly PackEntry[]
  /** The head, and all that was put, in pieces. */
  after(head: Uint8Array): AsyncGenerator<Uint8Array>
  /** Removes the file. */
  drop(): Promise<void>
}

/** Opens a spool beside the packs that are kept. */
export async function openPackSpool(folder: string): Promise<PackSpool> {
  const file = join(folder, `.${randomBytes(8).toString('hex')}.tmp`)
  const handle = await open(file, 'wx', 0o600)
  const entries: PackEntry[] = []
  return {
    entries,
    async put({ type, name, text }) {
      const bytes = Buffer.from(text)
      const sha256 = createHash('sha256').update(bytes).digest('base64url')
      await writeAll(handle, bytes)
      entries.push({ type, name, length: bytes.length, sha256 })
    },
    async *after(head) {
      yield head
      for await (const chunk of createReadStream(file)) yield chunk as Uint8Array
    },
    async drop() {
      await handle.close()
      await rm(file, { force: true })
    },
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, written)
    written += bytesWritten
  }
}
