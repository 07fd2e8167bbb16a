import type { Vault } from '@netcert/agent'
import { epochSeconds } from '@netcert/credential'
import type { CoolDownStore, SeenCoolDown } from './cool-down-store.js'
import { keyedTag } from './keyed-tag.js'
import type { NewPerson, Stands } from './person-store.js'

/** What is left of somebody who cancelled: enough to be the same again, too little to be anybody. */
export type FoundCoolDown = SeenCoolDown & { readonly numberSalt: Uint8Array | null }

export type CoolDownRow = {
  readonly tag: string
  readonly sealed: string
  readonly until: number
}

/** Cancelling and enrolling again within the cool-down is no second account at any platform. */
export type CoolDowns = {
  find(documentNumber: string): Promise<FoundCoolDown>
  /** Enrols and ends the cool-down; `false` when what was found holds no longer. */
  enrol(person: NewPerson, found: FoundCoolDown, stands: Stands): Promise<boolean>
  /** The row to keep for somebody who cancels now; `null` where the operator wants no cool-down. */
  row(documentNumber: string, numberSalt: Uint8Array): CoolDownRow | null
  /** Forgets those whose time is over; tells how many. */
  deleteExpired(): Promise<number>
}

const DAY_SECONDS = 86_400

/** Keeps the salt of somebody who cancelled, under a keyed tag and sealed, until the wait is over. */
export function createCoolDowns(options: {
  readonly store: CoolDownStore
  readonly vault: Vault
  /** 0 for none. */
  readonly days: number
  readonly clock: () => Date
}): CoolDowns {
  const { store, vault, days, clock } = options
  // The master key stands in no database: whoever has only that cannot count document numbers through.
  const key = vault.deriveKey('netcert/issuer/cool-down/v1')
  const now = (): number => epochSeconds(clock())
  return {
    async find(documentNumber) {
      const tag = keyedTag(key, documentNumber)
      const at = now()
      const sealed = await store.get(tag, at)
      const numberSalt = sealed === undefined ? null : vault.unseal(sealed, contextOf(tag))
      return { tag, sealed, at, numberSalt }
    },
    enrol: (person, found, stands) => store.enrol(person, found, stands),
    row(documentNumber, numberSalt) {
      if (days === 0) return null
      const tag = keyedTag(key, documentNumber)
      const sealed = vault.seal(numberSalt, contextOf(tag))
      return { tag, sealed, until: now() + days * DAY_SECONDS }
    },
    deleteExpired: () => store.deleteExpired(now()),
  }
}

function contextOf(tag: string): string {
  return `issuer/number_cool_downs/${tag}`
}
