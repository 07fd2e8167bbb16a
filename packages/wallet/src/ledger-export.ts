import { epochSeconds, isJsonArray, isJsonObject, memberOf, parseJson } from '@netcert/credential'
import { WalletError } from './errors.js'
import type { LedgerBook } from './ledger-book.js'
import { type ChainCheck, checkChain, type LedgerEntry } from './ledger-chain.js'

/** `format` of an exported ledger. */
export const LEDGER_FORMAT = 'netcert-ledger/1'

/** A ledger as it leaves the wallet: readable, with names of claims and no values. */
export type ExportedLedger = {
  readonly format: typeof LEDGER_FORMAT
  readonly exported_at: number
  /** Where the chain ends. */
  readonly head: { readonly position: number; readonly hash: string }
  readonly entries: readonly LedgerEntry[]
}

/** The whole ledger. @throws WalletError `ledger_broken` for one that does not hold */
export async function exportLedger({
  ledger,
  clock,
}: {
  readonly ledger: LedgerBook
  readonly clock: () => Date
}): Promise<ExportedLedger> {
  const check = await ledger.check()
  if (check.kind === 'broken') throw brokenLedger(check)
  const head = { position: check.entries, hash: check.hash }
  const entries = await ledger.entries()
  return { format: LEDGER_FORMAT, exported_at: epochSeconds(clock()), head, entries }
}

/** A ledger that does not hold, by its first bad line. */
export function brokenLedger({
  position,
  problem,
}: Extract<ChainCheck, { kind: 'broken' }>): WalletError {
  const what = { altered: 'or the one before was altered', missing: 'is missing' }
  const how = problem === 'unreadable' ? 'cannot be read as it was written' : what[problem]
  return new WalletError(
    'ledger_broken',
    `line ${position} of the ledger ${how}; everything before it still holds, keep the file and find ` +
      'out who had access to it.',
  )
}

/**
 * Checks an exported ledger: whoever has the file needs no wallet for that. Every entry must be as it
 * was when it was hashed, in its place, and none may be missing before the head.
 *
 * @throws WalletError `ledger_unreadable`
 */
export function checkExportedLedger(text: string): ChainCheck {
  const read = readJson(text)
  const entries = isJsonObject(read) ? memberOf(read, 'entries') : undefined
  const head = isJsonObject(read) ? memberOf(read, 'head') : undefined
  const format = isJsonObject(read) ? memberOf(read, 'format') : undefined
  if (format !== LEDGER_FORMAT || entries === undefined || !isJsonArray(entries)) {
    throw unreadable()
  }
  if (head === undefined || !isJsonObject(head)) throw unreadable()
  const { position, hash } = head
  if (typeof position !== 'number' || typeof hash !== 'string') throw unreadable()
  // An entry counts by its hash; what its members mean is not judged here.
  const lines = entries.map((entry) => (isJsonObject(entry) ? (entry as LedgerEntry) : null))
  return checkChain(lines, { position, hash })
}

function readJson(text: string) {
  try {
    return parseJson(text, { maxDepth: 16 })
  } catch (cause) {
    throw unreadable(cause)
  }
}

function unreadable(cause?: unknown): WalletError {
  return new WalletError(
    'ledger_unreadable',
    'this is no exported ledger; export one with `netcert wallet ledger --export FILE`.',
    { cause },
  )
}
