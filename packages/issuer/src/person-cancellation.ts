import type { Vault } from '@netcert/agent'
import { epochSeconds } from '@netcert/credential'
import { openContent, subjectOf, subjectTagOf } from './as-record-content.js'
import type { CoolDowns } from './cool-down.js'
import { citizenUnknown } from './enrolment.js'
import type { CancellationStore } from './person-cancellation-store.js'
import { openPersonRecord } from './person-record.js'
import { STATUSES } from './status-change.js'

/** What became of a cancelled person. */
export type CancelReport = {
  /** Batches whose certificates are revoked with the next publication. */
  readonly revoked: number
  /** Batches whose copies carry no status: they end by their lifetime, within days. */
  readonly withoutStatus: number
  /**
   * Until when a keyed tag and the sealed salt are kept, so that enrolling again is no second
   * account at any platform; `null` where nothing is kept.
   */
  readonly coolDownUntil: Date | null
}

export type CancelParts = {
  readonly store: CancellationStore
  readonly coolDowns: CoolDowns
  readonly vault: Vault
  readonly clock: () => Date
}

/**
 * Ends everything the issuer has of an enrolled person, in one transaction: every unexpired batch is
 * revoked and all batches lose their person; the sealed record, grants, tokens, sign-ins, offers,
 * put-off issuances and presence checks are deleted. What stays is anonymous, but for the cool-down.
 * The authentic source is another database and is not touched.
 *
 * @throws IssuerError `citizen_unknown` when nobody of that reference is enrolled.
 */
export async function cancelPerson(parts: CancelParts, citizen: string): Promise<CancelReport> {
  const { store, coolDowns, vault, clock } = parts
  const at = epochSeconds(clock())
  const cancelled = await store.cancel({
    citizen,
    change: { status: STATUSES.revoked, reason: 'citizen_asked', at },
    subjectTag: subjectTagOf(vault, citizen),
    isTheirs: (record) => subjectOf(openContent(vault, record)) === citizen,
    coolDown: (stored) => {
      const { person, numberSalt } = openPersonRecord(vault, stored)
      // Without a salt no number was ever given: there is nothing to come back to.
      return numberSalt === null ? null : coolDowns.row(person.documentNumber, numberSalt)
    },
  })
  if (cancelled === undefined) throw citizenUnknown()
  const { changed, final, withoutStatus, coolDownUntil: until } = cancelled
  return {
    revoked: changed + final,
    withoutStatus,
    coolDownUntil: until === null ? null : new Date(until * 1000),
  }
}
