import type { Vault } from '@netcert/agent'
import { epochSeconds, GUARDIANSHIP, WARD_CERTIFICATE } from '@netcert/credential'
import type { Transaction } from 'kysely'
import type { AuditTrail } from '../audit/audit-trail.js'
import type { StatusChange } from '../batch-store.js'
import { ageOn, civilDateAt } from '../civil-date.js'
import { FULL_AGE, OWN_CERTIFICATE_AGE } from '../guardianship.js'
import type { IssuerSchema } from '../issuer-schema-store.js'
import { openPersonRecord, type PersonRecord, sealPerson } from '../person-record.js'
import type { PersonStore, StoredPerson } from '../person-store.js'
import { STATUSES } from '../status-change.js'
import type { DueHandover, HandoverStore } from './handover-store.js'
import type { MinorStage, MinorStore } from './minors-store.js'
import { recordRevoked } from './revoked-copies.js'
import type { WardGrantStore } from './ward-grant-store.js'

/** What the 14th and 18th birthdays of minors change; looked at with every publication. */
export type Birthdays = {
  /**
   * Ends what guardians hold about those who came of age since it was last called, each in one
   * transaction with what is on record of it, and notes what is to be handed over.
   *
   * @returns How many ward certificates are revoked with the next status lists.
   */
  keep(): Promise<number>
}

export type BirthdayParts = {
  readonly store: MinorStore
  readonly handovers: HandoverStore
  readonly grants: Pick<WardGrantStore, 'end'>
  readonly persons: PersonStore
  readonly vault: Vault
  readonly audit: AuditTrail
  readonly clock: () => Date
}

const PAGE = 200
const TURN_TRIES = 8

/** Watches the birthdays of minors, on the calendar of Asia/Shanghai. */
export function createBirthdays(parts: BirthdayParts): Birthdays {
  const { store } = parts
  return {
    async keep() {
      await store.discover()
      let ended = 0
      let after = ''
      for (;;) {
        const page = await store.page(after, PAGE)
        for (const minor of page) ended += await look(parts, minor)
        const last = page.at(-1)
        if (last === undefined) return ended
        after = last.person
      }
    },
  }
}

/** The stage that somebody of that age is in. */
export function stageOf(age: number): MinorStage {
  if (age < OWN_CERTIFICATE_AGE) return 'ward'
  return age < FULL_AGE ? 'guarded' : 'grown'
}

async function look(
  parts: BirthdayParts,
  { person, stage }: { readonly person: string; readonly stage: string },
): Promise<number> {
  const { persons, vault, clock } = parts
  for (let tries = 0; tries < TURN_TRIES; tries++) {
    const stored = await persons.get(person)
    if (stored === undefined) return 0
    const record = openPersonRecord(vault, stored)
    const to = stageOf(ageOn(record.person.birthdate, civilDateAt(clock())))
    if (to === stage || to === 'ward') return 0
    const ended = await turn(parts, { stored, record, from: stage, to })
    if (ended !== undefined) return ended
  }
  throw new Error('the record of a minor changed again and again')
}

type Turn = {
  readonly stored: StoredPerson
  readonly record: PersonRecord
  readonly from: string
  readonly to: Exclude<MinorStage, 'ward'>
}

/** `undefined` when the record is another one by now. */
async function turn(parts: BirthdayParts, turning: Turn): Promise<number | undefined> {
  const { audit, store, vault, clock } = parts
  const { stored, record, from, to } = turning
  const at = epochSeconds(clock())
  const change = { status: STATUSES.revoked, reason: 'came_of_age', at }
  // Sealed anew even where nothing in it changes: a plan judged before midnight is refused by that.
  const person = to === 'grown' ? { ...record.person, guardians: [] } : record.person
  const sealed = sealPerson(vault, stored.id, { ...record, person })
  return audit.record(async (trx) => {
    if (!(await store.replaceRecord(trx, stored, sealed))) return { result: undefined, event: null }
    if (!(await store.advance(trx, stored.id, { from, to }))) return { result: 0, event: null }
    const { revoked, ...counts } = await end(parts, trx, turning, change)
    await recordRevoked(audit, trx, revoked, change.reason)
    const age = to === 'grown' ? FULL_AGE : OWN_CERTIFICATE_AGE
    const details = { age, revoked: revoked.length, ...counts }
    return { result: revoked.length, event: { event: 'came_of_age', subject: stored.id, details } }
  })
}

async function end(
  { store, grants, handovers }: BirthdayParts,
  trx: Transaction<IssuerSchema>,
  { stored, record, to }: Turn,
  change: StatusChange,
) {
  const { id, citizen } = stored
  const grown = to === 'grown'
  const types = grown ? [WARD_CERTIFICATE, GUARDIANSHIP] : [WARD_CERTIFICATE]
  const only = grown ? {} : { configurationIds: ['ward-certificate'] }
  const identifiers = grown ? {} : { identifiers: 'ward-certificate:' }
  const { revoked, withoutStatus } = await store.endCopies(trx, { person: id, types }, change)
  const ended = await grants.end(trx, { ward: citizen, ...identifiers })
  await store.endWaiting(trx, { citizen, ...only })
  await handovers.replace(trx, id, due(to, record.person.guardians), change.at)
  return { revoked, without_status: withoutStatus, grants: ended }
}

function due(to: Turn['to'], guardians: readonly string[]): readonly DueHandover[] {
  if (to === 'grown') return [{ kind: 'grown', guardian: '' }]
  return [
    { kind: 'own', guardian: '' },
    ...guardians.map((guardian) => ({ kind: 'guardianship' as const, guardian })),
  ]
}
