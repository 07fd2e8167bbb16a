import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Trust } from '@netcert/credential'
import type { CopyKind, Issuer } from '@netcert/issuer'

/** What is minted, for whom, and into which wallet. */
export type MintToWalletOptions = {
  readonly issuer: Issuer
  readonly issuerDir: string
  readonly clock: () => Date
  /** Reference of the citizen the certificate is about. */
  readonly citizen: string
  readonly walletDir: string
  /** `vct` of the certificate. */
  readonly type: string
  readonly copies: CopyKind
  /** Reference of the guardian who holds it, where the type wants one. */
  readonly guardian?: string | undefined
}

/** What came into the wallet. */
export type MintedToWallet = {
  /** Names the batch at the issuer: `certificate revoke --batch`. */
  readonly batch: string
  readonly kind: CopyKind
  readonly copies: number
}

/**
 * Mints certificates into a wallet on this machine: the wallet makes the keys, the issuer signs,
 * the wallet checks what it got and keeps it. The wallet is made where there is none; it is pinned
 * to this issuer's root.
 *
 * @throws IssuerError, WalletError
 */
export async function mintToWallet(options: MintToWalletOptions): Promise<MintedToWallet> {
  const { issuer, clock, citizen, walletDir, type, copies: kind, guardian } = options
  const [{ openWallet }, { copyPolicy }] = await Promise.all([
    import('@netcert/wallet'),
    import('@netcert/issuer'),
  ])
  const rootDid = (await readFile(join(options.issuerDir, 'root.did'), 'utf8')).trim()
  const { wallet, close } = await openWallet({
    dir: walletDir,
    clock,
    rootDid,
    // Also where there is one: an interrupted run may have left it without its tables.
    create: true,
    trust: async () => issuerTrust(await issuer.trustList(), rootDid, clock()),
  })
  try {
    const holderJwks = await wallet.createHolderKeys(copyPolicy(type, kind).copies)
    const { batch, credentials } = await issuer.mint({
      citizen,
      type,
      copies: kind,
      holderJwks,
      ...(guardian === undefined ? {} : { guardian }),
    })
    // What the issuer calls the child tells this wallet's children apart.
    const about = guardian === undefined ? {} : { ward: citizen }
    await wallet.receive({ credentials, kind, ...about })
    return { batch, kind, copies: credentials.length }
  } finally {
    await close()
  }
}

/** Whom the wallet believes: the issuers that the pinned root lists. */
async function issuerTrust(trustListToken: string, rootDid: string, now: Date): Promise<Trust> {
  const { createTrust } = await import('@netcert/credential')
  const rootDids = [rootDid]
  return createTrust({ trustListToken, rootDids, now, graceSeconds: 0, minimumSequence: 0 })
}
