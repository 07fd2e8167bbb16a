import type { Database, Vault } from '@netcert/agent'
import { epochSeconds, type NamedSigner, type Signer } from '@netcert/credential'
import { createErasureReceipt, ERASED_CLASSES, type KeptRemains } from '@netcert/protocol'
import type { Transaction } from 'kysely'
import type { IssuerSchema } from '../issuer-schema-store.js'
import { keyedTag } from '../keyed-tag.js'
import type { CancelledBy } from '../person-cancellation-store.js'
import { openPersonRecord } from '../person-record.js'
import type { StoredPerson } from '../person-store.js'
import { createReference } from '../reference.js'
import { openRecord, sealRecord } from '../sealed-record.js'
import type { ErasedPerson } from './erase-person-store.js'
import type { ErasureReceiptStore, StoredReceipt } from './erasure-receipt-store.js'

type Inside = Transaction<IssuerSchema>

/** Signs the receipt of a person erased in this transaction, and keeps it, sealed. */
export type SignReceipt = (
  trx: Inside,
  person: StoredPerson,
  erased: ErasedPerson,
) => Promise<string>

/** Receipts of erasures: made with them, and given again to whoever asks again. */
export type ErasureReceipts = {
  /** Gets everything ready that the transaction itself must not wait for. */
  prepare(now: Date): Promise<SignReceipt>
  /** The receipt of somebody who cancelled not long ago. */
  find(by: CancelledBy, now: Date): Promise<string | undefined>
  /**
   * Has the bytes of what was erased leave the database files.
   *
   * @returns `false` when a reader held on to them: call it again.
   */
  finish(): Promise<boolean>
  /**
   * As `finish`, and builds the file anew where somebody was erased since that was done last: pages
   * that were split can hold copies that deleting does not reach.
   *
   * @param notBefore - Only if the last time is before then.
   */
  rewrite(now: Date, notBefore: Date): Promise<boolean>
}

export type ErasureReceiptParts = {
  readonly store: ErasureReceiptStore
  readonly database: Pick<Database<IssuerSchema>, 'checkpoint' | 'rewrite'>
  /** Of status lists: the key that answers for what the issuer says of certificates. */
  readonly signer: () => Promise<Signer | NamedSigner>
  readonly vault: Vault
  /** How long a receipt is kept at least. */
  readonly keptSeconds: number
}

/** The receipts of an issuer, on its own tables. */
export function createErasureReceipts(parts: ErasureReceiptParts): ErasureReceipts {
  const { store, vault } = parts
  const tagKey = vault.deriveKey('netcert/issuer/erasure/v1')
  return {
    async prepare(now) {
      const signer = await parts.signer()
      const at = epochSeconds(now)
      return async (trx, person, erased) => {
        const until = Math.max(erased.coolDownUntil ?? 0, at + parts.keptSeconds)
        const { networkNumber } = openPersonRecord(vault, person).person
        const content = { networkNumber, erasedAt: now, ...contentOf(erased, until) }
        const receipt = await createErasureReceipt(content, signer)
        const id = createReference('e')
        const { wrappedKey, sealed } = sealRecord(vault, { receipt }, contextOf(id))
        const tags = {
          citizen_tag: keyedTag(tagKey, person.citizen),
          number_tag: keyedTag(tagKey, person.number_tag),
        }
        const row = { id, ...tags, wrapped_key: wrappedKey, sealed, erased_at: at, until }
        await store.put(trx, row)
        return receipt
      }
    },
    async find(by, now) {
      const named =
        'citizen' in by
          ? { citizenTag: keyedTag(tagKey, by.citizen) }
          : { numberTag: keyedTag(tagKey, by.numberTag) }
      const row = await store.find(named, epochSeconds(now))
      return row === undefined ? undefined : openReceipt(vault, row)
    },
    finish: () => finishErasure(parts),
    rewrite: (now, notBefore) => rewriteFile(parts, now, notBefore),
  }
}

function contentOf(erased: ErasedPerson, receiptUntil: number) {
  const classes = ERASED_CLASSES.map((name) => ({ class: name, count: erased.erased[name] }))
  const kept: readonly KeptRemains[] = [
    { class: 'status_entries', count: erased.statusEntries, until: null },
    {
      class: 'copies_without_status',
      count: erased.withoutStatus,
      until: dateOf(erased.unlistedUntil),
    },
    { class: 'cool_down', count: erased.coolDowns, until: dateOf(erased.coolDownUntil) },
    { class: 'receipt', count: 1, until: dateOf(receiptUntil) },
    { class: 'audit_entries', count: erased.auditEntries, until: null },
  ]
  return {
    erased: classes.filter(({ count }) => count > 0),
    kept: kept.filter(({ count }) => count > 0),
  }
}

function dateOf(seconds: number | null): Date | null {
  return seconds === null ? null : new Date(seconds * 1000)
}

function openReceipt(vault: Vault, row: StoredReceipt): string {
  const record = { wrappedKey: row.wrapped_key, sealed: row.sealed }
  // Authenticated by the seal: only this file has written it.
  return (openRecord(vault, record, contextOf(row.id)) as { readonly receipt: string }).receipt
}

function contextOf(id: string): string {
  return `issuer/erasure_receipts/${id}`
}

/** What is asked for while the log is written back is left for the next time. */
async function finishErasure({ store, database }: ErasureReceiptParts): Promise<boolean> {
  const { asked, finished } = await store.state()
  if (finished >= asked) return true
  if (!(await isDone(() => database.checkpoint()))) return false
  await store.putFinished(asked)
  return true
}

async function rewriteFile(
  parts: ErasureReceiptParts,
  now: Date,
  notBefore: Date,
): Promise<boolean> {
  const { store, database } = parts
  const { asked } = await store.state()
  const { upTo, at } = await store.rewritten()
  if (upTo >= asked || at > epochSeconds(notBefore)) return finishErasure(parts)
  if (!(await isDone(() => database.rewrite()))) return false
  await store.putRewritten(asked, epochSeconds(now))
  await store.putFinished(asked)
  return true
}

/** `false` when somebody held on to the file meanwhile. */
async function isDone(work: () => Promise<void>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'checkpoint_busy' || code === 'database_locked') return false
    throw error
  }
}
