/** Why the wallet stays closed. */
export type LockErrorCode =
  | 'pin_weak'
  | 'pin_wrong'
  | 'pin_waiting'
  | 'passkey_unsupported'
  | 'passkey_refused'
  | 'passkey_wrong'
  | 'lock_missing'
  | 'lock_damaged'
  | 'wiped'

const causes: Readonly<Record<LockErrorCode, string>> = {
  pin_weak:
    'The PIN is easy to guess: choose six digits or more that are no row and no repetition.',
  pin_wrong: 'The PIN is wrong.',
  pin_waiting: 'After wrong PINs the wallet waits before it takes another.',
  passkey_unsupported: 'This device has no passkey that can open a wallet: use a PIN.',
  passkey_refused: 'The passkey was not used: try again, or use the PIN.',
  passkey_wrong: 'That passkey belongs to another wallet.',
  lock_missing: 'This wallet cannot be opened in this way.',
  lock_damaged:
    'What opens the wallet was changed in this browser: use the other way in, or recover.',
  wiped: 'Too many wrong PINs: the wallet was erased, as it was told to be.',
}

/** The wallet stays closed, for a reason with a code. */
export class LockError extends Error {
  readonly code: LockErrorCode
  /** Until then no PIN is taken; null where that is not the reason. */
  readonly waitUntil: Date | null
  /** Wrong PINs that are left before the wallet is erased; null where its owner did not choose that. */
  readonly triesLeft: number | null

  constructor(
    code: LockErrorCode,
    options: {
      readonly waitUntil?: Date
      readonly triesLeft?: number | null
      readonly cause?: unknown
    } = {},
  ) {
    super(causes[code], { cause: options.cause })
    this.name = 'LockError'
    this.code = code
    this.waitUntil = options.waitUntil ?? null
    this.triesLeft = options.triesLeft ?? null
  }
}
