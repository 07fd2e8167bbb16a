import type { RefusalKind } from '../refusals.js'
import { refusalKindOf } from '../refusals.js'
import type { GateCode } from './gate-codes.js'

/**
 * What staff at a gate are told for each kind of refusal. The others are of the running of sites,
 * accounts and packs: where one comes up in judging a code, the gate itself is at fault.
 */
const byKind: Readonly<Partial<Record<RefusalKind, GateCode>>> = {
  unreadable: 'code_malformed',
  altered: 'forged',
  issuer_untrusted: 'issuer_unknown',
  certificate_unusable: 'pass_unusable',
  certificate_expired: 'pass_expired',
  certificate_revoked: 'pass_revoked',
  certificate_suspended: 'pass_suspended',
  status_unknown: 'lists_too_old',
  holder_unproven: 'forged',
  other_audience: 'other_venue',
  other_request: 'nonce_unknown',
  presented_too_late: 'poster_late',
  replayed: 'code_used',
  asked_otherwise: 'demand_unmet',
  number_unproven: 'ticket_unproven',
  other_person: 'ticket_unproven',
  lists_outdated: 'lists_too_old',
  clock_wrong: 'clock_behind',
  presence_outdated: 'demand_unmet',
}

/** Codes that are told apart within their kind. */
const byCode: ReadonlyMap<string, GateCode> = new Map([
  ['gate_code', 'code_malformed'],
  ['gate_code_nonce', 'nonce_unknown'],
  ['gate_code_audience', 'other_venue'],
  ['gate_code_encrypted', 'answer_unopened'],
  ['encryption_parameters', 'answer_unopened'],
  ['encrypted_message_malformed', 'answer_unopened'],
  ['type_not_allowed', 'type_unmet'],
  ['status_required', 'status_required'],
  ['status_unavailable', 'lists_missing'],
  ['platform_number_unopened', 'demand_unmet'],
])

/** What staff are told for the code of an error that a visitor's code met. */
export function visitorRefusal(code: string): GateCode {
  return byCode.get(code) ?? byKind[refusalKindOf(code)] ?? 'gate_failed'
}
