import { decryptWithCode, encryptWithCode } from '@netcert/protocol/code-encryption'
import { WalletError } from '../errors.js'
import { unreadable } from './moved-wallet.js'
import { canonicalPassphrase, isStrongPassphrase } from './passphrase.js'

/** First line of the file, so that a person and a program know it from other files. */
const FIRST_LINE = 'netcert-move 1'
const TYP = 'netcert-move'
/** A person may have chosen the passphrase: OWASP asks for so many with SHA-512. */
const ITERATIONS = 210_000
const MOST_CHARACTERS = 32 * 1024 * 1024
/** The length of a file says how much is in the ledger only in steps. */
const STEP = 16 * 1024

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
      'a passphrase has 12 characters or more (20 of digits alone), five of them different, and is no row, ' +
        'no repetition and no well-known word with a number; take a longer one, or the suggested one.',
    )
  }
  const { length } = new TextEncoder().encode(text)
  const padded = text + ' '.repeat((STEP - (length % STEP)) % STEP)
  const options = { code: canonicalPassphrase(passphrase), iterations: ITERATIONS, typ: TYP }
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
    return await decryptWithCode(jwe, { code: canonicalPassphrase(passphrase), typ: TYP })
  } catch (cause) {
    throw new WalletError(
      'move_locked',
      'the passphrase does not open this file, or the file was changed; type it as it was set.',
      { cause },
    )
  }
}
