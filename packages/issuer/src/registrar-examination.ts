import type { StoredAccreditation } from './accreditation-store.js'
import { RENEW_BEFORE_SECONDS } from './accrediting.js'
import type { Problem } from './examination.js'
import { believedLists, type RegistrarPublicationParts } from './registrar-publication.js'
import { STATUS_LIFETIME_SECONDS, STATUS_TTL_SECONDS } from './status-publication.js'

const PUBLISH = 'Run netcert publish, and on a schedule of a few hours.'
const RENEW = 'Run netcert platform renew and netcert publish, daily.'

/** What is looked at. */
export type RegistrarExaminationParts = Pick<
  RegistrarPublicationParts,
  'accreditations' | 'keys' | 'clock'
>

/** Finds accreditations that nobody renews, and lists of the registrar that nobody publishes. */
export async function examineRegistrar(
  parts: RegistrarExaminationParts,
  now: number,
): Promise<Problem[]> {
  return [
    ...(await examineLists(parts, now)),
    ...(await parts.accreditations.newest()).flatMap((one) => examineAccreditation(one, now)),
  ]
}

async function examineLists(parts: RegistrarExaminationParts, now: number): Promise<Problem[]> {
  return (await believedLists(parts)).flatMap(({ list, published_at: at }): Problem[] => {
    const name = `The registrar's status list ${list}`
    if (at === 0) {
      const what = `${name} was never published.`
      return [{ code: 'registrar_list_unpublished', what, cure: PUBLISH }]
    }
    if (now - at <= STATUS_TTL_SECONDS) return []
    const ended = now - at > STATUS_LIFETIME_SECONDS
    const what = ended ? `${name} has ended: nothing is known of revocations.` : `${name} is stale.`
    return [{ code: 'registrar_list_stale', what, cure: PUBLISH }]
  })
}

/** What is half through the time in which it should have been renewed. */
function examineAccreditation(
  {
    platform,
    purpose,
    revoked_at: revoked,
    issued_at: start,
    expires_at: end,
  }: StoredAccreditation,
  now: number,
): Problem[] {
  const due = Math.min(RENEW_BEFORE_SECONDS, (end - start) / 2)
  if (revoked !== null || end - now > due / 2) return []
  const of = `The accreditation of ${platform} for ${purpose}`
  const left = Math.floor((end - now) / 3600)
  const what = left <= 0 ? `${of} has ended.` : `${of} ends in ${left} hours.`
  return [{ code: 'accreditation_ending', what, cure: RENEW }]
}
