import type { Vault } from '@netcert/agent'
import type { CitizenRow } from './citizen-row.js'
import type { CivilDate } from './civil-date.js'
import { guardianRefusal, isMinor } from './guardianship.js'
import { IssuerError } from './issuer-error.js'
import { keyedTag } from './keyed-tag.js'
import { createReference } from './reference.js'
import { isStatedName, type StatedIdentity, statedNumber } from './person-identification.js'
import type { RowRefusal } from './row-refusal.js'
import { openRecord, sealRecord } from './sealed-record.js'
import type { NewCitizen, SourceStore, StoredCitizen } from './source-store.js'

/** A person as the authentic source knows them, guardians by reference. */
export type SourceCitizen = Omit<CitizenRow, 'guardianNumbers'> & {
  readonly reference: string
  readonly guardians: readonly string[]
}

/**
 * Where facts about people come from, asked at enrolment only. A state register behind a
 * network stands here in production; `createCitizenRegister` is ours, fed from files.
 */
export type AuthenticSource = {
  read(reference: string): Promise<SourceCitizen | undefined>
  /** References in an order that says nothing; `after` is the last one of the page before. */
  list(options: { readonly limit: number; readonly after?: string }): Promise<readonly string[]>
  /** The person with that document number and name; both have to fit. */
  identify(identity: StatedIdentity): Promise<SourceCitizen | undefined>
}

export type RecordOutcome = 'accepted' | 'unchanged' | { readonly refused: RowRefusal }

/** The authentic source on a database of its own. */
export type CitizenRegister = AuthenticSource & {
  count(): Promise<number>
  /**
   * Records valid rows in one transaction, in their order: each may name guardians on record or
   * before it. A row on record already changes nothing, whatever its person's age is by now.
   */
  record(rows: readonly CitizenRow[], today: CivilDate): Promise<readonly RecordOutcome[]>
}

type Keys = { readonly number: Uint8Array; readonly row: Uint8Array }
type Known = {
  readonly reference: string
  readonly fingerprint: string
  birthdate(): CivilDate
}
type Decision = { readonly outcomes: RecordOutcome[]; readonly citizens: NewCitizen[] }

/** Imports that run side by side on the same people overtake one another at most so often. */
const RECORD_TRIES = 5

export function createCitizenRegister(options: {
  readonly store: SourceStore
  readonly vault: Vault
}): CitizenRegister {
  const { store, vault } = options
  const keys = {
    number: vault.deriveKey('netcert/source/document-number/v1'),
    row: vault.deriveKey('netcert/source/row/v1'),
  }
  const complete = async (stored: StoredCitizen): Promise<SourceCitizen> => {
    const { reference } = stored
    const guardians = await store.guardiansOf(reference)
    return { ...openCitizen(vault, stored), reference, guardians }
  }
  return {
    async read(reference) {
      const stored = await store.get(reference)
      return stored === undefined ? undefined : complete(stored)
    },
    identify: async (identity) => {
      const stored = await findStated({ store, vault }, keys, identity)
      return stored === undefined ? undefined : complete(stored)
    },
    list: ({ limit, after }) => store.list(limit, after ?? ''),
    count: () => store.count(),
    async record(rows, today) {
      for (let tries = 0; tries < RECORD_TRIES; tries++) {
        const known = await knownCitizens({ store, vault }, keys, rows)
        const decision = decide({ rows, today, known, vault, keys })
        if (await store.putAll(decision.citizens)) return decision.outcomes
      }
      throw new IssuerError(
        'import_busy',
        'Another import of the same people is running; wait for it and import again.',
      )
    },
  }
}

async function findStated(
  { store, vault }: { readonly store: SourceStore; readonly vault: Vault },
  keys: Keys,
  identity: StatedIdentity,
): Promise<StoredCitizen | undefined> {
  const number = statedNumber(identity)
  if (number === undefined) return undefined
  const [stored] = await store.getByTags([keyedTag(keys.number, number)])
  const fits = stored !== undefined && isStatedName(identity, openCitizen(vault, stored))
  return fits ? stored : undefined
}

async function knownCitizens(
  { store, vault }: { readonly store: SourceStore; readonly vault: Vault },
  keys: Keys,
  rows: readonly CitizenRow[],
): Promise<Map<string, Known>> {
  const numbers = new Set(rows.flatMap((row) => [row.documentNumber, ...row.guardianNumbers]))
  const tags = [...numbers].map((number) => keyedTag(keys.number, number))
  const stored = await store.getByTags(tags)
  return new Map(
    stored.map((citizen) => [
      citizen.number_tag,
      {
        reference: citizen.reference,
        fingerprint: citizen.fingerprint,
        birthdate: () => openCitizen(vault, citizen).birthdate,
      },
    ]),
  )
}

function decide(options: {
  readonly rows: readonly CitizenRow[]
  readonly today: CivilDate
  readonly known: Map<string, Known>
  readonly vault: Vault
  readonly keys: Keys
}): Decision {
  const { known, keys, today, vault } = options
  const decision: Decision = { outcomes: [], citizens: [] }
  for (const row of options.rows) {
    const tag = keyedTag(keys.number, row.documentNumber)
    const fingerprint = keyedTag(keys.row, JSON.stringify(Object.entries(row)))
    const before = known.get(tag)
    if (before !== undefined) {
      const same = before.fingerprint === fingerprint
      decision.outcomes.push(same ? 'unchanged' : { refused: 'document_number_conflict' })
      continue
    }
    const guardians = row.guardianNumbers.map((number) => known.get(keyedTag(keys.number, number)))
    const refused = guardianRefusal(row, today) ?? linkRefusal(guardians, today)
    if (refused !== undefined) {
      decision.outcomes.push({ refused })
      continue
    }
    const reference = createReference('c')
    known.set(tag, { reference, fingerprint, birthdate: () => row.birthdate })
    decision.outcomes.push('accepted')
    decision.citizens.push({
      ...sealCitizen(vault, row, reference),
      number_tag: tag,
      fingerprint,
      guardians: isMinor(row.birthdate, today)
        ? guardians.flatMap((guardian) => guardian?.reference ?? [])
        : [],
    })
  }
  return decision
}

function linkRefusal(
  guardians: readonly (Known | undefined)[],
  today: CivilDate,
): RowRefusal | undefined {
  for (const guardian of guardians) {
    if (guardian === undefined) return 'guardian_unknown'
    if (isMinor(guardian.birthdate(), today)) return 'guardian_is_minor'
  }
  return undefined
}

function sealCitizen(
  vault: Vault,
  row: CitizenRow,
  reference: string,
): Pick<StoredCitizen, 'reference' | 'wrapped_key' | 'sealed'> {
  const { guardianNumbers: _byReference, ...facts } = row
  const { wrappedKey, sealed } = sealRecord(vault, facts, rowContext(reference))
  return { reference, wrapped_key: wrappedKey, sealed }
}

function openCitizen(vault: Vault, stored: StoredCitizen): Omit<CitizenRow, 'guardianNumbers'> {
  const record = { wrappedKey: stored.wrapped_key, sealed: stored.sealed }
  // Authenticated by the seal: only this file has written it.
  return openRecord(vault, record, rowContext(stored.reference)) as Omit<
    CitizenRow,
    'guardianNumbers'
  >
}

function rowContext(reference: string): string {
  return `source/citizens/${reference}`
}
