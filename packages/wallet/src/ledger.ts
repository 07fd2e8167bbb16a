import { randomBytes } from '@netcert/credential/crypto'
import type { ClaimPath } from '@netcert/credential'
import type { CopyKind } from './copy-choice.js'
import { hexOf, keyedTag } from './keyed-tag.js'
import { type LedgerEntry, writeEntry } from './ledger-chain.js'
import type {
  DeletionContent,
  PlatformNote,
  ReceiptContent,
  ReportContent,
} from './ledger-entry.js'
import type { WalletTables } from './store.js'
import type { HeldWard } from './ward-records.js'
import type { WriteEntry } from './stores.js'
import type { Vault } from './keys.js'

/** One disclosure as the ledger has it: who learned what, by name. Values are never written down. */
export type Disclosure = {
  readonly id: string
  readonly disclosedAt: Date
  readonly audience: string
  readonly vct: string
  readonly kind: CopyKind
  readonly claims: readonly ClaimPath[]
  /** What a registrar vouched for; null: a verifier that nobody accredited. */
  readonly platform: PlatformNote | null
  /** The child it was about; null: the citizen themselves. */
  readonly ward: HeldWard | null
  /** What the platform signed; null where none can be expected. */
  readonly receipt: ReceiptContent['state'] | null
}

/** The last word on each demand to delete. */
export type Deletion = {
  readonly id: string
  readonly platformId: string
  readonly name: DeletionContent['platform']['name']
  /** The child whose account it is about; null: the citizen's own. */
  readonly ward: HeldWard | null
  readonly requestedAt: Date
  readonly state: DeletionContent['state']
  readonly dueAt: Date | null
  /** The platform's own words for putting it off or refusing; null where it gave none. */
  readonly reason: DeletionContent['reason']
  /** Not done, and the time for it is over: ask again, or complain. */
  readonly isLate: boolean
}

/** A greedy request that was reported to the registrar. */
export type SentReport = {
  readonly id: string
  readonly platformId: string
  readonly name: ReportContent['platform']['name']
  readonly code: string
  readonly sentAt: Date
}

/** A random id for a row: it tells nothing about order or number. */
export function randomId(): string {
  return hexOf(randomBytes(16))
}

/** The disclosures of a ledger, newest first, each with what became of its receipt. */
export function disclosuresOf(entries: readonly LedgerEntry[]): readonly Disclosure[] {
  const receipts = new Map<string, ReceiptContent['state']>()
  const found: Disclosure[] = []
  for (const entry of entries.toReversed()) {
    if (entry.kind === 'receipt') {
      // Going back in time: the last word is met first.
      for (const id of entry.of) if (!receipts.has(id)) receipts.set(id, entry.state)
    }
    if (entry.kind !== 'disclosure') continue
    const { id, audience, vct, copy, claims, platform, recorded_at, ward = null } = entry
    const disclosedAt = new Date(recorded_at * 1000)
    const receipt = receipts.get(id) ?? null
    found.push({ id, disclosedAt, audience, vct, kind: copy, claims, platform, ward, receipt })
  }
  return found
}

/** How each demand to delete stands, newest first. */
export function deletionsOf(entries: readonly LedgerEntry[], now: Date): readonly Deletion[] {
  const found = new Map<string, Deletion>()
  for (const entry of entries) {
    if (entry.kind !== 'deletion') continue
    const { id, platform, state, due_at, reason, recorded_at, ward = null } = entry
    const dueAt = due_at === null ? null : new Date(due_at * 1000)
    const requestedAt = found.get(id)?.requestedAt ?? new Date(recorded_at * 1000)
    const isOpen = state !== 'deleted' && state !== 'refused'
    const isLate = isOpen && dueAt !== null && dueAt < now
    const { id: platformId, name } = platform
    found.set(id, { id, platformId, name, ward, requestedAt, state, dueAt, reason, isLate })
  }
  return [...found.values()].toReversed()
}

/** What was reported, newest first. */
export function reportsOf(entries: readonly LedgerEntry[]): readonly SentReport[] {
  const found = entries.flatMap((entry) => (entry.kind === 'report' ? [entry] : []))
  return found.toReversed().map(({ platform, code, report_id: id, recorded_at }) => {
    const { id: platformId, name } = platform
    return { id, platformId, name, code, sentAt: new Date(recorded_at * 1000) }
  })
}

/** A line of a wallet from before there was a chain. */
export function adoptDisclosure(
  vault: Vault,
  line: WalletTables['wallet_disclosures'],
): WriteEntry {
  const context = `netcert/wallet/disclosure/v1|${line.id}`
  const plain = new TextDecoder().decode(vault.unseal(line.sealed, context))
  // Sealed by this wallet and authenticated by the vault, so its form is known.
  const old = JSON.parse(plain) as {
    readonly audience: string
    readonly vct: string
    readonly kind: CopyKind
    readonly claims: readonly ClaimPath[]
  }
  const { audience, vct, kind: copy, claims } = old
  const { id, disclosed_at: recordedAt } = line
  const content = { kind: 'disclosure', id, audience, vct, copy, claims, platform: null } as const
  return writeEntry(vault, { recordedAt, platformTag: null, content })
}

/** A keyed tag by which a platform copy knows its audience without the store naming it. */
export function audienceTag(vault: Vault, audience: string): string {
  return tagOf(vault, 'netcert/wallet/audience/v1', audience)
}

/**
 * The same for an accredited platform, by its identifier. Under another key: no verifier can name
 * itself so that a platform's copy would be taken for its own.
 */
export function platformTag(vault: Vault, platformId: string): string {
  return tagOf(vault, 'netcert/wallet/platform/v1', platformId)
}

/**
 * The tag of what a guardian shows a platform for one child: no copy of theirs, or of another child's,
 * has it.
 */
export function holdingTag(
  vault: Vault,
  { platformId, ward }: { readonly platformId: string; readonly ward: string | null },
): string {
  if (ward === null) return platformTag(vault, platformId)
  return tagOf(vault, 'netcert/wallet/ward-platform/v1', JSON.stringify([ward, platformId]))
}

function tagOf(vault: Vault, use: string, name: string): string {
  return keyedTag(vault.deriveKey(use), name)
}
