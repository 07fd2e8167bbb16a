import { hashBase64Url } from '@netcert/credential/crypto'
import type { LedgerContent } from './ledger-entry.js'
import type { LedgerRow, WriteEntry } from './stores.js'
import type { Vault } from './keys.js'

/** A line of the ledger as it is hashed, sealed and exported. */
export type LedgerEntry = {
  readonly position: number
  /** Seconds since 1970. */
  readonly recorded_at: number
  /** SHA-256 of the line before, base64url; '' for the first. */
  readonly previous: string
} & LedgerContent

/** What checking a chain came to: `position` is that of the first bad line. */
export type ChainCheck =
  | { readonly kind: 'whole'; readonly entries: number; readonly hash: string }
  | { readonly kind: 'broken'; readonly position: number; readonly problem: ChainProblem }

/** `altered`: the line or the one before was changed; `missing`: a line is not there. */
export type ChainProblem = 'unreadable' | 'missing' | 'altered'

/** The hash of a line: over its JSON text without spaces, members in the order given. */
export function hashOfEntry(entry: LedgerEntry): string {
  return hashBase64Url('sha-256', JSON.stringify(entry))
}

/** Writes a line for wherever the chain ends. */
export function writeEntry(
  vault: Vault,
  options: {
    readonly recordedAt: number
    readonly platformTag: string | null
    readonly content: LedgerContent
  },
): WriteEntry {
  const { recordedAt, platformTag, content } = options
  return ({ position, previous }) => {
    const entry: LedgerEntry = { position, recorded_at: recordedAt, previous, ...content }
    const sealed = vault.seal(new TextEncoder().encode(JSON.stringify(entry)), contextOf(position))
    const row = { position, recorded_at: recordedAt, platform_tag: platformTag, sealed }
    return { row, hash: hashOfEntry(entry) }
  }
}

/** Opens a line. @throws AgentError when it was not sealed for its place by this wallet. */
export function openEntry(vault: Vault, row: LedgerRow): LedgerEntry {
  const plain = new TextDecoder().decode(vault.unseal(row.sealed, contextOf(row.position)))
  // Sealed by writeEntry and authenticated by the vault, so its form is known.
  return JSON.parse(plain) as LedgerEntry
}

/**
 * Checks a chain from its first line to its end.
 *
 * @param entries - In order; null where a line could not be opened.
 * @param head - Where it should end, as kept apart from it.
 */
export function checkChain(
  entries: readonly (LedgerEntry | null)[],
  head: { readonly position: number; readonly hash: string },
): ChainCheck {
  let hash = ''
  let position = 0
  for (const entry of entries) {
    position += 1
    if (entry === null) return { kind: 'broken', position, problem: 'unreadable' }
    if (entry.position !== position) return { kind: 'broken', position, problem: 'missing' }
    if (entry.previous !== hash) return { kind: 'broken', position, problem: 'altered' }
    hash = hashOfEntry(entry)
  }
  if (head.position > position) {
    return { kind: 'broken', position: position + 1, problem: 'missing' }
  }
  const isEnd = head.position === position && head.hash === hash
  return isEnd
    ? { kind: 'whole', entries: position, hash }
    : { kind: 'broken', position, problem: 'altered' }
}

/** Checks the sealed lines of a wallet. */
export function checkRows(
  vault: Vault,
  rows: readonly LedgerRow[],
  head: { readonly position: number; readonly hash: string },
): ChainCheck {
  const entries = rows.map((row) => {
    try {
      const entry = openEntry(vault, row)
      const isAsSealed = entry.recorded_at === row.recorded_at
      return isAsSealed ? entry : null
    } catch {
      return null
    }
  })
  return checkChain(entries, head)
}

function contextOf(position: number): string {
  return `netcert/wallet/ledger/v1|${position}`
}
