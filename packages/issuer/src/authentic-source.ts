import type { Vault } from '@netcert/agent'
import type { CitizenRow } from './citizen-row.js'
import type { CivilDate } from './civil-date.js'
import { citizenUnknown } from './enrolment.js'
import { guardianRefusal, isMinor } from './guardianship.js'
import { IssuerError } from './issuer-error.js'
import { keyedTag } from './keyed-tag.js'
import { createReference } from './reference.js'
import { isStatedName, type StatedIdentity, statedNumber } from './person-identification.js'
import type { RowRefusal } from './row-refusal.js'
import { type DocumentRow, openDocument, recordDocument } from './citizen-documents.js'
import {
  type CitizenDocument,
  openCitizen,
  type RecordOutcome,
  sealCitizen,
} from './source-record.js'
import type { NewCitizen, SourceStore, StoredCitizen } from './source-store.js'

/** A person as the authentic source knows them, guardians by reference. */
export type SourceCitizen = Omit<CitizenRow, 'guardianNumbers'> & {
  readonly reference: string
  readonly guardians: readonly string[]
  /** Documents beside the first: the person is found by any of them. */
  readonly furtherDocuments: readonly CitizenDocument[]
}

/**
 * Where facts about people come from, asked at enrolment only. A state register behind a
 * network stands here in production; `createCitizenRegister` is ours, fed from files.
 */
export type AuthenticSource = {
  read(reference: string): Promise<SourceCitizen | undefined>
  /** References of those somebody is guardian of, by their order. */
  wardsOf(reference: string): Promise<readonly string[]>
  /** References in an order that says nothing; `after` is the last one of the page before. */
  list(options: { readonly limit: number; readonly after?: string }): Promise<readonly string[]>
  /** The person with that document number and name; both have to fit. */
  identify(identity: StatedIdentity): Promise<SourceCitizen | undefined>
  /** The person with a document of that number, in normal form: what else fits is asked elsewhere. */
  find(documentNumber: string): Promise<SourceCitizen | undefined>
}

/** The authentic source on a database of its own. */
export type CitizenRegister = AuthenticSource & {
  count(): Promise<number>
  /**
   * Records valid rows in one transaction, in their order: each may name guardians on record or
   * before it. A row on record already changes nothing, whatever its person's age is by now.
   */
  record(rows: readonly CitizenRow[], today: CivilDate): Promise<readonly RecordOutcome[]>
  /** Replaces the guardians of a person on record. @throws IssuerError `citizen_unknown` */
  changeGuardians(change: GuardianChange): Promise<void>
  /** Records that a person on record has another document. */
  recordDocument(row: DocumentRow): Promise<RecordOutcome>
}

/** Who is guardian of a ward from now on. */
export type GuardianChange = {
  /** References. */
  readonly ward: string
  readonly guardians: readonly string[]
  /** Document numbers of the guardians, as a row would name them. */
  readonly numbers: readonly string[]
}

type Keys = { readonly number: Uint8Array; readonly row: Uint8Array }

/** The keys of the authentic source: of document numbers, and of whole rows. */
export function sourceKeys(vault: Vault): Keys {
  return {
    number: vault.deriveKey('netcert/source/document-number/v1'),
    row: vault.deriveKey('netcert/source/row/v1'),
  }
}

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
  const keys = sourceKeys(vault)
  const complete = (stored: StoredCitizen | undefined) => completed({ store, vault }, stored)
  return {
    read: async (reference) => complete(await store.get(reference)),
    identify: async (identity) => complete(await findStated({ store, vault }, keys, identity)),
    wardsOf: (reference) => store.wardsOf(reference),
    async find(documentNumber) {
      const [stored] = await store.getByTags([keyedTag(keys.number, documentNumber)])
      return complete(stored)
    },
    recordDocument: (row) =>
      recordDocument({ store, vault, tagOf: (number) => keyedTag(keys.number, number) }, row),
    changeGuardians: (change) => changeGuardians({ store, vault }, keys, change),
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

async function changeGuardians(
  { store, vault }: { readonly store: SourceStore; readonly vault: Vault },
  keys: Keys,
  { ward, guardians, numbers }: GuardianChange,
): Promise<void> {
  const stored = await store.get(ward)
  if (stored === undefined) throw citizenUnknown()
  // As the row would be imported now: an import of it is then no conflict.
  const row = { ...openCitizen(vault, stored), guardianNumbers: numbers }
  const fingerprint = keyedTag(keys.row, JSON.stringify(Object.entries(row)))
  await store.replaceGuardians({ ward, guardians, fingerprint })
}

async function completed(
  { store, vault }: { readonly store: SourceStore; readonly vault: Vault },
  stored: StoredCitizen | undefined,
): Promise<SourceCitizen | undefined> {
  if (stored === undefined) return undefined
  const { reference } = stored
  const guardians = await store.guardiansOf(reference)
  const further = await store.documentsOf(reference)
  const furtherDocuments = further.flatMap((number) => openDocument(vault, number))
  return { ...openCitizen(vault, stored), reference, guardians, furtherDocuments }
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
      citizen.found_by,
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
