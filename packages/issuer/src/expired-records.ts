import { epochSeconds } from '@netcert/credential'
import type { CoolDowns } from './cool-down.js'
import { PRESENCE_SECONDS } from './presence.js'
import type { PresenceStore } from './presence-store.js'

/** Forgets what is kept about people for a time only, once that time is over. */
export type ExpiredRecords = { readonly forget: () => Promise<void> }

/** Removes what has served its time: presence checks and waits that are over. */
export function createExpiredRecords(parts: {
  readonly coolDowns: CoolDowns
  readonly presence: PresenceStore
  readonly clock: () => Date
}): ExpiredRecords {
  const { coolDowns, presence, clock } = parts
  return {
    async forget() {
      await coolDowns.deleteExpired()
      await presence.deleteExpired(epochSeconds(clock()) - PRESENCE_SECONDS)
    },
  }
}
