import type { Wallet } from '@netcert/wallet/rules'

/** A code that was made for a gate. */
export type KeptCode = {
  /** `NC1:…` */
  readonly text: string
  /** What it answers. */
  readonly challenge: string
  /** The gate's client identifier. */
  readonly audience: string
  /** As the citizen was shown it. */
  readonly venue: string
  readonly madeAt: Date
  /** By the clock of this device. */
  readonly goodUntil: Date
  readonly encrypted: boolean
  /** A copy for one use went into it; else one that stays. */
  readonly usesUp: boolean
}

/** In memory alone, and gone when the wallet is locked: the next time it is opened it is another one. */
const kept = new WeakMap<Wallet, KeptCode>()

/** Remembers the newest code, so that the next look at the same gate spends nothing. */
export function keepCode(wallet: Wallet, code: KeptCode): void {
  kept.set(wallet, code)
}

/** The newest code while it is good. */
export function goodCode(wallet: Wallet, now: Date): KeptCode | null {
  const code = kept.get(wallet)
  return code !== undefined && now < code.goodUntil ? code : null
}
