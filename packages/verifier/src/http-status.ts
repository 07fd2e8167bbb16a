import type { RefusalKind } from './refusals.js'
import { refusalKindOf } from './refusals.js'

/** How an error code is told over HTTP: the one table for that. */
export function httpStatusOf(code: string): number {
  return statuses[refusalKindOf(code)]
}

const statuses: Readonly<Record<RefusalKind, number>> = {
  unreadable: 400,
  request_unreadable: 400,
  request_too_large: 413,
  too_many_requests: 429,
  waiting: 409,
  not_yours: 403,
  declined: 422,
  query_refused: 400,
  asked_too_much: 400,
  number_unproven: 422,
  other_person: 422,
  other_minor: 422,
  presence_outdated: 422,
  session_gone: 404,
  session_used: 409,
  replayed: 409,
  altered: 422,
  issuer_untrusted: 422,
  certificate_unusable: 422,
  certificate_expired: 422,
  certificate_revoked: 422,
  certificate_suspended: 422,
  status_unknown: 422,
  holder_unproven: 422,
  other_audience: 422,
  other_request: 422,
  presented_too_late: 422,
  asked_otherwise: 422,
  signed_out: 401,
  account_unknown: 404,
  account_flagged: 403,
  account_taken: 409,
  appeal_waiting: 409,
  busy: 503,
  lists_outdated: 503,
  pack_damaged: 422,
  pack_of_stranger: 422,
  pack_outdated: 409,
  pack_gap: 409,
  pack_ahead: 503,
  pack_absent: 404,
  clock_wrong: 503,
  fault: 500,
}
