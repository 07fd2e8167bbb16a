import { randomBytes } from 'node:crypto'
import { constants, link, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Makes a file that its owner alone can read: it is there whole or not at all, whenever the process
 * is killed, and an existing one is left alone. It is on disk, and so is its name, when this resolves.
 *
 * @throws Error with `code` `EEXIST` when there is a file of that name.
 */
export async function createNewFile(file: string, text: string): Promise<void> {
  const temporary = `${file}.${randomBytes(8).toString('hex')}.tmp`
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY
  const handle = await open(temporary, flags, 0o600)
  try {
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    // Unlike a rename, a link never takes the place of a file that is there.
    await link(temporary, file)
  } finally {
    await rm(temporary, { force: true })
  }
  const folder = await open(dirname(file), constants.O_RDONLY)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
