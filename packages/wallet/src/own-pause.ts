import { epochSeconds } from '@netcert/credential'
import {
  messageLimits,
  parseMessage,
  type PauseResponse,
  pauseResponseSchema,
} from '@netcert/protocol'
import { WalletError } from './errors.js'
import { type OwnPause, ownPauses, type PauseTimes } from './held-pauses.js'
import { openRecord } from './issuance-records.js'
import { askForPause, grantBusy } from './pause-asking.js'
import { noteOwnPause } from './pause-records.js'
import { namesOf } from './paused-issuing.js'
import { OpenGrant } from './vci-grant.js'
import type { IssuanceGround } from './vci-ground.js'
import { retryTime } from './vci-renewal-times.js'

/** A citizen's word that everything they hold is to pause. */
export type OwnPauseRequest = {
  /** When it ends by itself; without it the issuer's counter takes it back. */
  readonly until?: Date
}

/**
 * Has every issuer of the citizen's own certificates suspend all they hold, on each of their devices.
 * Each says what stands now, which is kept; no wallet can take it back. Issuers that did it have done it
 * also where another one failed, and asking again is harmless.
 *
 * @returns The pauses that stand, by issuer.
 * @throws WalletError `pause_end` for an end that does not lie ahead, `pause_impossible` without a grant
 *   of the citizen's own, `issuer_refused`, `issuer_answer`, `grant_refused`, `platform_copy_pending`
 *   while another call is busy with the grants; FetchError
 * @see docs/formats/pauses.md
 */
export async function pauseOwn(
  ground: IssuanceGround,
  { until }: OwnPauseRequest,
): Promise<readonly OwnPause[]> {
  if (until !== undefined && !(until > ground.clock())) throw pauseEnd()
  const issuers = await ownGrants(ground)
  if (issuers.size === 0) throw impossible()
  const message = until === undefined ? {} : { until: epochSeconds(until) }
  let failed: { readonly error: unknown } | null = null
  for (const [url, grants] of issuers) {
    try {
      const pause = await askOneOf(ground, grants, message)
      await noteOwnPause(ground, { ...pause, url, issuers: await namesOf(ground, url) })
    } catch (error) {
      failed ??= { error }
    }
  }
  if (failed !== null) throw failed.error
  return ownPauses(ground)
}

/** Grants that bring certificates of the citizen's own, by issuer. */
async function ownGrants({
  issuanceStore,
  vault,
}: IssuanceGround): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>()
  for (const row of await issuanceStore.list('grant')) {
    const { issuer, requests } = openRecord(vault, 'grant', row)
    if (!requests.some(({ ward }) => ward === undefined)) continue
    found.set(issuer, [...(found.get(issuer) ?? []), row.id])
  }
  return found
}

/** One grant is enough; another one is tried where the first has ended. */
async function askOneOf(
  ground: IssuanceGround,
  grants: readonly string[],
  message: object,
): Promise<PauseTimes> {
  let last: unknown
  for (const id of grants) {
    try {
      return await askBy(ground, id, message)
    } catch (error) {
      last = error
      if (!isOfGrant(error)) throw error
    }
  }
  throw last
}

async function askBy(ground: IssuanceGround, id: string, message: object): Promise<PauseTimes> {
  const grant = await OpenGrant.resume(ground, id)
  if (grant === undefined) throw grantBusy()
  const { dueAt } = grant
  let next = dueAt
  try {
    const pause = readPause(await askForPause(grant, 'pause', message))
    // That the counter took it back is learnt by asking for certificates, at times of the schedule.
    if (pause.until === null && dueAt !== null) next = Math.min(dueAt, retryTime(ground))
    return pause
  } finally {
    await grant.release(next)
  }
}

const OF_GRANT: readonly unknown[] = ['grant_refused', 'issuer_refused', 'platform_copy_pending']

function isOfGrant(error: unknown): boolean {
  return error instanceof WalletError && OF_GRANT.includes(error.code)
}

function readPause(text: string): PauseResponse {
  try {
    return pauseResponseSchema.parse(
      parseMessage(text, { maxBytes: messageLimits.maxRequestBytes }),
    )
  } catch (cause) {
    throw new WalletError(
      'issuer_answer',
      'the issuer does not say how the pause stands; ask again, or use the code on paper.',
      { cause },
    )
  }
}

function pauseEnd(): WalletError {
  return new WalletError('pause_end', 'a pause ends in the future; give a later instant, or none.')
}

function impossible(): WalletError {
  return new WalletError(
    'pause_impossible',
    'no grant of this wallet is about yourself; pause with the code on paper, or at the counter of ' +
      'the issuer.',
  )
}
