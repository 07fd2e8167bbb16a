import type { DataKey, Vault } from '@netcert/agent'

/** A record of one person as a database keeps it: its own key, wrapped, and what it seals. */
export type SealedRecord = { readonly wrappedKey: string; readonly sealed: string }

/** Sealed records differ in length by whole steps only: a length tells no name from another. */
const PADDING_BYTES = 256

/**
 * Seals a record under a fresh key of its own. Whoever forgets the wrapped key has shredded it.
 *
 * @param context - The row it stands in, so that a record moved to another row opens no more.
 */
export function sealRecord(vault: Vault, record: object, context: string): SealedRecord {
  const { dataKey, wrapped } = vault.createDataKey(context)
  return { wrappedKey: wrapped, sealed: sealUnder(dataKey, record, context) }
}

/**
 * Opens a sealed record.
 *
 * @throws AgentError `sealed_wrong` or `sealed_malformed` when it was altered or moved.
 */
export function openRecord(vault: Vault, record: SealedRecord, context: string): unknown {
  const dataKey = vault.openDataKey(record.wrappedKey, context)
  const bytes = dataKey.unseal(record.sealed, context)
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
}

function sealUnder(dataKey: DataKey, record: object, context: string): string {
  const bytes = new TextEncoder().encode(JSON.stringify(record))
  const padded = new Uint8Array(Math.ceil(bytes.length / PADDING_BYTES) * PADDING_BYTES)
  padded.fill(0x20)
  padded.set(bytes)
  return dataKey.seal(padded, context)
}
