import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '@netcert/credential'
import { type OpenWallet, type OpenWalletOptions, openWallet, type Wallet } from '@netcert/wallet'
import { afterEach, beforeAll, beforeEach } from 'vitest'
import { adultClaims, createTrustDomain, later, type TrustDomain, testNow } from './trust-domain.js'

/** Wallets in a folder of each test's own, and an issuer whose certificates they trust. */
export type WalletGround = {
  readonly domain: TrustDomain
  readonly folder: string
  /** What the wallets' clock shows; `testNow` at the start of each test. */
  now: Date
  open(options?: Partial<OpenWalletOptions>): Promise<Wallet>
  closeAll(): Promise<void>
  /** Mints so many copies for keys of the wallet, and has it receive them in another order. */
  receiveOneTime(wallet: Wallet, copies: number, claims?: JsonObject): Promise<void>
  receivePlatform(wallet: Wallet): Promise<void>
}

/** Call inside a `describe` or at the top of a file. */
export function walletGround(): WalletGround {
  const state = { now: testNow, folder: '', domain: undefined as TrustDomain | undefined }
  const opened: OpenWallet[] = []
  const closeAll = async () => {
    for (const { close } of opened.splice(0)) await close()
  }
  const domain = () => {
    if (state.domain === undefined) throw new TypeError('used before the test began')
    return state.domain
  }
  beforeAll(async () => {
    state.domain = await createTrustDomain()
  })
  beforeEach(async () => {
    state.folder = await mkdtemp(join(tmpdir(), 'netcert-wallet-'))
    state.now = testNow
  })
  afterEach(async () => {
    await closeAll()
    await rm(state.folder, { recursive: true })
  })
  return {
    get domain() {
      return domain()
    },
    get folder() {
      return state.folder
    },
    get now() {
      return state.now
    },
    set now(instant) {
      state.now = instant
    },
    closeAll,
    async open(options = {}) {
      const dir = join(state.folder, 'wallet')
      const usual = { dir, clock: () => state.now, create: true, trust: () => domain().trust() }
      const wallet = await openWallet({ ...usual, ...options })
      opened.push(wallet)
      return wallet.wallet
    },
    async receiveOneTime(wallet, copies, claims = adultClaims) {
      const keys = await wallet.createHolderKeys(copies)
      const credentials = await Promise.all(keys.map((jwk) => domain().mint({ jwk, claims })))
      // Copies are matched by key, not by position.
      await wallet.receive({ credentials: credentials.toReversed(), kind: 'one-time' })
    },
    async receivePlatform(wallet) {
      for (const jwk of await wallet.createHolderKeys(1)) {
        const expiresAt = later(30 * 86_400)
        const credential = await domain().mint({ jwk, status: 1, expiresAt })
        await wallet.receive({ credentials: [credential], kind: 'platform' })
      }
    },
  }
}
