import { constants } from 'node:fs'
import { open, stat, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { makeFolder, syncFolder } from '../atomic-file.js'

/**
 * A file of lines that only grows and that several processes write to at once. What a crash left of
 * a line is ended and never read as one.
 */
export type JournalFile = {
  /** The last whole line that `isGood` takes for one; `undefined` where there is no such line. */
  last(isGood: (line: string) => boolean): Promise<string | undefined>
  /** Adds lines; on the disk, with all that others added before, when it resolves. */
  append(lines: readonly string[]): Promise<void>
}

/** Several lines, mostly. */
const TAIL_BYTES = 8_192
/** Longer than what any crash leaves behind the last good line. */
const MOST_TAIL_BYTES = 4_194_304
const NEWLINE = 0x0a

/** The journal in a file; folder and file are made with the first line. */
export function openJournalFile(file: string): JournalFile {
  return {
    async last(isGood) {
      const handle = await openIfThere(file)
      if (handle === undefined) return undefined
      try {
        for (let bytes = TAIL_BYTES; ; bytes *= 8) {
          const { text, whole } = await readTail(handle, bytes)
          // What stands behind the last line break is no whole line.
          const found = text.split('\n').slice(0, -1).findLast(isGood)
          if (found !== undefined || whole || bytes >= MOST_TAIL_BYTES) return found
        }
      } finally {
        await handle.close()
      }
    },
    append: (lines) => appendLines(file, lines),
  }
}

async function appendLines(file: string, lines: readonly string[]): Promise<void> {
  const isNew = (await sizeOf(file)) === undefined
  if (isNew) await makeFolder(dirname(file), 0o700)
  const handle = await open(file, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, 0o600)
  try {
    if (lines.length > 0) {
      const torn = (await isTorn(handle)) ? '\n' : ''
      // One write, unless it is very long: lines of several processes do not mix.
      await handle.appendFile(`${torn}${lines.join('\n')}\n`)
    }
    await handle.sync()
  } finally {
    await handle.close()
  }
  if (isNew) await syncFolder(dirname(file))
}

async function isTorn(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat()
  if (size === 0) return false
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer[0] !== NEWLINE
}

async function readTail(handle: FileHandle, bytes: number) {
  const { size } = await handle.stat()
  const length = Math.min(size, bytes)
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length)
  return { text: buffer.subarray(0, bytesRead).toString('utf8'), whole: length === size }
}

async function openIfThere(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, constants.O_RDONLY)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** Whether there is such a file. */
export async function isThere(file: string): Promise<boolean> {
  return (await sizeOf(file)) !== undefined
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
