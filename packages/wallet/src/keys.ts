import type { PublicJwk, Signer } from '@netcert/credential'

/** A key of the wallet, without its private half. */
export type OwnKey = {
  readonly alias: string
  readonly did: string
  readonly jwk: PublicJwk
}

/** How the aliases of keys begin that the wallet makes by itself: of copies, of tokens, of attestations. */
export const ownKeyPrefixes = ['holder-', 'dpop-', 'instance-'] as const

/** The keys of a wallet: sealed in its database, or in a browser non-extractable. */
export type KeyStore = {
  create(options: { readonly alias: string; readonly type: 'P-256' }): Promise<OwnKey>
  /** All or none, in the order of `aliases`. They are kept when this resolves. */
  createMany(options: {
    readonly aliases: readonly string[]
    readonly type: 'P-256'
  }): Promise<OwnKey[]>
  get(alias: string): Promise<OwnKey | undefined>
  /** Ready to sign; rejects for a key that is not there. */
  signer(alias: string): Promise<Signer>
  /**
   * The private half as a handle of WebCrypto that signs and is given out by nobody, for a library that
   * signs by itself; rejects as `signer`.
   */
  signingKey(alias: string): Promise<CryptoKey>
  /** Forgets a key for good; deleting one that is not there is no failure. */
  delete(alias: string): Promise<void>
}

/** What keeps the wallet's certificates and ledger unreadable to whoever has its files. */
export type Vault = {
  /** Seals bytes; `context` names table, row and column, and must be the same on opening. */
  seal(plain: Uint8Array, context: string): string
  /** Throws for another key, another context, or what was changed. */
  unseal(sealed: string, context: string): Uint8Array
  /** 32 bytes that only this vault gives for `info` (HKDF-SHA256, RFC 5869). */
  deriveKey(info: string): Uint8Array
}
