import { createHmac, timingSafeEqual } from 'node:crypto'

/** Challenges for proofs of possession: fresh, and nothing to remember for handing one out. */
export type Challenges = {
  next(now: Date): string
  isFresh(challenge: string, now: Date): boolean
}

const STEP_SECONDS = 60
/** A challenge is good for this many steps after its own. */
const STEPS = 5

export function createChallenges(key: Uint8Array): Challenges {
  const of = (step: number) =>
    createHmac('sha256', key).update(`challenge|${step}`).digest('base64url')
  const stepAt = (now: Date) => Math.floor(now.getTime() / 1000 / STEP_SECONDS)
  return {
    next: (now) => of(stepAt(now)),
    isFresh(challenge, now) {
      const newest = stepAt(now)
      const given = Buffer.from(challenge)
      return Array.from({ length: STEPS + 1 }, (_, back) => Buffer.from(of(newest - back))).some(
        (own) => own.length === given.length && timingSafeEqual(own, given),
      )
    },
  }
}
