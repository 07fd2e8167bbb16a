import { epochSeconds } from '@netcert/credential'
import type { BatchStore, StatusChange } from './batch-store.js'
import { citizenUnknown } from './enrolment.js'
import { IssuerError } from './issuer-error.js'
import type { PersonStore } from './person-store.js'

/** Statuses by name, as the Token Status List numbers them (§7.1). */
export const STATUSES = { valid: 0, revoked: 1, suspended: 2 } as const
export type StatusName = keyof typeof STATUSES

/** Why a status was set; a code, never free text that could name somebody. */
export const STATUS_REASONS = [
  'citizen_asked',
  'key_lost',
  'device_lost',
  'device_found',
  'key_compromised',
  'facts_changed',
  'facts_wrong',
  'came_of_age',
  'custody_changed',
  'deceased',
  'lawful_order',
  'cleared',
  'unspecified',
] as const
export type StatusReason = (typeof STATUS_REASONS)[number]

export type SetStatusOptions = {
  /** One batch, or every unexpired batch of a citizen. */
  readonly target: { readonly batch: string } | { readonly citizen: string }
  readonly status: StatusName
  /** One of `STATUS_REASONS`. */
  readonly reason: string
}

/** Batches by what became of them; it is public with the next publication. */
export type StatusReport = {
  readonly status: StatusName
  readonly changed: number
  /** Had that status already. */
  readonly unchanged: number
  /** Revoked before: that is final. */
  readonly final: number
  /** Without a status list: these copies end by their short lifetime. */
  readonly withoutStatus: number
}

export type StatusParts = {
  readonly batches: BatchStore
  readonly persons: PersonStore
  readonly clock: () => Date
}

/**
 * Sets the status of certificates; durable when it resolves. Suspending a citizen also keeps new
 * certificates from being minted until the status is valid again.
 *
 * @throws IssuerError `batch_unknown`, `batch_without_status`, `status_final`, `citizen_unknown`,
 *   `status_unknown`, `status_reason_unknown`.
 */
export async function setStatus(
  parts: StatusParts,
  options: SetStatusOptions,
): Promise<StatusReport> {
  const change = readChange(parts.clock(), options)
  const { target, status } = options
  if ('batch' in target) return setBatchStatus(parts.batches, target.batch, status, change)
  const person = await parts.persons.getByCitizen(target.citizen)
  if (person === undefined) throw citizenUnknown()
  return { status, ...(await parts.batches.setPersonStatus(person.id, change)) }
}

function readChange(now: Date, { status, reason }: SetStatusOptions): StatusChange {
  // The callers are commands: what the compiler promises was typed by somebody.
  if (!Object.hasOwn(STATUSES, status)) {
    throw new IssuerError(
      'status_unknown',
      `That is no status; use one of: ${Object.keys(STATUSES).join(', ')}.`,
    )
  }
  if (!(STATUS_REASONS as readonly string[]).includes(reason)) {
    throw new IssuerError(
      'status_reason_unknown',
      `That is no reason; use one of: ${STATUS_REASONS.join(', ')}.`,
    )
  }
  return { status: STATUSES[status], reason, at: epochSeconds(now) }
}

async function setBatchStatus(
  batches: BatchStore,
  id: string,
  status: StatusName,
  change: StatusChange,
): Promise<StatusReport> {
  const counts = { status, changed: 0, unchanged: 0, final: 0, withoutStatus: 0 }
  if (await batches.setStatus(id, change)) return { ...counts, changed: 1 }
  const batch = await batches.get(id)
  if (batch === undefined) {
    throw new IssuerError('batch_unknown', 'No batch has this reference; minting names it.')
  }
  if (batch.list === null) {
    throw new IssuerError(
      'batch_without_status',
      'The copies of this batch carry no status; they end by their lifetime.',
    )
  }
  if (batch.status === change.status) return { ...counts, unchanged: 1 }
  throw new IssuerError('status_final', 'The batch is revoked, and revoked stays revoked.')
}
