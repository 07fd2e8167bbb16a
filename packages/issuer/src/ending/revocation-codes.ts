import type { Vault } from '@netcert/agent'
import { epochSeconds } from '@netcert/credential'
import type { Transaction } from 'kysely'
import { grantHolder } from '../as-record-content.js'
import type { Access, Actor } from '../audit/access.js'
import type { AuditTrail } from '../audit/audit-trail.js'
import type { StatusChange } from '../batch-store.js'
import { IssuerError } from '../issuer-error.js'
import type { IssuerSchema } from '../issuer-schema-store.js'
import { keyedTag } from '../keyed-tag.js'
import { STATUSES } from '../status-change.js'
import { setCitizenStatus, statusEvent } from './certificate-desk.js'
import { endDevices } from './device-store.js'
import {
  type CodeHolder,
  type CountedName,
  giveBackTry,
  holderOfCode,
  personOf,
  putRevocationCode,
  type RevocationCodeStore,
} from './revocation-code-store.js'
import { createRevocationCodeText, readRevocationCode } from './revocation-code-text.js'

type Inside = Transaction<IssuerSchema>

/** What a citizen does with their code: a pause can be taken back, and keeps the code good. */
export type CodeAction = 'suspend' | 'revoke'

export type UseRevocationCodeOptions = {
  /** As it was typed. */
  readonly code: string
  readonly action: CodeAction
  /** Where it was typed: tries are counted by it, too. It is kept keyed, for an hour. */
  readonly address: string
}

/** Codes with which citizens end everything without their device. */
export type RevocationCodes = {
  /**
   * A new code for a citizen, in groups of five: it is shown once, and the one before ends.
   *
   * @throws IssuerError `citizen_unknown`, `operator_…`.
   */
  createRevocationCode(citizen: string): Promise<string>
  /** The first code of a citizen; `null` for one who has a code. @throws as `createRevocationCode` */
  firstRevocationCode(citizen: string): Promise<string | null>
  /**
   * Pauses or revokes everything of whoever has this code. What asks must not tell apart, to somebody
   * it does not know, a code that was wrong from one that was right.
   *
   * @throws IssuerError `revocation_code_malformed` for a mistyped code, which is not counted;
   *   `revocation_code_wrong`, `revocation_code_busy`.
   */
  useRevocationCode(options: UseRevocationCodeOptions): Promise<void>
  /** Forgets the tries of hours that are over. */
  forgetTries(): Promise<void>
}

export type RevocationCodesParts = {
  readonly store: RevocationCodeStore
  /** @throws IssuerError `citizen_unknown`. */
  readonly assertCitizen: (citizen: string) => Promise<void>
  readonly vault: Vault
  readonly audit: AuditTrail
  readonly access: Access
  readonly clock: () => Date
}

/** Wrong codes in an hour with one beginning, from one address, and of everybody together. */
export const TRIES = { locator: 5, address: 20, sum: 10_000 } as const

const CITIZEN: Actor = { kind: 'citizen' }

/** Codes of 90 random bits, kept as a keyed tag; few tries, counted before they are looked at. */
export function createRevocationCodes(parts: RevocationCodesParts): RevocationCodes {
  const key = parts.vault.deriveKey('netcert/issuer/revocation-code/v1')
  return {
    createRevocationCode: (citizen) => createCode(parts, key, citizen),
    async firstRevocationCode(citizen) {
      return (await parts.store.has(citizen)) ? null : createCode(parts, key, citizen)
    },
    useRevocationCode: (options) => useCode(parts, key, options),
    forgetTries: () => parts.store.sweepTries(epochSeconds(parts.clock())),
  }
}

async function createCode(
  { access, assertCitizen, audit, clock }: RevocationCodesParts,
  key: Uint8Array,
  citizen: string,
): Promise<string> {
  access.require('enrol')
  await assertCitizen(citizen)
  for (;;) {
    const { code, locator, printed } = createRevocationCodeText()
    const row = { locator, citizen, code_tag: keyedTag(key, code), made_at: epochSeconds(clock()) }
    const made = await audit.record(async (trx) => {
      const result = await putRevocationCode(trx, row)
      const subject = await personOf(trx, citizen)
      const event = { event: 'revocation_code_made' as const, ...(subject && { subject }) }
      return { result, event: result ? event : null }
    })
    // A beginning of 40 random bits meets another about never.
    if (made) return printed
  }
}

async function useCode(
  parts: RevocationCodesParts,
  key: Uint8Array,
  { code: typed, action, address }: UseRevocationCodeOptions,
): Promise<void> {
  const read = readRevocationCode(typed)
  if (read === undefined) throw malformed()
  const names = [
    { name: keyedTag(key, `locator|${read.locator}`), limit: TRIES.locator },
    { name: keyedTag(key, `address|${address}`), limit: TRIES.address },
    { name: keyedTag(key, 'sum'), limit: TRIES.sum },
  ]
  const at = epochSeconds(parts.clock())
  if (!(await parts.store.countTry(names, at))) throw busy()
  const codeTag = keyedTag(key, read.code)
  const spend = action === 'revoke'
  const done = await parts.audit.record(async (trx) => {
    const holder = await holderOfCode(trx, { locator: read.locator, codeTag, spend })
    if (holder === undefined) return { result: false, event: null }
    await endAll(parts, trx, { holder, names, action, at })
    const subject = holder.person === null ? {} : { subject: holder.person }
    const event = { event: 'revocation_code_used' as const, ...subject, details: { action } }
    return { result: true, event }
  }, CITIZEN)
  if (!done) throw wrong()
}

type Ending = {
  readonly holder: CodeHolder
  readonly names: readonly CountedName[]
  readonly action: CodeAction
  readonly at: number
}

async function endAll(
  { vault, audit }: RevocationCodesParts,
  trx: Inside,
  { holder, names, action, at }: Ending,
): Promise<void> {
  const { citizen, person } = holder
  await giveBackTry(trx, names)
  const status = action === 'revoke' ? STATUSES.revoked : STATUSES.suspended
  const change: StatusChange = { status, reason: 'citizen_asked', at }
  if (person !== null) {
    const counts = await setCitizenStatus(vault, trx, { citizen, person }, change)
    return audit.append(trx, statusEvent(person, change, counts), CITIZEN)
  }
  // Offered, and never fetched: what could still be fetched ends.
  if (action === 'revoke') {
    await endDevices(trx, citizen, { change, holder: grantHolder(vault, citizen) })
  }
}

function malformed(): IssuerError {
  const text = 'That is no revocation code: a character is wrong or missing. Compare the paper.'
  return new IssuerError('revocation_code_malformed', text)
}

function wrong(): IssuerError {
  const text = 'No revocation code is like this, or it has been used; the issuer prints a new one.'
  return new IssuerError('revocation_code_wrong', text)
}

function busy(): IssuerError {
  const text = 'Codes were tried too often; wait an hour, or ask the issuer directly.'
  return new IssuerError('revocation_code_busy', text)
}
