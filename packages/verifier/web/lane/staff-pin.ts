import { encodeBase64Url } from '@netcert/credential'
import { hmacSha256, randomBytes } from '@netcert/credential/crypto'
import { scryptAsync } from '@noble/hashes/scrypt.js'

/**
 * The staff PIN of a device, as it is kept. It keeps visitors and passers-by from settings and
 * ledger; a browser cannot keep whoever holds the device and its tools from them.
 */
export type StaffPin = {
  readonly salt: Uint8Array
  /** Of scrypt: 2 to this many blocks. Kept, so that a later version may ask for more. */
  readonly workFactor: number
  /** scrypt of the PIN. */
  readonly digest: string
  /** Wrong ones in a row. */
  readonly failures: number
  /** Before this none is looked at; null: at once. */
  readonly notBefore: Date | null
}

/** What became of a PIN that was typed. */
export type PinCheck =
  | { readonly outcome: 'right'; readonly pin: StaffPin }
  | { readonly outcome: 'wrong'; readonly pin: StaffPin }
  | { readonly outcome: 'too_soon'; readonly secondsLeft: number }

export const PIN_DIGITS = { least: 6, most: 12 } as const

/** 32 MiB and about a third of a second on a tablet: one guess at a time is slow enough. */
const WORK_FACTOR = 15
/** So many wrong ones are forgiven as slips. */
const FREE_FAILURES = 3
const FIRST_DELAY_SECONDS = 5
const LONGEST_DELAY_SECONDS = 900

/** True for what may be a PIN: 6 to 12 digits, not all the same and not counted up or down. */
export function isFitPin(pin: string): boolean {
  const { least, most } = PIN_DIGITS
  if (!/^\d+$/.test(pin) || pin.length < least || pin.length > most) return false
  return (
    !'0123456789012345'.includes(pin) && !'9876543210987654'.includes(pin) && !/^(.)\1*$/.test(pin)
  )
}

/** @throws TypeError for a PIN that is none, see {@link isFitPin} */
export async function makeStaffPin(pin: string, workFactor = WORK_FACTOR): Promise<StaffPin> {
  if (!isFitPin(pin)) throw new TypeError('this is no PIN')
  const salt = randomBytes(16)
  const digest = await digestOf(pin, { salt, workFactor })
  return { salt, workFactor, digest, failures: 0, notBefore: null }
}

/** Looks at a PIN; keep the `pin` it gives back before anything else happens. */
export async function checkStaffPin(kept: StaffPin, typed: string, now: Date): Promise<PinCheck> {
  const secondsLeft = secondsToWait(kept, now)
  if (secondsLeft > 0) return { outcome: 'too_soon', secondsLeft }
  const isRight = sameText(await digestOf(typed, kept), kept.digest)
  if (isRight) return { outcome: 'right', pin: { ...kept, failures: 0, notBefore: null } }
  const failures = kept.failures + 1
  const wait = delaySeconds(failures)
  const next = wait === 0 ? null : new Date(now.getTime() + wait * 1000)
  return { outcome: 'wrong', pin: { ...kept, failures, notBefore: next } }
}

/** How long until a PIN is looked at; 0: now. */
export function secondsToWait({ notBefore }: Pick<StaffPin, 'notBefore'>, now: Date): number {
  if (notBefore === null) return 0
  const left = Math.max(0, Math.ceil((notBefore.getTime() - now.getTime()) / 1000))
  // A clock that was set back locks nobody out: no delay is longer.
  return left <= LONGEST_DELAY_SECONDS ? left : 0
}

/** How long the next try waits after so many wrong ones: 5 s, doubled each time, at most 15 min. */
export function delaySeconds(failures: number): number {
  if (failures < FREE_FAILURES) return 0
  return Math.min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2 ** (failures - FREE_FAILURES))
}

async function digestOf(
  pin: string,
  { salt, workFactor }: Pick<StaffPin, 'salt' | 'workFactor'>,
): Promise<string> {
  const cost = { N: 2 ** workFactor, r: 8, p: 1, dkLen: 32 }
  return encodeBase64Url(await scryptAsync(new TextEncoder().encode(pin), salt, cost))
}

/** Compares under a key of the moment, so that the time taken says nothing. */
function sameText(one: string, other: string): boolean {
  const key = randomBytes(32)
  const [a, b] = [one, other].map((text) =>
    encodeBase64Url(hmacSha256(key, new TextEncoder().encode(text))),
  )
  return a === b
}
