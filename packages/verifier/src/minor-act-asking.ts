import { epochSeconds, GUARDIANSHIP, NETWORK_CERTIFICATE } from '@netcert/credential'
import type { MINOR_ACT, MinorActMembers } from '@netcert/protocol'
import { VerifierError } from './errors.js'
import { ACT_MAX_REQUESTS, ACT_MAX_SECONDS, type ActPart, type ActRecord } from './minor-act.js'

/** The purpose that has to be accredited, and the name of the queries. */
export const MINOR_ACT_PURPOSE = 'minor-act'
/** The compiler compares it: loading the messages for one name would cost every platform. */
const ACT: typeof MINOR_ACT = 'urn:netcert:minor-act:1'
/** In both requests: the entry of `transaction_data` names it, and has to be the same text. */
const CREDENTIAL_ID = 'certificate'

const asked = {
  minor: [NETWORK_CERTIFICATE, ['platform_number'], ['age_equal_or_over', '18']],
  guardian: [GUARDIANSHIP, ['platform_number']],
} as const satisfies Readonly<Record<ActPart, readonly [string, ...(readonly string[])[]]>>

/** The same purpose and the same entry for both; the query alone differs. */
export function askedOf(part: ActPart, members: MinorActMembers, act: string) {
  const [vct, ...paths] = asked[part]
  const credential = {
    ...{ id: CREDENTIAL_ID, format: 'dc+sd-jwt', meta: { vct_values: [vct] } },
    claims: paths.map((path) => ({ path })),
  }
  return {
    query: { credentials: [credential] },
    purpose: MINOR_ACT_PURPOSE,
    transactions: [{ type: ACT, credentialIds: [CREDENTIAL_ID], members }],
    act: { act, part },
  }
}

/**
 * Refuses a consent that would be over, or reach too far. That its words can be shown is seen to when
 * the request is made.
 *
 * @throws VerifierError `transaction_data_refused`
 */
export function assertInTime({ expires_at }: MinorActMembers, now: Date): void {
  const left = expires_at - epochSeconds(now)
  if (left > 0 && left <= ACT_MAX_SECONDS) return
  throw new VerifierError(
    'transaction_data_refused',
    'no consent is asked for: an act ends within 31 days from now; correct expiresAt.',
  )
}

/** One more request to a guardian. @throws VerifierError `too_many_requests` */
export function counted(act: ActRecord): ActRecord {
  if (act.asked < ACT_MAX_REQUESTS) return { ...act, asked: act.asked + 1 }
  throw new VerifierError(
    'too_many_requests',
    `guardians were asked ${ACT_MAX_REQUESTS} times for this act; begin a new one.`,
  )
}
