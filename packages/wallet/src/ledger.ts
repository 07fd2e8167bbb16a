import { createHmac, randomBytes } from 'node:crypto'
import type { Vault } from '@netcert/agent'
import type { ClaimPath } from '@netcert/credential'
import type { CopyKind } from './copy-choice.js'
import { epochSeconds } from './epoch-seconds.js'
import type { DisclosureRow } from './store.js'

/** One line of the ledger: who learned what, by name. Values are never written down. */
export type Disclosure = {
  readonly disclosedAt: Date
  readonly audience: string
  readonly vct: string
  readonly kind: CopyKind
  readonly claims: readonly ClaimPath[]
}

/** A random id for a row: it tells nothing about order or number. */
export function randomId(): string {
  return randomBytes(16).toString('hex')
}

/** Seals a ledger line: the list of places a citizen has been to is itself a secret. */
export function sealDisclosure(vault: Vault, disclosure: Disclosure): DisclosureRow {
  const id = randomId()
  const { disclosedAt, ...content } = disclosure
  const plain = new TextEncoder().encode(JSON.stringify(content))
  return {
    id,
    disclosed_at: epochSeconds(disclosedAt),
    sealed: vault.seal(plain, contextOf(id)),
  }
}

/** Opens a ledger line. */
export function openDisclosure(vault: Vault, row: DisclosureRow): Disclosure {
  const plain = new TextDecoder().decode(vault.unseal(row.sealed, contextOf(row.id)))
  // Sealed by sealDisclosure and authenticated by the vault, so its form is known.
  const content = JSON.parse(plain) as Omit<Disclosure, 'disclosedAt'>
  return { disclosedAt: new Date(row.disclosed_at * 1000), ...content }
}

/** A keyed tag by which a platform copy knows its audience without the store naming it. */
export function audienceTag(vault: Vault, audience: string): string {
  return createHmac('sha256', vault.deriveKey('netcert/wallet/audience/v1'))
    .update(audience)
    .digest('hex')
}

function contextOf(id: string): string {
  return `netcert/wallet/disclosure/v1|${id}`
}
