import type { Vault } from '@netcert/agent'
import { epochSeconds } from '@netcert/credential'
import type { CoolDownStore, SeenCoolDown } from './cool-down-store.js'
import { IDENTITY_KEY } from './identity-keys.js'
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
  /** By the number of any of somebody's documents. */
  find(documentNumbers: readonly string[]): Promise<FoundCoolDown>
  /** Enrols and ends the cool-down; `false` when what was found holds no longer. */
  enrol(person: NewPerson, found: FoundCoolDown, stands: Stands): Promise<boolean>
  /**
   * The rows to keep for somebody who cancels now, one for each document; none where the operator
   * wants no cool-down.
   *
   * @param documentTags - As in `person_documents`.
   */
  rows(documentTags: readonly string[], numberSalt: Uint8Array): readonly CoolDownRow[]
}

const DAY_SECONDS = 86_400

/** Keeps the salt of somebody who cancelled, under keyed tags and sealed, until the wait is over. */
export function createCoolDowns(options: {
  readonly store: CoolDownStore
  readonly vault: Vault
  /** 0 for none. */
  readonly days: number
  readonly clock: () => Date
}): CoolDowns {
  const { store, vault, days, clock } = options
  // The master key stands in no database: whoever has only that cannot count document numbers through.
  const key = vault.deriveKey('netcert/issuer/cool-down/v2')
  // Of rows from before there were several documents.
  const firstKey = vault.deriveKey('netcert/issuer/cool-down/v1')
  // Of the tags of documents, as enrolment makes them.
  const identityKey = vault.deriveKey(IDENTITY_KEY)
  const now = (): number => epochSeconds(clock())
  return {
    async find(documentNumbers) {
      const tags = documentNumbers.flatMap((number) => [
        keyedTag(key, keyedTag(identityKey, number)),
        keyedTag(firstKey, number),
      ])
      const at = now()
      const row = await store.get(tags, at)
      const numberSalt = row === undefined ? null : vault.unseal(row.sealed, contextOf(row.tag))
      return { tags, sealed: row?.sealed, at, numberSalt }
    },
    enrol: (person, found, stands) => store.enrol(person, found, stands),
    rows(documentTags, numberSalt) {
      if (days === 0) return []
      const until = now() + days * DAY_SECONDS
      return documentTags.map((documentTag) => {
        const tag = keyedTag(key, documentTag)
        return { tag, sealed: vault.seal(numberSalt, contextOf(tag)), until }
      })
    },
  }
}

function contextOf(tag: string): string {
  return `issuer/number_cool_downs/${tag}`
}
