import { type ClaimPath, epochSeconds, type JsonObject } from '@netcert/credential'
import { createPresentation } from '@netcert/credential/holder'
import type { CopyKind } from './copy-choice.js'
import { audienceTag, holdingTag, randomId } from './ledger.js'
import type { LedgerBook } from './ledger-book.js'
import type { PlatformNote } from './ledger-entry.js'
import type { StoredCopy } from './received-copies.js'
import type { HeldWard } from './ward-records.js'
import type { CopyRow, WalletStore } from './stores.js'
import type { KeyStore, Vault } from './keys.js'

/** A copy, and what of it is to be shown. */
export type Showing = {
  readonly copy: CopyRow
  readonly held: StoredCopy
  readonly kind: CopyKind
  readonly paths: readonly ClaimPath[]
}

/** To whom a copy is shown. */
export type ShownTo = {
  readonly audience: string
  readonly nonce: string
  /** The accredited platform behind the audience; null for a verifier nobody accredited. */
  readonly platform: PlatformNote | null
  /** The child it is about, for the ledger; absent: the citizen themselves. */
  readonly ward?: HeldWard
  /** More claims of the KB-JWT. */
  readonly keyBindingClaims?: JsonObject
}

/** What left, and the line about it in the ledger. */
export type Shown = { readonly presentation: string; readonly disclosure: string }

/** What showing a copy works with. */
export type ShowingSource = {
  readonly store: WalletStore
  readonly keyStore: KeyStore
  readonly vault: Vault
  readonly ledger: LedgerBook
  /** As of the context of an answer. */
  readonly fits?: (presentation: string) => Promise<void>
}

/**
 * Makes a presentation and, before handing it out, uses the copy up and writes the ledger, durably:
 * whatever happens to the presentation, no one-time copy is ever shown twice.
 *
 * @returns null when another call was faster with this copy.
 */
export async function showCopy(
  source: ShowingSource,
  { copy, held, kind, paths }: Showing,
  to: ShownTo,
  now: Date,
): Promise<Shown | null> {
  const { store, keyStore, vault, ledger } = source
  const { audience, nonce, platform } = to
  assertOwn(held, platform)
  const signer = await keyStore.signer(copy.key_alias).catch(keyGone)
  if (signer === null) {
    // Used by a faster call, and this changes nothing; or lost, and then nobody is to choose it again.
    await store.discard(copy, epochSeconds(now))
    return null
  }
  // Signed first and released last: a copy is not used up by a signature that fails.
  const presentation = await createPresentation({
    credential: held,
    paths,
    signer,
    audience,
    nonce,
    issuedAt: now,
    keyBindingClaims: { ...to.keyBindingClaims, ...blindingFor(held, paths) },
  })
  await source.fits?.(presentation)
  const disclosure = randomId()
  const { vct } = held
  const content = { id: disclosure, audience, vct, copy: kind, claims: paths, platform } as const
  const about = to.ward === undefined ? {} : { ward: to.ward }
  const entry = ledger.line({ kind: 'disclosure', ...content, ...about })
  const tag =
    held.platform === undefined
      ? audienceTag(vault, audience)
      : holdingTag(vault, { ...held.platform, ward: held.platform.ward ?? null })
  const mine =
    kind === 'one-time'
      ? await store.useOnce(copy, epochSeconds(now), entry)
      : await store.useAt(copy, tag, epochSeconds(now), entry)
  return mine ? { presentation, disclosure } : null
}

/** What opens the number goes only where the number goes. */
function blindingFor({ platform }: StoredCopy, paths: readonly ClaimPath[]): JsonObject {
  const isNumberShown = paths.some(([name]) => name === 'platform_number')
  return platform === undefined || !isNumberShown ? {} : { platform_number_r: platform.r }
}

/** Whoever chose a copy saw to this; a platform's number at another one would join the two. */
function assertOwn({ platform: own }: StoredCopy, shownTo: PlatformNote | null): void {
  if (own === undefined || own.platformId === shownTo?.id) return
  throw new TypeError('a platform copy is shown to its own platform and nobody else')
}

/** The key of a used copy is erased with it, so a missing key mostly means that another call was faster. */
function keyGone(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'key_unknown') return null
  throw error
}
