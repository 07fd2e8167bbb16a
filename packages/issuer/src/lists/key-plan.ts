import { COPY_POLICIES } from '../copy-policy.js'
import type { RotatedUse } from '../issuer-keys.js'
import { TRUST_LIST_LIFETIME_SECONDS } from '../trust-list-content.js'

const DAY_SECONDS = 86_400
const QUARTER = 92 * DAY_SECONDS
const YEAR = 365 * DAY_SECONDS

/**
 * How long a key is published before it signs: when the last trust list without it has ended, nobody
 * is left who would refuse what it signs.
 */
export const KEY_LEAD_SECONDS = TRUST_LIST_LIFETIME_SECONDS
/**
 * How long a root is announced before it signs. Whoever looked at least once in the life of a list has
 * seen the announcement by then; whoever did not needs the new pin by hand.
 */
export const ROOT_LEAD_SECONDS = 2 * TRUST_LIST_LIFETIME_SECONDS

/** When a key is changed, and how long what it signed lives after it. */
export type KeyPlan = {
  /** After so long `netcert doctor` asks for the next one. */
  readonly rotationSeconds: number
  /** Nothing that a retired key signed is good for longer. */
  readonly retiredLiveSeconds: number
}

/** One row for each use; status lists and packs live shorter than what is written here. */
export const KEY_PLANS: Readonly<Record<RotatedUse, KeyPlan>> = {
  credential: { rotationSeconds: QUARTER, retiredLiveSeconds: longestCopy() },
  status: { rotationSeconds: QUARTER, retiredLiveSeconds: longestCopy() },
  // Accreditations live 30 days, and their status list is signed with the same key.
  registrar: { rotationSeconds: YEAR, retiredLiveSeconds: 31 * DAY_SECONDS },
  // A pack says nothing once the trust list in it has ended, its seven days of grace included.
  pack: { rotationSeconds: YEAR, retiredLiveSeconds: 37 * DAY_SECONDS },
}

function longestCopy(): number {
  return Math.max(...COPY_POLICIES.map(({ lifetimeSeconds }) => lifetimeSeconds))
}
