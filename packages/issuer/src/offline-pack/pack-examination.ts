import type { Problem } from '../examination.js'
import { STATUS_LIFETIME_SECONDS } from '../status-publication.js'
import type { PackStore } from './pack-store.js'

/** Whether the newest pack still says something; an issuer that never built one needs none. */
export async function examinePacks(
  store: Pick<PackStore, 'newest'>,
  /** Seconds since 1970. */
  now: number,
): Promise<Problem[]> {
  const newest = await store.newest()
  if (newest === undefined || now - newest.issued_at <= STATUS_LIFETIME_SECONDS) return []
  const days = Math.floor((now - newest.issued_at) / 86_400)
  const what = `The newest offline pack, ${newest.sequence}, is ${days} days old: the lists in it have ended.`
  const cure = 'Run netcert publish --pack, or netcert pack build, and bring it to the gates.'
  return [{ code: 'pack_outdated', what, cure }]
}
