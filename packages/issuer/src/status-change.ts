import { epochSeconds } from '@netcert/credential'
import { IssuerError } from './issuer-error.js'

/** Statuses by name, as the Token Status List numbers them (§7.1). */
export const STATUSES = { valid: 0, revoked: 1, suspended: 2 } as const
export type StatusName = keyof typeof STATUSES

/** Why a status is set, for each of them; a code, never free text that could name somebody. */
export const STATUS_REASONS = {
  suspended: [
    'citizen_asked',
    'guardian_asked',
    'device_lost',
    'facts_disputed',
    'lawful_order',
    'unspecified',
  ],
  valid: ['citizen_asked', 'guardian_asked', 'device_found', 'cleared', 'unspecified'],
  revoked: [
    'citizen_asked',
    'guardian_asked',
    'key_lost',
    'device_lost',
    'key_compromised',
    'facts_changed',
    'facts_wrong',
    'came_of_age',
    'custody_changed',
    'deceased',
    'lawful_order',
    'unspecified',
  ],
} as const satisfies Readonly<Record<StatusName, readonly string[]>>

export type StatusReason = (typeof STATUS_REASONS)[StatusName][number]

/** After these the same wallets fetch anew; after all others the devices of a citizen end too. */
const DEVICES_STAY: ReadonlySet<string> = new Set(['facts_changed', 'facts_wrong', 'came_of_age'])

/** Whoever only asks for a pause, for themselves or a ward, ends no pause of somebody else sooner. */
const ASKED_FOR: ReadonlySet<string> = new Set<StatusReason>(['citizen_asked', 'guardian_asked'])

/** Whether a pause for this reason leaves one that lasts longer as it is. */
export function isAskedFor(reason: string): boolean {
  return ASKED_FOR.has(reason)
}

/**
 * When a pause ends by itself, in seconds since 1970; `null` where somebody takes it back.
 *
 * @throws IssuerError `suspension_end` for an end that does not lie ahead.
 */
export function suspensionEnd(until: Date | undefined, now: Date): number | null {
  if (until === undefined) return null
  if (until > now) return epochSeconds(until)
  throw suspensionEndWrong()
}

/** @returns an IssuerError `suspension_end` */
export function suspensionEndWrong(): IssuerError {
  return new IssuerError(
    'suspension_end',
    'Only a suspension has an end, and it lies ahead; give a later instant, or none.',
  )
}

/** Whether revoking everything of a citizen for this reason also ends what they fetch it with. */
export function endsDevices(reason: string): boolean {
  return !DEVICES_STAY.has(reason)
}

/**
 * The callers are commands: what the compiler promises was typed by somebody.
 *
 * @throws IssuerError `status_unknown`, `status_reason_unknown`.
 */
export function assertReason(status: string, reason: string): asserts status is StatusName {
  if (!isStatus(status)) {
    const names = Object.keys(STATUSES).join(', ')
    throw new IssuerError('status_unknown', `That is no status; use one of: ${names}.`)
  }
  const reasons: readonly string[] = STATUS_REASONS[status]
  if (reasons.includes(reason)) return
  throw new IssuerError(
    'status_reason_unknown',
    `That is no reason for this; use one of: ${reasons.join(', ')}.`,
  )
}

function isStatus(name: string): name is StatusName {
  return Object.hasOwn(STATUSES, name)
}
