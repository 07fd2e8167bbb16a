import type { KeyStore, Vault } from '@netcert/agent'
import type { ClaimPath, JsonObject } from '@netcert/credential'
import { createPresentation, type HeldCredential } from '@netcert/credential/holder'
import type { CopyKind } from './copy-choice.js'
import { epochSeconds } from './epoch-seconds.js'
import { audienceTag, sealDisclosure } from './ledger.js'
import type { CopyRow, WalletStore } from './store.js'

/** A copy, and what of it is to be shown. */
export type Showing = {
  readonly copy: CopyRow
  readonly held: HeldCredential
  readonly kind: CopyKind
  readonly paths: readonly ClaimPath[]
}

/** To whom a copy is shown. */
export type ShownTo = {
  readonly audience: string
  readonly nonce: string
  /** More claims of the KB-JWT. */
  readonly keyBindingClaims?: JsonObject
}

/**
 * Makes a presentation and, before handing it out, uses the copy up and writes the ledger, durably:
 * whatever happens to the presentation, no one-time copy is ever shown twice.
 *
 * @returns null when another call was faster with this copy.
 */
export async function showCopy(
  source: { readonly store: WalletStore; readonly keyStore: KeyStore; readonly vault: Vault },
  { copy, held, kind, paths }: Showing,
  { audience, nonce, keyBindingClaims = {} }: ShownTo,
  now: Date,
): Promise<string | null> {
  const { store, keyStore, vault } = source
  const signer = await keyStore.signer(copy.key_alias).catch(keyGone)
  if (signer === null) return null
  // Signed first and released last: a copy is not used up by a signature that fails.
  const presentation = await createPresentation({
    credential: held,
    paths,
    signer,
    audience,
    nonce,
    issuedAt: now,
    keyBindingClaims,
  })
  const entry = sealDisclosure(vault, {
    disclosedAt: now,
    audience,
    vct: held.vct,
    kind,
    claims: paths,
  })
  const mine =
    kind === 'one-time'
      ? await store.useOnce(copy, epochSeconds(now), entry)
      : await store.useAt(copy, audienceTag(vault, audience), epochSeconds(now), entry)
  return mine ? presentation : null
}

/** The key of a used copy is erased with it, so a missing key means that another call was faster. */
function keyGone(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'key_unknown') return null
  throw error
}
