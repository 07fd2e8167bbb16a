import { LockError } from '../packages/wallet/web/lock/lock-error.js'
import { type LockRecords, openLockRecords } from '../packages/wallet/web/lock/lock-records.js'
import { assertPin } from '../packages/wallet/web/lock/pin.js'
import { createWalletLock, type WalletLock } from '../packages/wallet/web/lock/wallet-lock.js'

let now = Date.UTC(2026, 0, 1)
let wiped = 0
let master: Uint8Array = new Uint8Array()
let records: LockRecords
let lock: WalletLock

/** A new wallet of this name, with a PIN. */
export async function begin(name: string, pin: string): Promise<object> {
  records = await openLockRecords(name)
  lock = createWalletLock({
    records,
    clock: () => new Date(now),
    wipe: () => {
      wiped += 1
      return Promise.resolve()
    },
  })
  master = lock.createMaster()
  await lock.setPin(master, pin)
  return lock.ways()
}

export const later = (seconds: number): void => {
  now += seconds * 1000
}
export const byPin = (pin: string) => told(() => lock.openByPin(pin))
export const byPasskey = () => told(() => lock.openByPasskey())
export const addPasskey = () => told(() => lock.setPasskey(master, '钱包'))
export const changePin = (pin: string) => told(() => lock.setPin(master, pin))
export const wipeAfter = async (failures: number) =>
  lock.choose({ ...(await lock.choices()), wipeAfter: failures })
export const wipes = () => wiped
export const ways = () => lock.ways()
export const isWeak = async (pin: string) =>
  (await told(async () => Promise.resolve(assertPin(pin)))) === 'pin_weak'

/** Every record, as whoever copies the browser's files has it. */
export async function recordsAsText(): Promise<string> {
  const kept = await Promise.all([records.get('pin'), records.get('tries'), records.get('passkey')])
  return JSON.stringify(kept, (_, value: unknown) =>
    value instanceof Uint8Array ? Array.from(value).join(',') : value,
  )
}

export const masterAsText = () => Array.from(master).join(',')

/** Spoils one record, or takes it away, and gives back how to undo that. */
export async function tryWithout(name: 'device' | 'pin' | 'tries'): Promise<unknown> {
  const kept = await records.get(name)
  await records.remove(name)
  const outcome = await byPin('394857')
  if (kept !== undefined) await records.put(name, kept)
  return outcome
}

/** Changes one octet of each part of the PIN's record in turn. */
export async function tryAltered(): Promise<readonly unknown[]> {
  const kept = await records.get('pin')
  if (kept === undefined) return []
  const outcomes: unknown[] = []
  for (const part of ['salt', 'nonce', 'sealed'] as const) {
    const altered = kept[part].slice()
    altered[0] = (altered[0] ?? 0) ^ 1
    await records.put('pin', { ...kept, [part]: altered })
    outcomes.push(await byPin('394857'))
    later(7200)
  }
  await records.put('pin', kept)
  return outcomes
}

/** The other browser: all records but the device key, which cannot be copied out. */
export async function tryOnAnotherDevice(): Promise<unknown> {
  const own = await records.get('device')
  const other = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  await records.put('device', other)
  const outcome = await byPin('394857')
  if (own !== undefined) await records.put('device', own)
  return outcome
}

/** The wrong PINs that are left before it is erased, as a refusal says; null where it never is. */
export async function triesLeftAfter(pin: string): Promise<number | null | undefined> {
  try {
    await lock.openByPin(pin)
    return undefined
  } catch (error) {
    return error instanceof LockError ? error.triesLeft : undefined
  }
}

async function told(attempt: () => Promise<Uint8Array | void>): Promise<unknown> {
  try {
    const opened = await attempt()
    return opened === undefined ? 'done' : opened.join() === master.join() ? 'opened' : 'another'
  } catch (error) {
    if (!(error instanceof LockError)) throw error
    const { code, waitUntil } = error
    return waitUntil === null ? code : `${code} ${Math.max(0, (waitUntil.getTime() - now) / 1000)}`
  }
}
