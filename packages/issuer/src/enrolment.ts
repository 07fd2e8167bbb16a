import type { Vault } from '@netcert/agent'
import { createNetworkNumber } from '@netcert/credential'
import type { AuthenticSource, SourceCitizen } from './authentic-source.js'
import { IssuerError } from './issuer-error.js'
import { keyedTag } from './keyed-tag.js'
import type { EnrolledPerson } from './person-claims.js'
import type { PersonStore, StoredPerson } from './person-store.js'
import { createReference } from './reference.js'
import { openRecord, sealRecord } from './sealed-record.js'

/** What decides whether a certificate may be minted, before anybody is enrolled for it. */
export type Standing = Pick<EnrolledPerson, 'birthdate' | 'guardians'>

/** An enrolled person, opened. */
export type Enrolled = { readonly id: string; readonly person: EnrolledPerson }

/** Who has a network number, and how a citizen comes to one. */
export type Enrolment = {
  /**
   * The person of a citizen of the authentic source, enrolled now if they were not: facts are
   * taken from the source once, and a random network number is drawn.
   *
   * @throws IssuerError `citizen_unknown`.
   */
  enrol(citizen: string): Promise<Enrolled>
  open(id: string): Promise<Enrolled | undefined>
  /**
   * Age and guardians of a citizen: as enrolled, or else as the authentic source states them.
   *
   * @throws IssuerError `citizen_unknown`.
   */
  standing(citizen: string): Promise<Standing>
}

/** A network number of 100 random bits meets another about never; a lost race once. */
const ENROL_TRIES = 4

export type EnrolmentParts = {
  readonly persons: PersonStore
  readonly source: AuthenticSource
  readonly vault: Vault
}

/** Opens enrolled people, for a process that enrols nobody. */
export function createEnrolledReader({
  persons,
  vault,
}: Pick<EnrolmentParts, 'persons' | 'vault'>): Pick<Enrolment, 'open'> {
  return { open: async (id) => openedPerson(vault, await persons.get(id)) }
}

export function createEnrolment(parts: EnrolmentParts): Enrolment {
  const { persons, source, vault } = parts
  const keys = {
    identity: vault.deriveKey('netcert/issuer/identity/v1'),
    number: vault.deriveKey('netcert/issuer/network-number/v1'),
  }
  const opened = (stored: StoredPerson | undefined) => openedPerson(vault, stored)
  return {
    ...createEnrolledReader(parts),
    async standing(citizen) {
      const known = opened(await persons.getByCitizen(citizen))
      const standing = known?.person ?? (await source.read(citizen))
      if (standing === undefined) throw citizenUnknown()
      return standing
    },
    async enrol(citizen) {
      const known = opened(await persons.getByCitizen(citizen))
      return known ?? enrolFromSource(parts, keys, citizen)
    },
  }
}

type TagKeys = { readonly identity: Uint8Array; readonly number: Uint8Array }

async function enrolFromSource(
  { persons, source, vault }: EnrolmentParts,
  keys: TagKeys,
  citizen: string,
): Promise<Enrolled> {
  const facts = await source.read(citizen)
  if (facts === undefined) throw citizenUnknown()
  const identityTag = keyedTag(keys.identity, facts.documentNumber)
  for (let tries = 0; tries < ENROL_TRIES; tries++) {
    const same = await persons.getByTag(identityTag)
    if (same !== undefined) {
      if (same.citizen !== citizen) await persons.putCitizen(same.id, citizen)
      return { id: same.id, person: openPerson(vault, same) }
    }
    const number = createNetworkNumber()
    const person = enrolledPerson(facts, number)
    const id = createReference('p')
    const { wrappedKey, sealed } = sealRecord(vault, person, rowContext(id))
    const row = { id, citizen, wrapped_key: wrappedKey, sealed }
    const tags = { identity_tag: identityTag, number_tag: keyedTag(keys.number, number) }
    if (await persons.put({ ...row, ...tags })) return { id, person }
  }
  throw new Error('enrolling met a conflict again and again')
}

export function citizenUnknown(): IssuerError {
  return new IssuerError(
    'citizen_unknown',
    'No citizen of the authentic source has this reference; list them for one that does.',
  )
}

/** What is kept of a citizen: what certificates state, and no more (R12). */
function enrolledPerson(facts: SourceCitizen, networkNumber: string): EnrolledPerson {
  return {
    networkNumber,
    // Read from the register; nobody has looked at a face.
    assurance: 'document',
    documentType: facts.documentType,
    documentNumber: facts.documentNumber,
    familyName: facts.familyName,
    givenName: facts.givenName,
    sex: facts.sex,
    birthdate: facts.birthdate,
    nationality: facts.nationality,
    residenceRegion: facts.residenceRegion,
    phoneVerified: facts.phone !== '',
    guardians: facts.guardians,
  }
}

function openedPerson(vault: Vault, stored: StoredPerson | undefined): Enrolled | undefined {
  return stored === undefined ? undefined : { id: stored.id, person: openPerson(vault, stored) }
}

function openPerson(vault: Vault, stored: StoredPerson): EnrolledPerson {
  const record = { wrappedKey: stored.wrapped_key, sealed: stored.sealed }
  // Authenticated by the seal: only this file has written it.
  return openRecord(vault, record, rowContext(stored.id)) as EnrolledPerson
}

function rowContext(id: string): string {
  return `issuer/persons/${id}`
}
