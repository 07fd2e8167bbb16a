import { randomBelow } from './chance.js'
import { epochSeconds, GATE_PASS } from '@netcert/credential'
import { BIRTHDAY_SECONDS, nextTellingBirthday } from './birthday.js'
import { openCopy } from './received-copies.js'
import type { IssuanceGround } from './vci-ground.js'
import type { BatchSummary } from './stores.js'

const HOUR = 3600

/**
 * When to renew next: in a random hour of the life-time, so that the issuer cannot read from it
 * whether and when copies were used. Never so late that none would be left.
 */
export function renewalTime(
  now: number,
  expiresAt: number,
  random: (below: number) => number = randomBelow,
): number {
  const hours = Math.floor((expiresAt - now) / HOUR)
  // The last hour is left for a second try, and the first has just been used.
  if (hours < 3) return now + Math.max(60, Math.floor((expiresAt - now) / 2))
  return now + (1 + random(hours - 2)) * HOUR + random(HOUR)
}

/**
 * By when copies are renewed at the latest. A gate pass is for a place without a network, which nobody
 * announces: a third of its life, a day of three, is always left for an event. The same for everybody
 * and whatever was used, so it tells the issuer nothing.
 */
export function lastRenewal(now: number, { vct, expires_at: end }: RenewedBatch): number {
  return vct === GATE_PASS ? now + Math.floor(((end - now) * 2) / 3) : end
}

type RenewedBatch = Pick<BatchSummary, 'vct' | 'expires_at'>

/**
 * When to fetch a platform's copy that nobody waits for: some time in the day after next hour. The
 * issuer then cannot join it to a visit, nor two platforms the hours of their copies.
 */
export function prepareTime(now: number, random: (below: number) => number = randomBelow): number {
  return now + HOUR + random(24 * HOUR)
}

/** When to renew the token of a grant that brings nothing by schedule: well within its 60 days. */
export function keepTime(now: number, random: (below: number) => number = randomBelow): number {
  return now + 10 * 24 * HOUR + random(20 * 24 * HOUR)
}

/**
 * When to try again to fetch a copy that may not come in the same hour as another: that hour stands
 * in both. Before the copy it replaces ends, where that leaves any choice.
 */
export function postponedTime(
  now: number,
  expiresAt: number | null,
  random: (below: number) => number = randomBelow,
): number {
  const nextHour = now - (now % HOUR) + HOUR
  const left = expiresAt === null ? 24 * HOUR : expiresAt - HOUR - nextHour
  return nextHour + random(Math.max(60, Math.min(24 * HOUR, left)))
}

/**
 * Ages change on some birthdays, so copies are renewed in a random hour of their first day. That says
 * nothing about use, and the issuer knows the birthday. On the others nothing is renewed: the hour of
 * issue would tell it to every platform, and let two platforms join their copies by the day.
 */
export async function birthdayTimes(
  { store, vault }: Pick<IssuanceGround, 'store' | 'vault'>,
  batches: readonly Pick<BatchSummary, 'id'>[],
  now: number,
): Promise<readonly number[]> {
  const times: number[] = []
  for (const { id } of batches) {
    const copy = await store.anyCopyOf(id, now)
    if (copy === undefined) continue
    const claim = openCopy(vault, copy).claims.find((it) => it.path.join('.') === 'birthdate')
    const begins = nextTellingBirthday(claim?.value, now)
    if (begins !== null) times.push(begins + randomBelow(BIRTHDAY_SECONDS))
  }
  return times
}

/** When to try again what has failed. */
export function retryTime({ clock }: Pick<IssuanceGround, 'clock'>): number {
  return epochSeconds(clock()) + HOUR + randomBelow(2 * HOUR)
}
