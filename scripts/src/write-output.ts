import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { constants } from 'node:fs'
import { access, type FileHandle, open, rename, rm } from 'node:fs/promises'
import { CommandFailure, exitCodes } from './failure.js'
import { printable } from './printable.js'

/** Lines for a file that must not exist yet. */
export type WriteLinesOptions = {
  readonly path: string
  readonly lines: Iterable<string> | AsyncIterable<string>
  /** Stops the writing; the file is then not there. */
  readonly signal?: AbortSignal
}

/**
 * Writes lines to a new file, mode 600: into a temporary file beside it that is flushed and then
 * renamed, so that the file is whole or not there. Never overwrites.
 */
export async function writeNewFile({ path, lines, signal }: WriteLinesOptions): Promise<void> {
  await refuseExisting(path)
  await writeWhole(path, async (file) => {
    for await (const block of blocks(lines)) {
      signal?.throwIfAborted()
      // To its end: on a disk that is nearly full a single write takes less, and says nothing.
      await file.writeFile(block)
    }
  })
}

async function writeWhole(
  path: string,
  fill: (file: FileHandle) => Promise<unknown>,
): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.part`
  const file = await open(temporary, 'wx', constants.S_IRUSR | constants.S_IWUSR).catch((error) => {
    throw unwritable(path, error)
  })
  try {
    await fill(file)
    await file.sync()
    await file.close()
    await rename(temporary, path)
  } catch (error) {
    await file.close().catch(() => {})
    await rm(temporary, { force: true })
    throw error
  }
}

/** Writes bytes to a new file, as {@link writeNewFile} does lines. */
export async function writeNewBytes(path: string, bytes: Uint8Array): Promise<void> {
  await refuseExisting(path)
  await writeWhole(path, (file) => file.writeFile(bytes))
}

/** Writes lines to a stream, waiting for it where it is full. */
export async function writeLines(
  stream: NodeJS.WriteStream,
  lines: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  for await (const block of blocks(lines)) if (!stream.write(block)) await once(stream, 'drain')
}

async function* blocks(lines: Iterable<string> | AsyncIterable<string>): AsyncGenerator<string> {
  let block = ''
  for await (const line of lines) {
    block += line.endsWith('\n') ? line : `${line}\n`
    if (block.length > 64 * 1024) {
      yield block
      block = ''
    }
  }
  yield block
}

/**
 * Makes sure that nothing is overwritten, before the work that fills the file begins.
 *
 * @throws CommandFailure `file_exists`
 */
export async function refuseExisting(path: string): Promise<void> {
  const exists = await access(path).then(
    () => true,
    () => false,
  )
  if (!exists) return
  throw new CommandFailure('file_exists', `${printable(path, 200)} exists already.`, {
    exit: exitCodes.wrongUse,
    cure: 'Choose another name, or move the file away: nothing is overwritten.',
  })
}

/**
 * Makes sure that a new file can be written there, before something is used up for it: nothing of that
 * name, and a folder that takes files.
 *
 * @throws CommandFailure `file_exists`, `file_unwritable`
 */
export async function assertNewFile(path: string): Promise<void> {
  await refuseExisting(path)
  const temporary = `${path}.${randomBytes(6).toString('hex')}.part`
  const file = await open(temporary, 'wx', constants.S_IRUSR | constants.S_IWUSR).catch((error) => {
    throw unwritable(path, error)
  })
  await file.close()
  await rm(temporary, { force: true })
}

function unwritable(path: string, cause: unknown): CommandFailure {
  return new CommandFailure('file_unwritable', `${printable(path, 200)} cannot be written.`, {
    exit: exitCodes.wrongUse,
    cure: 'Check that the folder exists and that you may write there.',
    cause,
  })
}
