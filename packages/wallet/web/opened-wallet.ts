import {
  copiesLeft,
  createPutOff,
  heldCertificates,
  ownPauses,
  type PutOff,
  type Wallet,
} from '@netcert/wallet/rules'
import { type KeptWallet, openKeptWallet } from './keeping/kept-wallet.js'
import { surelyPast } from './keeping/surely-past.js'
import { walletWhenAsked } from './lazy-wallet.js'
import { assertKnownRoot } from './reaching/known-root.js'
import type { PublishedCopies } from './reaching/published-copies.js'
import type { WholeWallet } from './whole-wallet.js'

/** The wallet of this browser, open. */
export type OpenedWallet = {
  readonly wallet: Wallet
  readonly copies: Pick<PublishedCopies, 'refresh'>
  /** What issuers put off. */
  readonly putOff: PutOff
  /** 32 bytes that only this wallet knows, for the pattern of its card of that name. */
  readonly cardHash: (name: string) => Uint8Array
  /** Whether a refill or something put off is due by the wallet's own schedule. */
  readonly isAnythingDue: () => Promise<boolean>
  /** Whether copies that are still there end within a day. */
  readonly isAnyEnding: () => Promise<boolean>
  readonly close: () => void
}

export type OpenBrowserWalletOptions = {
  /** Name of the database, within this origin. */
  readonly name: string
  /** 32 bytes, from the lock; the caller overwrites them. */
  readonly master: Uint8Array
  readonly clock: () => Date
  /** did:key of the root, and where what it vouches for is published: from whoever serves this page. */
  readonly issuer: { readonly root: string; readonly baseUrl: string }
  /** Plain http on this machine, where this page itself was served by it. */
  readonly allowHttpLoopback: boolean
  readonly openAddress: (url: string) => Promise<void>
  readonly onLost: () => void
}

/**
 * Opens the wallet of this browser. What it holds can be listed at once; its rules, which are most of the
 * code, come when the first of them is asked for.
 *
 * @throws WalletError `root_differs`; DOMException where the browser keeps nothing
 */
export async function openBrowserWallet(options: OpenBrowserWalletOptions): Promise<OpenedWallet> {
  const { master: _gone, ...rest } = options
  const kept = await openKeptWallet(options)
  try {
    await assertKnownRoot(kept.database, options.issuer.root)
    const past = await surelyPast(kept, options.clock)
    await kept.store.forgetExpired(Math.floor(past.getTime() / 1000))
    return openedOver(kept, rest)
  } catch (error) {
    // What does not open leaves no key in memory.
    kept.close()
    throw error
  }
}

type Rest = Omit<OpenBrowserWalletOptions, 'master'>

function openedOver({ close, ...kept }: KeptWallet, options: Rest): OpenedWallet {
  const load = wholeOnce(kept, options)
  let isOpen = true
  const seconds = () => Math.floor(options.clock().getTime() / 1000)
  return {
    wallet: walletWhenAsked(async () => (await load()).wallet, {
      list: () => heldCertificates({ ...kept, clock: options.clock }),
      pauses: () => ownPauses({ ...kept, clock: options.clock }),
      remaining: async () => copiesLeft(await kept.store.batches(seconds())),
    }),
    copies: { refresh: async () => (await load()).copies.refresh() },
    putOff: createPutOff({ ...kept, clock: options.clock }),
    // A screen may be drawn once more while it closes.
    cardHash: (card) =>
      isOpen ? kept.vault.deriveKey(`netcert/card-pattern/${card}/v1`) : new Uint8Array(32),
    isAnythingDue: () => isAnythingDue(kept, seconds()),
    isAnyEnding: async () =>
      (await kept.store.batches(seconds())).some(
        ({ expires_at, remaining }) => remaining > 0 && expires_at <= seconds() + DAY,
      ),
    close: () => {
      isOpen = false
      close()
    },
  }
}

/** Loads the rules once; where they did not come, whoever asks next tries again. */
function wholeOnce(kept: Omit<KeptWallet, 'close'>, options: Rest): () => Promise<WholeWallet> {
  let whole: Promise<WholeWallet> | null = null
  const load = async () => (await import('./whole-wallet.js')).assembleWholeWallet(kept, options)
  return () => {
    whole ??= load().catch((error: unknown) => {
      whole = null
      throw error
    })
    return whole
  }
}

const DAY = 86_400
const DUE = ['grant', 'deferred', 'platform'] as const

async function isAnythingDue(kept: Omit<KeptWallet, 'close'>, now: number): Promise<boolean> {
  const rows = await Promise.all(DUE.map((kind) => kept.issuanceStore.list(kind)))
  if (rows.flat().some(({ due_at }) => due_at !== null && due_at <= now)) return true
  const batches = await kept.store.batches(now)
  return batches.some(({ kind, remaining }) => kind === 'one-time' && remaining === 0)
}
