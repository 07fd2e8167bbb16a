import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as WebStream } from 'node:stream/web'
import { createGunzip, createGzip } from 'node:zlib'
import { Decrypter, Encrypter } from 'age-encryption'
import { syncFolder } from '../atomic-file.js'
import { IssuerError } from '../issuer-error.js'

/** One line of a backup; what it holds is told by its members. */
export type BackupLine = Readonly<Record<string, unknown>>

/** Backup lines are pages of rows: none comes near this. */
const LONGEST_LINE = 64 * 1024 * 1024

/**
 * Writes lines to an encrypted file: JSON lines, gzip, age (https://age-encryption.org/v1). The file
 * takes its name when it is whole and on disk; only its owner can read it.
 *
 * @param asOf - The moment the file is of, where its time is to say that (seconds since 1970).
 * @returns SHA-256 of all lines, as `readLines` counts it.
 */
export async function writeLines(
  file: string,
  recipients: readonly string[],
  lines: AsyncIterable<BackupLine>,
  asOf?: number,
): Promise<string> {
  const encrypter = new Encrypter()
  for (const recipient of recipients) addRecipient(encrypter, recipient)
  const digest = createHash('sha256')
  const text = async function* () {
    for await (const line of lines) {
      const row = `${JSON.stringify(line)}\n`
      digest.update(row)
      yield row
    }
  }
  const plain = Readable.from(text(), { objectMode: false }).pipe(createGzip({ level: 6 }))
  const web = Readable.toWeb(plain) as unknown as ReadableStream<Uint8Array>
  const sealed = Readable.fromWeb((await encrypter.encrypt(web)) as unknown as WebStream)
  await placeWhole(file, sealed, asOf)
  return digest.digest('base64url')
}

async function placeWhole(file: string, bytes: Readable, asOf?: number): Promise<void> {
  const temporary = join(dirname(file), `.${randomBytes(8).toString('hex')}.tmp`)
  try {
    await pipeline(bytes, createWriteStream(temporary, { flags: 'wx', mode: 0o600, flush: true }))
    if (asOf !== undefined) await utimes(temporary, asOf, asOf)
    await rename(temporary, file)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncFolder(dirname(file))
}

/** Lines of a backup as they are read, and their digest once all are read. */
export type ReadBackup = {
  readonly lines: AsyncIterable<BackupLine>
  digest(): string
}

/**
 * Reads an encrypted file line by line. Whatever is wrong with it shows while it is read: nothing of
 * it is to be believed before its end.
 *
 * @throws IssuerError `backup_unreadable` for another key, a changed byte, or a file that is none.
 */
export function readLines(file: string, identities: readonly string[]): ReadBackup {
  const digest = createHash('sha256')
  return { lines: openLines(file, identities, digest), digest: () => digest.digest('base64url') }
}

async function* openLines(
  file: string,
  identities: readonly string[],
  digest: ReturnType<typeof createHash>,
): AsyncGenerator<BackupLine> {
  try {
    const decrypter = new Decrypter()
    for (const identity of identities) decrypter.addIdentity(identity)
    const sealed = Readable.toWeb(createReadStream(file)) as unknown as ReadableStream<Uint8Array>
    const opened = Readable.fromWeb((await decrypter.decrypt(sealed)) as unknown as WebStream)
    const plain = createGunzip()
    const done = pipeline(opened, plain)
    done.catch(() => undefined)
    for await (const line of createInterface({ input: plain, crlfDelay: Infinity })) {
      if (line.length > LONGEST_LINE) throw new TypeError('a line is too long')
      digest.update(`${line}\n`)
      yield JSON.parse(line) as BackupLine
    }
    // A stream that broke off ends its lines as well; only this says which it was.
    await done
  } catch (cause) {
    if (cause instanceof IssuerError) throw cause
    throw new IssuerError(
      'backup_unreadable',
      'The backup cannot be opened: another key, or the file was changed or cut; take another copy of it, and the identity it was made for.',
      { cause },
    )
  }
}

function addRecipient(encrypter: Encrypter, recipient: string): void {
  try {
    encrypter.addRecipient(recipient)
  } catch (cause) {
    const text = 'A recipient of backups is age1… as `netcert backup keygen` prints it; correct it.'
    throw new IssuerError('backup_recipient', text, { cause })
  }
}
