import {
  createDidKey,
  epochSeconds,
  type Trust,
  verifyReceivedCredential,
} from '@netcert/credential'
import { type HeldCredential, inspectCredential } from '@netcert/credential/holder'
import type { CopyKind } from './copy-choice.js'
import { WalletError } from './errors.js'
import { holdingTag, randomId } from './ledger.js'
import type { PlatformSecret } from './platform-holding.js'
import type { BatchRow, CopyRow, WalletStore } from './stores.js'
import type { Vault } from './keys.js'

/** A verified copy and the key of ours that it is bound to. */
export type ReceivedCopy = { readonly keyAlias: string; readonly held: HeldCredential }

/**
 * Checks what an issuer sent before anything of it is stored: each copy is bound to a key of this
 * wallet and comes from an issuer the wallet trusts. Copies are matched to keys by `cnf`, never by
 * position.
 *
 * @throws WalletError `batch_empty`, `key_foreign`, `copy_duplicate`, `batch_mixed`;
 *   CredentialError with the code of the step that failed
 */
export async function checkReceived(options: {
  readonly credentials: readonly string[]
  readonly store: WalletStore
  readonly trust: Trust
  readonly now: Date
}): Promise<readonly ReceivedCopy[]> {
  const { credentials, store, trust, now } = options
  const copies: ReceivedCopy[] = []
  for (const credential of credentials) {
    const held = await inspectCredential(credential)
    const { holderJwk } = held
    const keyAlias = await store.keyAlias(createDidKey(holderJwk))
    if (keyAlias === undefined) {
      throw new WalletError(
        'key_foreign',
        'a certificate is bound to a key that is not in this wallet; ask the issuer to mint for ' +
          "this wallet's own keys.",
      )
    }
    await verifyReceivedCredential(trust, credential, { now, holderJwk })
    copies.push({ keyAlias, held })
  }
  assertOneBatch(copies)
  return copies
}

function assertOneBatch(copies: readonly ReceivedCopy[]): void {
  const [first] = copies
  if (first === undefined) {
    throw new WalletError('batch_empty', 'nothing was received; ask the issuer for certificates.')
  }
  if (new Set(copies.map((copy) => copy.keyAlias)).size !== copies.length) throw duplicate()
  const same = copies.every(
    ({ held }) => held.vct === first.held.vct && held.issuer === first.held.issuer,
  )
  if (!same) {
    throw new WalletError(
      'batch_mixed',
      'the copies received together are not of one type and issuer; receive each certificate by itself.',
    )
  }
}

/** A holder key carries one copy. */
export function duplicate(): WalletError {
  return new WalletError(
    'copy_duplicate',
    'a copy with the same holder key is in the wallet already or stands twice in what was ' +
      'received; have each copy minted for a key of its own.',
  )
}

/** The rows to store for a checked batch; with `platform`, tied to that platform from the start. */
export function rowsOf(
  copies: readonly ReceivedCopy[],
  options: {
    readonly kind: CopyKind
    readonly vault: Vault
    readonly now: Date
    readonly platform?: PlatformSecret
    readonly ward?: string
  },
): { readonly batch: BatchRow; readonly rows: readonly CopyRow[] } {
  const { kind, vault, now, platform, ward = null } = options
  const tag = platform && holdingTag(vault, { ...platform, ward: platform.ward ?? null })
  const [first] = copies
  if (first === undefined) throw new TypeError('an empty batch has no rows')
  const batchId = randomId()
  const expiries = copies.map(({ held }) => epochSeconds(held.expiresAt))
  const batch = {
    id: batchId,
    kind,
    vct: first.held.vct,
    issuer: first.held.issuer,
    issued_at: epochSeconds(first.held.issuedAt),
    expires_at: Math.min(...expiries),
    received_at: epochSeconds(now),
    ward_id: ward,
  }
  const rows = copies.map(({ keyAlias, held }) => {
    const id = randomId()
    const content = platform === undefined ? held : { ...held, platform }
    const sealed = vault.seal(encodeHeld(content), copyContext(id))
    const unused = { used_at: null, audience_tag: tag ?? null }
    return {
      ...{ id, batch_id: batchId, key_alias: keyAlias, sealed },
      expires_at: epochSeconds(held.expiresAt),
      ...unused,
    }
  })
  return { batch, rows }
}

/** A stored copy: the certificate, and for a numbered one what opens its number. */
export type StoredCopy = HeldCredential & { readonly platform?: PlatformSecret }

/** The certificate of a stored copy. */
export function openCopy(vault: Vault, row: Pick<CopyRow, 'id' | 'sealed'>): StoredCopy {
  const plain = new TextDecoder().decode(vault.unseal(row.sealed, copyContext(row.id)))
  // Sealed by encodeHeld and authenticated by the vault, so its form is known.
  const stored = JSON.parse(plain) as Omit<StoredCopy, 'issuedAt' | 'expiresAt'> & {
    readonly issuedAt: string
    readonly expiresAt: string
  }
  return { ...stored, issuedAt: new Date(stored.issuedAt), expiresAt: new Date(stored.expiresAt) }
}

/** Stored as read on receipt, so that presenting need not decode the certificate again. */
function encodeHeld(held: StoredCopy): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(held))
}

function copyContext(id: string): string {
  return `netcert/wallet/copy/v1|${id}`
}
