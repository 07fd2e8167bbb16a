import { randomBytes } from 'node:crypto'
import { chmod, constants, link, mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/**
 * Writes a file so that a reader, and a restart after a power cut, finds the old text or the new
 * one whole: a temporary file beside it, flushed, takes its name, and the folder is flushed.
 */
export async function writeAtomically(
  file: string,
  text: string | AsyncIterable<Uint8Array>,
  mode: number,
): Promise<void> {
  await placeWhole({ file, text, mode }, (temporary) => rename(temporary, file))
}

/**
 * `writeAtomically` for a file that must not be there yet.
 *
 * @throws Error with `code` `EEXIST` when it is: an existing file is left alone.
 */
export async function createAtomically(file: string, text: string, mode: number): Promise<void> {
  await placeWhole({ file, text, mode }, async (temporary) => {
    // Unlike a rename, a link never takes the place of a file that is there.
    await link(temporary, file)
    await rm(temporary)
  })
}

type Whole = {
  readonly file: string
  /** In pieces where it is long. */
  readonly text: string | AsyncIterable<Uint8Array>
  readonly mode: number
}

async function placeWhole(
  { file, text, mode }: Whole,
  place: (temporary: string) => Promise<void>,
): Promise<void> {
  const folder = dirname(file)
  const temporary = join(folder, `.${randomBytes(8).toString('hex')}.tmp`)
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY
  const handle = await open(temporary, flags, mode)
  try {
    try {
      await writeFile(handle, text)
      // The process's umask may have taken bits that readers of a published file need.
      await handle.chmod(mode)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await place(temporary)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncFolder(folder)
}

/** Makes a folder and its parents; existing ones stay as they are. */
export async function makeFolder(folder: string, mode: number): Promise<void> {
  const made = await mkdir(folder, { recursive: true, mode })
  // The umask may have taken bits; what was there before keeps the mode its owner gave it.
  if (made !== undefined) await chmod(folder, mode)
}

/** A new name is durable only when the folder that holds it is. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
