import type { OfferQuestion, ReceivedOffer, Wallet } from '@netcert/wallet'
import { afterEach, beforeEach } from 'vitest'
import { honest, type VciIssuer } from './vci-issuer-behaviour.js'
import { startVciIssuer } from './vci-issuer-ground.js'
import { type WalletGround, walletGround } from './wallet-ground.js'

/** Wallets that fetch, and an issuer over real HTTP that may be told to misbehave. */
export type VciGround = {
  readonly ground: WalletGround
  readonly issuer: VciIssuer
  open(options?: Parameters<WalletGround['open']>[0]): Promise<Wallet>
  /** Takes up an offer by saying yes to everything. */
  receive(
    wallet: Wallet,
    options?: { offer?: string; txCode?: string; batch?: number },
  ): Promise<ReceivedOffer>
}

export const yes = (_question: OfferQuestion): boolean => true

/** Call inside a `describe` or at the top of a file. */
export function vciGround(): VciGround {
  const ground = walletGround()
  let running: VciIssuer | undefined
  const issuer = () => {
    if (running === undefined) throw new TypeError('used before the test began')
    return running
  }
  beforeEach(async () => {
    running ??= await startVciIssuer(ground.domain, () => ground.now)
    Object.assign(running.behaviour, honest())
    running.asked.splice(0)
  })
  afterEach(async () => {
    await running?.close()
    running = undefined
  })
  return {
    ground,
    get issuer() {
      return issuer()
    },
    open: (options = {}) => ground.open({ allowHttpLoopback: true, ...options }),
    async receive(wallet, { offer = issuer().offer(), ...options } = {}) {
      const outcome = await wallet.receiveOffer({ offer, consent: yes, ...options })
      if (outcome.kind !== 'received') throw new TypeError('a sign-in was not expected')
      return outcome
    },
  }
}
