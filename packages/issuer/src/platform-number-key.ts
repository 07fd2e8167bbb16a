import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { createAtomically } from './atomic-file.js'
import { IssuerError } from './issuer-error.js'
import type { ListStore } from './list-store.js'
import { keyedTag } from './keyed-tag.js'

const KEY_BYTES = 32
const MAX_FILE_BYTES = 1024
const LINE = /^netcert-platform-number-key:1:([A-Za-z0-9_-]{43})\n?$/

/** Name of the row that says by which key the platform numbers of this issuer are made. */
export const PLATFORM_NUMBER_FACT = 'platform_number_key'

/** Where the database remembers by which key its numbers are made. */
type Facts = Pick<ListStore, 'getFact' | 'putFact'>

/**
 * Makes the key of all platform numbers, in a file that only its owner can read, and has the
 * database remember it. Whoever loses the file changes every number, and whoever copies it can, with a
 * person's salt, tell that person's number at any platform.
 *
 * @throws IssuerError `already_initialised` where the database remembers a key,
 *   `platform_number_key_malformed` for a file that is there and holds none.
 */
export async function establishPlatformNumberKey(file: string, facts: Facts): Promise<void> {
  if ((await facts.getFact(PLATFORM_NUMBER_FACT)) !== undefined) {
    throw new IssuerError(
      'already_initialised',
      'This issuer has a platform number key already, and it is not touched; restore it where it is missing.',
    )
  }
  const line = `netcert-platform-number-key:1:${randomBytes(KEY_BYTES).toString('base64url')}\n`
  await createAtomically(file, line, 0o600).catch((error: unknown) => {
    // Left by a process that died before the database knew it: no number was made with it yet.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  })
  // The file first: a key that is remembered and nowhere written could never be used.
  await facts.putFact(PLATFORM_NUMBER_FACT, checkValue(await readKey(file, undefined)))
}

/**
 * Reads the key and compares it with what the database remembers of it.
 *
 * @param known - The check value of the database; `undefined` where it has none yet.
 * @throws IssuerError `platform_number_key_missing`, `platform_number_key_malformed`,
 *   `platform_number_key_wrong`.
 */
export async function readPlatformNumberKey(
  file: string,
  known: string | undefined,
): Promise<Uint8Array> {
  const key = await readKey(file, known)
  if (checkValue(key) === known) return key
  throw new IssuerError(
    'platform_number_key_wrong',
    `${file} is not the key the platform numbers of this issuer were made with; restore that one.`,
  )
}

/**
 * The key, read and compared when it is first asked for.
 *
 * @returns A function that throws as {@link readPlatformNumberKey}.
 */
export function platformNumberKey(
  file: string,
  facts: Pick<Facts, 'getFact'>,
): () => Promise<Uint8Array> {
  let read: Promise<Uint8Array> | undefined
  return () => {
    read ??= facts
      .getFact(PLATFORM_NUMBER_FACT)
      .then((known) => readPlatformNumberKey(file, known))
      .catch((error: unknown) => {
        read = undefined
        throw error
      })
    return read
  }
}

async function readKey(file: string, known: string | undefined): Promise<Uint8Array> {
  const match = LINE.exec(await readSecret(file, known))
  const key = Buffer.from(match?.[1] ?? '', 'base64url')
  if (key.length === KEY_BYTES && key.toString('base64url') === match?.[1]) {
    return new Uint8Array(key)
  }
  throw new IssuerError(
    'platform_number_key_malformed',
    `${file} holds no platform number key; restore it from its backup.`,
  )
}

/** Names a key without telling anything of it. */
function checkValue(key: Uint8Array): string {
  return keyedTag(key, 'netcert/platform-number/v1/check')
}

async function readSecret(file: string, known: string | undefined): Promise<string> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch(
    (cause: unknown) => {
      const cure =
        known === undefined
          ? 'The folder is from before there were platform numbers: run netcert init --platform-number-key.'
          : 'Restore it from its backup: with another key every number would change.'
      const text = `There is no readable platform number key at ${file}. ${cure}`
      throw new IssuerError('platform_number_key_missing', text, { cause })
    },
  )
  try {
    const found = await handle.stat()
    return found.isFile() && found.size <= MAX_FILE_BYTES ? await handle.readFile('utf8') : ''
  } finally {
    await handle.close()
  }
}
