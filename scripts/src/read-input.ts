import { constants, type ReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import type { CredentialError } from '@netcert/credential'
import type { CommandFailure } from './failure.js'
import { inputRefused } from './input-refusals.js'
import { brokenPlace, repeatedMember } from './json-place.js'
import { printable } from './printable.js'

/** What is read, and how much of it at most. */
export type ReadInputOptions = {
  /** A path, or `-` for standard input. */
  readonly path: string
  /** What the file is, for messages: `the presentation`. */
  readonly what: string
  readonly limitBytes: number
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
    throw inputRefused({ code: 'not_utf8', what: options.what })
  }
}

/** What is written by hand nests no deeper. */
const MOST_JSON_DEPTH = 32

/**
 * Reads a file or standard input as JSON that has exactly one meaning: what names a member twice, or
 * holds half a character, is refused and not half taken. The judgement of the value is the caller's.
 *
 * @throws CommandFailure `not_json`, `json_character`, `duplicate_json_key`, `too_deep`, and as
 *   {@link readInputText}.
 */
export async function readInputJson(options: ReadInputOptions): Promise<unknown> {
  const text = await readInputText(options)
  // Loaded with the first document: most commands read none.
  const { CredentialError, parseJson } = await import('@netcert/credential')
  try {
    return parseJson(text, { maxDepth: MOST_JSON_DEPTH })
  } catch (error) {
    if (error instanceof CredentialError) throw jsonRefused(error, text, options.what)
    throw error
  }
}

/** What is wrong with it, and where, as far as that can be told without its values. */
function jsonRefused(error: CredentialError, text: string, what: string): CommandFailure {
  const { code } = error
  if (code === 'too_deep') return inputRefused({ code, what })
  if (code === 'duplicate_json_key') {
    return inputRefused({ code, what, field: repeatedMember(text) ?? '' })
  }
  const place = brokenPlace(text)
  if (place === undefined) return inputRefused({ code: 'json_character', what })
  return inputRefused({ code: 'not_json', what, field: `${place.line}:${place.column}` })
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
    throw inputRefused({ code: 'input_empty', what: options.what })
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
  if (size === 0) throw inputRefused({ code: 'input_empty', what })
  return Buffer.concat(chunks)
}

function openFailure(error: NodeJS.ErrnoException, path: string, what: string): CommandFailure {
  const name = named(what, path)
  if (error.code === 'ENOENT') return inputRefused({ code: 'file_missing', what: name })
  const links = ['ELOOP', 'EISDIR', 'ENXIO', 'ENOTDIR']
  if (links.includes(error.code ?? '')) return notAFile(path, what)
  return inputRefused({ code: 'file_unreadable', what: name, cause: error })
}

function notAFile(path: string, what: string): CommandFailure {
  return inputRefused({ code: 'not_a_file', what: named(what, path) })
}

function named(what: string, path: string): string {
  return `${what} (${printable(path, 200)})`
}

function tooLarge(what: string, limitBytes: number): CommandFailure {
  const limit =
    limitBytes >= 1024 * 1024 ? `${limitBytes / 1024 / 1024} MiB` : `${limitBytes / 1024} KiB`
  return inputRefused({ code: 'file_too_large', what, field: `> ${limit}` })
}
