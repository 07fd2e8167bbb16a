import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { open, rename } from 'node:fs/promises'

/** The text of a regular file within the bound; null for anything else. */
export async function readBoundedFile(file: string, maxBytes: number): Promise<string | null> {
  // Without blocking: a pipe in the folder must not hang the verifier.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => null)
  if (handle === null) return null
  try {
    const found = await handle.stat()
    if (!found.isFile() || found.size > maxBytes) return null
    return (await handle.readFile('utf8')).trim()
  } finally {
    await handle.close()
  }
}

/** Puts a file in place whole or not at all: a reader never sees half of it. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const temporary = `${file}.${randomUUID()}.tmp`
  const handle = await open(temporary, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(temporary, file)
}
