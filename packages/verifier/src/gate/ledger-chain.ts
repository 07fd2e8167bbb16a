import { hashBase64Url } from '@netcert/credential/crypto'
import type { LedgerEntry } from './gate-ledger.js'

/**
 * The hash of an entry over itself and the one before: base64url of the SHA-256 of the members joined
 * by `|`. None of them can hold a `|`.
 *
 * @param before - Hash of the entry before; '' for the first.
 * @param event - Id of the event.
 * @see docs/formats/gate-ledger.md
 */
export function chainHash(before: string, event: string, entry: Omit<LedgerEntry, 'hash'>): string {
  const { ledger, number, gate, lane, at, by, holder, person, answer } = entry
  const members = [ledger, event, number, gate, lane, at.getTime() / 1000, by, holder]
  return hashBase64Url('sha-256', [before, ...members, person ?? '', answer].join('|'))
}
