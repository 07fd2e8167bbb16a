import { createNetworkNumber, formatNetworkNumber, parseNetworkNumber } from '@netcert/credential'
import { decryptWithCode, encryptWithCode } from '@netcert/protocol/code-encryption'
import { WalletError } from '../errors.js'
import { unreadable } from './moved-wallet.js'

/** First line of the file, so that a person and a program know it from other files. */
const FIRST_LINE = 'netcert-move 1'
const TYP = 'netcert-move'
/** A person may have chosen the passphrase: OWASP asks for so many with SHA-512. */
const ITERATIONS = 210_000
const LEAST_CHARACTERS = 12
const MOST_CHARACTERS = 32 * 1024 * 1024
/** The length of a file says how much is in the ledger only in steps. */
const STEP = 16 * 1024

/** A passphrase that nobody guesses: 100 random bits, in groups that can be copied by hand. */
export function suggestPassphrase(): string {
  // The same form as a network number, because people read that form aloud without mistakes.
  return formatNetworkNumber(createNetworkNumber())
}

/** Whether a passphrase is long enough, and not one symbol again and again. */
export function isStrongPassphrase(passphrase: string): boolean {
  const symbols = Array.from(canonical(passphrase))
  return symbols.length >= LEAST_CHARACTERS && new Set(symbols).size >= 5
}

/**
 * Puts a text under a passphrase.
 *
 * @throws WalletError `passphrase_weak`
 * @see docs/formats/moving.md
 */
export async function sealMoveFile(text: string, passphrase: string): Promise<string> {
  if (!isStrongPassphrase(passphrase)) {
    throw new WalletError(
      'passphrase_weak',
      `a passphrase has ${LEAST_CHARACTERS} characters or more, five of them different; take a longer one.`,
    )
  }
  const { length } = new TextEncoder().encode(text)
  const padded = text + ' '.repeat((STEP - (length % STEP)) % STEP)
  const options = { code: canonical(passphrase), iterations: ITERATIONS, typ: TYP }
  return `${FIRST_LINE}\n${await encryptWithCode(padded, options)}\n`
}

/**
 * Opens such a file.
 *
 * @throws WalletError `move_unreadable` for another file, `move_locked` for another passphrase or a
 *   file that was changed: the two cannot be told apart
 */
export async function openMoveFile(file: string, passphrase: string): Promise<string> {
  if (file.length > MOST_CHARACTERS) throw unreadable()
  const [first, jwe = '', ...rest] = file.trimEnd().split(/\r?\n/)
  if (first !== FIRST_LINE || rest.length > 0) throw unreadable()
  try {
    return await decryptWithCode(jwe, { code: canonical(passphrase), typ: TYP })
  } catch (cause) {
    throw new WalletError(
      'move_locked',
      'the passphrase does not open this file, or the file was changed; type it as it was set.',
      { cause },
    )
  }
}

/** One spelling for what people type the same: a suggested one in any form, else blanks and NFKC. */
function canonical(passphrase: string): string {
  try {
    return parseNetworkNumber(passphrase)
  } catch {
    return passphrase.normalize('NFKC').trim().replaceAll(/\s+/gu, ' ')
  }
}
