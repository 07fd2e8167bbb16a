import { epochSeconds } from '@netcert/credential'
import {
  type CertificateSummary,
  type ShownClaim,
  shownClaims,
  summaryOf,
} from './certificate-summary.js'
import { WalletError } from './errors.js'
import { openCopy } from './received-copies.js'
import { usedUp } from './vp-refill.js'
import type { WalletStore } from './stores.js'
import type { Vault } from './keys.js'

/** A certificate with its claims. */
export type ShownCertificate = CertificateSummary & { readonly claims: readonly ShownClaim[] }

/**
 * The claims of a certificate by name; their values only with `reveal`.
 *
 * @throws WalletError `certificate_unknown`, `copies_used_up`
 */
export async function showCertificate(
  source: { readonly store: WalletStore; readonly vault: Vault; readonly clock: () => Date },
  id: string,
  reveal: boolean,
): Promise<ShownCertificate> {
  const { store, vault } = source
  const now = epochSeconds(source.clock())
  const batch = (await store.batches(now)).find((candidate) => candidate.id === id)
  if (batch === undefined) {
    throw new WalletError('certificate_unknown', 'no certificate has this id; see the list.')
  }
  const copy = await store.anyCopyOf(id, now)
  if (copy === undefined) throw usedUp()
  const { claims } = openCopy(vault, copy)
  return { ...summaryOf(batch), claims: shownClaims(batch.vct, claims, reveal) }
}
