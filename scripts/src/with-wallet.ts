import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Wallet } from '@netcert/wallet'
import { type Invocation, walletDir } from './invocation.js'
import { readInputText } from './read-input.js'
import type { LoopbackOption } from './wire-options.js'
import { createTrustSource, type TrustSource } from './trust-source.js'

/** Options of every wallet command. */
export type WalletOptions = LoopbackOption & {
  readonly trust?: string
  readonly lists?: string
}

/**
 * Opens the wallet for somebody at a gate: with what is at hand, and forgetting nothing by a clock that
 * may be wrong. The network of this process is shut while it works.
 */
export async function withWalletAtGate<T>(
  invocation: Invocation,
  options: WalletOptions,
  work: (wallet: Wallet) => Promise<T>,
): Promise<T> {
  const { withoutNetwork } = await import('./network-guard.js')
  const use = { options, create: false, isOffline: true }
  return withoutNetwork(() => withWalletOnTheWire(invocation, use, work))
}

/** Opens the wallet for one piece of work and closes it whatever happens. */
export async function withWallet<T>(
  invocation: Invocation,
  work: (wallet: Wallet) => Promise<T>,
): Promise<T> {
  return withWalletOnTheWire(invocation, { options: {}, create: false }, work)
}

/**
 * Opens the wallet with everything it needs to meet others.
 *
 * @param use.create - Whether a new wallet is made where there is none.
 * @param use.isOffline - Ask nobody, and forget nothing that has expired by the clock.
 */
export async function withWalletOnTheWire<T>(
  invocation: Invocation,
  use: {
    readonly options: WalletOptions
    readonly create: boolean
    readonly isOffline?: boolean
  },
  work: (wallet: Wallet, source: TrustSource) => Promise<T>,
): Promise<T> {
  const { openWallet } = await import('@netcert/wallet')
  const { clock } = invocation
  const { trust, lists, allowHttpLoopback } = use.options
  const dir = walletDir(invocation)
  const isLoopbackAllowed = allowHttpLoopback === true
  const given = trust === undefined ? null : await readRoot(trust)
  const source = createTrustSource({
    dir,
    clock,
    rootDid: given ?? (await pinnedRoot(dir)),
    listsDir: lists ?? null,
    allowHttpLoopback: isLoopbackAllowed,
    isOffline: use.isOffline === true,
  })
  const { wallet, close } = await openWallet({
    dir,
    clock,
    create: use.create,
    allowHttpLoopback: isLoopbackAllowed,
    trust: source.trust,
    published: source.published,
    ...(given === null ? {} : { rootDid: given }),
    ...(use.isOffline === true ? { keepsExpired: true } : {}),
  })
  try {
    return await work(wallet, source)
  } finally {
    await close()
  }
}

function readRoot(path: string): Promise<string> {
  return readInputText({ path, what: 'The root', limitBytes: 1024 })
}

async function pinnedRoot(dir: string): Promise<string | null> {
  const text = await readFile(join(dir, 'root.did'), 'utf8').catch(() => null)
  return text?.trim() ?? null
}
