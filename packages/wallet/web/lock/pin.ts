import { scryptAsync } from '@noble/hashes/scrypt.js'
import type { PinCost } from './lock-records.js'
import { LockError } from './lock-error.js'

/** OWASP's least for scrypt: 128 MiB and about a second on a phone. */
export const PIN_COST: PinCost = { N: 2 ** 17, r: 8, p: 1 }

/**
 * Refuses what is tried first: less than six digits, one digit again and again, rows up or down, and a
 * half that is repeated.
 *
 * @throws LockError `pin_weak`
 */
export function assertPin(pin: string): void {
  if (!/^\d{6,32}$/.test(pin)) throw new LockError('pin_weak')
  const steps = new Set(
    Array.from(pin.slice(1), (digit, at) => (Number(digit) - Number(pin[at]) + 10) % 10),
  )
  const [step] = steps
  const isRow = steps.size === 1 && (step === 0 || step === 1 || step === 9)
  const half = pin.slice(0, pin.length / 2)
  if (isRow || half.repeat(2) === pin) throw new LockError('pin_weak')
}

/** What a PIN gives: slow on purpose. */
export function pinSecret(pin: string, salt: Uint8Array, cost: PinCost): Promise<Uint8Array> {
  return scryptAsync(pin.normalize('NFKC'), salt, { ...cost, dkLen: 32, asyncTick: 20 })
}
