import { randomBytes } from '@netcert/credential/crypto'
import { LockError } from './lock-error.js'
import type { LockChoices, LockRecords, PinTries } from './lock-records.js'
import { createPasskey, passkeySalt, usePasskey } from './passkey.js'
import { assertPin, PIN_COST, pinSecret } from './pin.js'
import { countTry, mayTry, NO_TRIES } from './pin-tries.js'
import { createDeviceKey, deviceSecret, unwrapKey, wrapKey } from './wrapped-key.js'

const KEY_BYTES = 32
const SALT_BYTES = 32
const USUAL: LockChoices = { wipeAfter: null, lockAfterSeconds: 300 }

/** Which ways in there are. None: nobody set this wallet up yet. */
export type WaysIn = { readonly pin: boolean; readonly passkey: boolean }

/**
 * What opens the vault. There is no flag that says open: the vault's key is random, sealed under what the
 * PIN or the passkey gives together with a key that never leaves this browser, and a wrong one cannot
 * unseal it.
 */
export type WalletLock = {
  ways(): Promise<WaysIn>
  /** A new wallet's key. Nothing is kept until a way in is set. */
  createMaster(): Uint8Array
  /** Sets the PIN, over an older one. @throws LockError `pin_weak` */
  setPin(master: Uint8Array, pin: string): Promise<void>
  /** Sets a passkey, over an older one. @throws LockError `passkey_unsupported`, `passkey_refused` */
  setPasskey(master: Uint8Array, name: string): Promise<void>
  /** @throws LockError `pin_wrong`, `pin_waiting`, `lock_missing`, `wiped` */
  openByPin(pin: string): Promise<Uint8Array>
  /** @throws LockError `passkey_refused`, `passkey_wrong`, `lock_missing`, `lock_damaged` */
  openByPasskey(): Promise<Uint8Array>
  /** Forgets one way in; the other has to be there. @throws LockError `lock_missing` */
  removeWay(way: keyof WaysIn): Promise<void>
  choices(): Promise<LockChoices>
  choose(choices: LockChoices): Promise<void>
  /** Forgets every way in: what the vault sealed is unreadable from then on. */
  erase(): Promise<void>
}

export type WalletLockOptions = {
  readonly records: LockRecords
  readonly clock: () => Date
  /** Erases the rest of the wallet, after `wipeAfter` wrong PINs. */
  readonly wipe: () => Promise<void>
}

/** The lock over its records. Tries in several tabs stand in one line. */
export function createWalletLock(options: WalletLockOptions): WalletLock {
  const { records } = options
  return {
    ways: async () => ({
      pin: (await records.get('pin')) !== undefined,
      passkey: (await records.get('passkey')) !== undefined,
    }),
    createMaster: () => randomBytes(KEY_BYTES).slice(),
    setPin: (master, pin) => setPin(records, master, pin),
    setPasskey: (master, name) => setPasskey(records, master, name),
    openByPin: (pin) =>
      navigator.locks.request('netcert-wallet-pin', () => openByPin(options, pin)),
    openByPasskey: () => openByPasskey(records),
    removeWay: (way) => removeWay(records, way),
    choices: async () => (await records.get('choices')) ?? USUAL,
    choose: (choices) => records.put('choices', choices),
    erase: () => records.beginErasing(),
  }
}

async function setPin(records: LockRecords, master: Uint8Array, pin: string): Promise<void> {
  assertPin(pin)
  const salt = randomBytes(SALT_BYTES).slice()
  const secrets = [
    await pinSecret(pin, salt, PIN_COST),
    await deviceSecret(await deviceKey(records), salt),
  ]
  await records.put('pin', { ...wrapKey('pin', master, { salt, secrets }), cost: PIN_COST })
  await records.put('tries', NO_TRIES)
}

async function setPasskey(records: LockRecords, master: Uint8Array, name: string): Promise<void> {
  const salt = randomBytes(SALT_BYTES).slice()
  const device = await deviceKey(records)
  const { credentialId, secret } = await createPasskey(name, passkeySalt(salt))
  const secrets = [secret, await deviceSecret(device, salt)]
  await records.put('passkey', { ...wrapKey('passkey', master, { salt, secrets }), credentialId })
}

async function openByPin(options: WalletLockOptions, pin: string): Promise<Uint8Array> {
  const { records, clock } = options
  const now = Math.floor(clock().getTime() / 1000)
  const kept = await records.get('pin')
  const device = await records.get('device')
  if (kept === undefined || device === undefined) throw new LockError('lock_missing')
  const before = (await records.get('tries')) ?? NO_TRIES
  const { wipeAfter } = (await records.get('choices')) ?? USUAL
  if (!mayTry(before, now)) throw waiting('pin_waiting', before, wipeAfter)
  const tries = countTry(before, now)
  await records.put('tries', tries)
  const secrets = [
    await pinSecret(pin, kept.salt, kept.cost),
    await deviceSecret(device, kept.salt),
  ]
  const master = unwrapKey('pin', kept, secrets)
  if (master === null) throw await refuse(options, tries)
  await records.put('tries', NO_TRIES)
  return master
}

async function refuse({ records, wipe }: WalletLockOptions, tries: PinTries): Promise<LockError> {
  const { wipeAfter } = (await records.get('choices')) ?? USUAL
  if (wipeAfter === null || tries.failures < wipeAfter) {
    return waiting('pin_wrong', tries, wipeAfter)
  }
  // The keys to everything first: whatever happens then, nothing opens any more.
  await records.beginErasing()
  await wipe()
  return new LockError('wiped')
}

async function openByPasskey(records: LockRecords): Promise<Uint8Array> {
  const kept = await records.get('passkey')
  const device = await records.get('device')
  if (kept === undefined || device === undefined) throw new LockError('lock_missing')
  const { credentialId, secret } = await usePasskey(kept.credentialId, passkeySalt(kept.salt))
  if (!isSame(credentialId, kept.credentialId)) throw new LockError('passkey_wrong')
  const master = unwrapKey('passkey', kept, [secret, await deviceSecret(device, kept.salt)])
  if (master === null) throw new LockError('lock_damaged')
  return master
}

async function removeWay(records: LockRecords, way: keyof WaysIn): Promise<void> {
  const other = way === 'pin' ? 'passkey' : 'pin'
  // Without another way in, nothing would open the wallet any more.
  if ((await records.get(other)) === undefined) throw new LockError('lock_missing')
  await records.remove(way)
}

async function deviceKey(records: LockRecords): Promise<CryptoKey> {
  const kept = await records.get('device')
  if (kept !== undefined) return kept
  const made = await createDeviceKey()
  await records.put('device', made)
  return made
}

function waiting(
  code: 'pin_wrong' | 'pin_waiting',
  { failures, waitUntil }: PinTries,
  wipeAfter: LockChoices['wipeAfter'],
): LockError {
  const triesLeft = wipeAfter === null ? null : Math.max(1, wipeAfter - failures)
  return new LockError(code, { waitUntil: new Date(waitUntil * 1000), triesLeft })
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at])
}
