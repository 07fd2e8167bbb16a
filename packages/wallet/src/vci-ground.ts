import type { PublicJwk, Trust } from '@netcert/credential'
import type { GuardedFetch } from '@netcert/protocol'
import type { IssuanceStore, PlatformCopyStore, WalletStore } from './stores.js'
import type { KeyStore, Vault } from './keys.js'

/**
 * Whoever vouches for this wallet and its keys, where an issuer insists on that (OpenID4VCI 1.0
 * Appendices D and E). Without one the wallet names itself and proves its keys alone.
 */
export type WalletProvider = {
  /** `client_id` that all its wallets share. */
  readonly clientId: string
  /** An `oauth-client-attestation+jwt` for a key of this wallet. */
  attestInstance(jwk: PublicJwk): Promise<string>
  /** A `key-attestation+jwt` for holder keys. */
  attestKeys(options: {
    readonly keys: readonly PublicJwk[]
    readonly nonce: string | null
    readonly keyStorage: readonly string[]
    readonly userAuthentication: readonly string[]
  }): Promise<string>
}

/** What fetching certificates works with. */
export type IssuanceGround = {
  readonly issuanceStore: IssuanceStore
  readonly store: WalletStore
  readonly platformCopies: PlatformCopyStore
  readonly keyStore: KeyStore
  readonly vault: Vault
  readonly clock: () => Date
  readonly trust: () => Promise<Trust>
  readonly fetch: GuardedFetch
  readonly allowHttpLoopback: boolean
  /** The wallet's name at authorization servers, where nobody attests it. */
  readonly clientId: string
  readonly provider: WalletProvider | null
}
