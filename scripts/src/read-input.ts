import { constants, type ReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { CommandFailure, type CommandFailureCode, exitCodes } from './failure.js'
import { printable } from './printable.js'

/** What is read, and how much of it at most. */
export type ReadInputOptions = {
  /** A path, or `-` for standard input. */
  readonly path: string
  /** What the file is, for messages: `the presentation`. */
  readonly what: string
  readonly limitBytes: number
}

function refuse(code: CommandFailureCode, what: string, cure: string, cause?: unknown) {
  return new CommandFailure(code, what, { exit: exitCodes.wrongUse, cure, cause })
}

/**
 * Opens a regular file for reading. Symbolic links, folders, devices and pipes are refused at
 * once, without waiting for a writer; messages name the path, never the content.
 */
export async function openInput({ path, what, limitBytes }: ReadInputOptions): Promise<FileHandle> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  const file = await open(path, flags).catch((error: NodeJS.ErrnoException) => {
    throw openFailure(error, path, what)
  })
  try {
    const stat = await file.stat()
    if (!stat.isFile()) throw notAFile(path, what)
    if (stat.size > limitBytes) throw tooLarge(what, limitBytes)
    return file
  } catch (error) {
    await file.close()
    throw error
  }
}

/** A stream over a regular file, checked as {@link openInput} does. */
export async function streamInput(options: ReadInputOptions): Promise<ReadStream> {
  const file = await openInput(options)
  return file.createReadStream({ highWaterMark: 256 * 1024 })
}

/** Reads a file or standard input as UTF-8, trimmed, at most `limitBytes`. */
export async function readInputText(options: ReadInputOptions): Promise<string> {
  const bytes = options.path === '-' ? await readStandardInput(options) : await readFile(options)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim()
  } catch {
    throw refuse('not_utf8', `${options.what} is not UTF-8 text.`, 'Give a text file.')
  }
}

/** What is written by hand nests no deeper. */
const MOST_JSON_DEPTH = 32

/**
 * Reads a file or standard input as JSON that has exactly one meaning: what names a member twice, or
 * holds half a character, is refused and not half taken. The judgement of the value is the caller's.
 *
 * @throws CommandFailure `not_json`, and as {@link readInputText}; CredentialError
 *   `duplicate_json_key`, `too_deep`, `too_large`.
 */
export async function readInputJson(options: ReadInputOptions): Promise<unknown> {
  const text = await readInputText(options)
  // Loaded with the first document: most commands read none.
  const { CredentialError, parseJson } = await import('@netcert/credential')
  try {
    return parseJson(text, { maxDepth: MOST_JSON_DEPTH })
  } catch (error) {
    if (!(error instanceof CredentialError) || error.code !== 'bad_json') throw error
    throw refuse('not_json', `${options.what} is not JSON.`, 'Check the file; `--help` shows one.')
  }
}

async function readFile(options: ReadInputOptions): Promise<Uint8Array> {
  const file = await openInput(options)
  try {
    return await collect(file.createReadStream({ autoClose: false }), options)
  } finally {
    await file.close()
  }
}

async function readStandardInput(options: ReadInputOptions): Promise<Uint8Array> {
  if (process.stdin.isTTY) {
    throw refuse('input_empty', `${options.what} is expected on standard input.`, 'Pipe it in.')
  }
  return collect(process.stdin, options)
}

/** Counts while reading: a file can grow, and files under /proc say they are empty. */
async function collect(stream: Readable, { what, limitBytes }: ReadInputOptions) {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.length
    if (size > limitBytes) throw tooLarge(what, limitBytes)
    chunks.push(chunk)
  }
  if (size === 0) throw refuse('input_empty', `${what} is empty.`, 'Check where it comes from.')
  return Buffer.concat(chunks)
}

function openFailure(error: NodeJS.ErrnoException, path: string, what: string): CommandFailure {
  const name = `${what} (${printable(path, 200)})`
  if (error.code === 'ENOENT')
    return refuse('file_missing', `${name} is missing.`, 'Check the path.')
  if (error.code === 'ELOOP') return notAFile(path, what)
  if (error.code === 'EISDIR' || error.code === 'ENXIO' || error.code === 'ENOTDIR') {
    return notAFile(path, what)
  }
  return refuse('file_unreadable', `${name} cannot be read.`, 'Check owner and mode.', error)
}

function notAFile(path: string, what: string): CommandFailure {
  return refuse(
    'not_a_file',
    `${what} (${printable(path, 200)}) is not a regular file.`,
    'Give the file itself: links, folders, devices and named pipes are not read.',
  )
}

function tooLarge(what: string, limitBytes: number): CommandFailure {
  const limit =
    limitBytes >= 1024 * 1024 ? `${limitBytes / 1024 / 1024} MiB` : `${limitBytes / 1024} KiB`
  return refuse(
    'file_too_large',
    `${what} is larger than ${limit}.`,
    'Check that it is the right file.',
  )
}
