import type { PublicJwk, Trust } from '@netcert/credential'
import type { CopyKind } from './copy-choice.js'
import { randomId } from './ledger.js'
import { checkReceived, duplicate, rowsOf } from './received-copies.js'
import type { IssuanceStore, WalletStore } from './stores.js'
import type { KeyStore, Vault } from './keys.js'
import { wardOfCopies } from './ward-records.js'

/** What taking copies in works with. */
export type ReceivingContext = {
  readonly store: WalletStore
  readonly issuanceStore: IssuanceStore
  readonly vault: Vault
  readonly clock: () => Date
  /** @throws WalletError `trust_missing` */
  readonly trust: () => Promise<Trust>
}

/** Copies of one certificate, as their issuer signed them. */
export type ReceivedCredentials = {
  readonly credentials: readonly string[]
  readonly kind: CopyKind
  /** A name of the issuer's for the child that a guardian's certificate is about. */
  readonly ward?: string
}

/** Makes keys for copies to be minted, one each, kept when this resolves. */
export async function createHolderKeys(keyStore: KeyStore, count: number): Promise<PublicJwk[]> {
  const aliases = Array.from({ length: count }, () => `holder-${randomId()}`)
  const keys = await keyStore.createMany({ aliases, type: 'P-256' })
  return keys.map((key) => key.jwk)
}

/** Takes in copies after verifying each, all or none. @throws as `receive` of wallet.ts */
export async function receiveCopies(
  context: ReceivingContext,
  { credentials, kind, ward }: ReceivedCredentials,
): Promise<void> {
  const { store, vault, clock, trust } = context
  const now = clock()
  const copies = await checkReceived({ credentials, store, trust: await trust(), now })
  const about = await wardOfCopies(context, copies, ward)
  const { batch, rows } = rowsOf(copies, { kind, vault, now, ...about })
  if (!(await store.putBatch(batch, rows))) throw duplicate()
}
