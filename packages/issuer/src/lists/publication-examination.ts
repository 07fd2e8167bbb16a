import type { Problem } from '../examination.js'
import type { PublishedListStore } from './published-list-store.js'

/** Steps of a publication that fail, in whichever process, until they are done again. */
export async function examinePublication(
  store: Pick<PublishedListStore, 'steps'>,
  /** Seconds since 1970. */
  now: number,
): Promise<Problem[]> {
  return (await store.steps()).flatMap(({ step, failed_at: since, failures, code }): Problem[] => {
    if (since === null) return []
    const minutes = Math.floor((now - since) / 60)
    const times = failures === 1 ? 'once' : `${failures} times`
    const what = `The publication step ${step} fails: ${code ?? 'fault'}, ${times} in ${minutes} minutes.`
    const cure =
      'Do what netcert publish says when it is run by hand; what is public stays as it was.'
    return [{ code: 'publication_failed', what, cure }]
  })
}
