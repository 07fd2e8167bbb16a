import type { Vault } from '@netcert/agent'
import { createNetworkNumber } from '@netcert/credential'
import type { AuthenticSource, SourceCitizen } from './authentic-source.js'
import type { CoolDowns } from './cool-down.js'
import { IDENTITY_KEY, NETWORK_NUMBER_KEY } from './identity-keys.js'
import { IssuerError } from './issuer-error.js'
import { keyedTag } from './keyed-tag.js'
import { type EnrolledPerson, higherAssurance } from './person-claims.js'
import { createNumberSalt, openPersonRecord, sealPerson } from './person-record.js'
import type { PersonStore, Stands, StoredPerson } from './person-store.js'
import { createReference } from './reference.js'

/** What decides whether a certificate may be minted, before anybody is enrolled for it. */
export type Standing = Pick<EnrolledPerson, 'birthdate' | 'guardians'>

/** An enrolled person, opened. */
export type Enrolled = { readonly id: string; readonly person: EnrolledPerson }

/** What somebody is enrolled on, beyond what the authentic source states. */
export type EnrolmentGrounds = Pick<EnrolledPerson, 'assurance' | 'consent'>

/** Who has a network number, and how a citizen comes to one. */
export type Enrolment = {
  /**
   * The person of a citizen of the authentic source, enrolled now if they were not: facts are
   * taken from the source once, and a random network number is drawn. Whoever cancelled is enrolled
   * again only on the strength of something that still stands then.
   *
   * @throws IssuerError `citizen_unknown`; what `stands` throws, and then nobody is enrolled.
   */
  enrol(citizen: string, stands: Stands, grounds?: EnrolmentGrounds): Promise<Enrolled>
  /**
   * Enrols as `enrol`, on the grounds of an application. Whoever is enrolled keeps number and salt:
   * the consent becomes the new one, and the assurance the higher of both.
   *
   * @throws IssuerError as `enrol`.
   */
  confirm(citizen: string, stands: Stands, grounds: EnrolmentGrounds): Promise<Confirmed>
  /** Whether somebody has a network number, by whatever document they got it. */
  isEnrolled(citizen: SourceCitizen): Promise<boolean>
  open(id: string): Promise<Enrolled | undefined>
  /**
   * Age and guardians of a citizen: as enrolled, or else as the authentic source states them.
   *
   * @throws IssuerError `citizen_unknown`.
   */
  standing(citizen: string): Promise<Standing>
  /**
   * The salt that the platform numbers of a person hang on. A person enrolled before there was one
   * gets it now, the same one for all who ask at once.
   *
   * @throws IssuerError `citizen_unknown` when the person is no longer enrolled.
   */
  numberSalt(id: string): Promise<Uint8Array>
}

/** Who was confirmed, and whether they were enrolled with it. */
export type Confirmed = Enrolled & { readonly isNew: boolean }

/** The operator asked, here and now: there is nothing that could have ended meanwhile. */
export const operatorAsks: Stands = async () => {}

/** A network number of 100 random bits meets another about never; a lost race once. */
const ENROL_TRIES = 4
/** Each try that fails is another's that did not. */
const CONFIRM_TRIES = 64

export type EnrolmentParts = {
  readonly persons: PersonStore
  readonly source: AuthenticSource
  readonly vault: Vault
  readonly coolDowns: CoolDowns
}

/** What can be read of enrolled people without the authentic source. */
export type EnrolledReader = Pick<Enrolment, 'open' | 'numberSalt'>

/** Opens enrolled people, for a process that enrols nobody. */
export function createEnrolledReader({
  persons,
  vault,
}: Pick<EnrolmentParts, 'persons' | 'vault'>): EnrolledReader {
  return {
    open: async (id) => openedPerson(vault, await persons.get(id)),
    numberSalt: (id) => numberSalt({ persons, vault }, id),
  }
}

/** Enrols citizens of the authentic source; each record is sealed with a key of its own. */
export function createEnrolment(parts: EnrolmentParts): Enrolment {
  const { persons, source, vault } = parts
  const keys = {
    identity: vault.deriveKey(IDENTITY_KEY),
    number: vault.deriveKey(NETWORK_NUMBER_KEY),
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
    async enrol(citizen, stands, grounds) {
      const known = opened(await persons.getByCitizen(citizen))
      return known ?? enrolFromSource(parts, keys, { citizen, stands, grounds })
    },
    async isEnrolled(citizen) {
      const known = await persons.getByCitizen(citizen.reference)
      return (known ?? (await persons.getByTags(identityTagsOf(keys, citizen)))) !== undefined
    },
    confirm: (citizen, stands, grounds) => confirm(parts, keys, { citizen, stands, grounds }),
  }
}

type TagKeys = { readonly identity: Uint8Array; readonly number: Uint8Array }

function documentNumbersOf(facts: SourceCitizen): readonly string[] {
  return [facts, ...facts.furtherDocuments].map(({ documentNumber }) => documentNumber)
}

function identityTagsOf(keys: TagKeys, facts: SourceCitizen): readonly string[] {
  return documentNumbersOf(facts).map((number) => keyedTag(keys.identity, number))
}

type EnrolOptions = {
  readonly citizen: string
  readonly stands: Stands
  readonly grounds: EnrolmentGrounds | undefined
}

async function enrolFromSource(
  { persons, source, vault, coolDowns }: EnrolmentParts,
  keys: TagKeys,
  { citizen, stands, grounds }: EnrolOptions,
): Promise<Confirmed> {
  const facts = await source.read(citizen)
  if (facts === undefined) throw citizenUnknown()
  const numbers = documentNumbersOf(facts)
  const identityTags = identityTagsOf(keys, facts)
  const [identityTag = ''] = identityTags
  for (let tries = 0; tries < ENROL_TRIES; tries++) {
    // Whatever document they were enrolled with, it is one person with one number.
    const same = await persons.getByTags(identityTags)
    if (same !== undefined) {
      if (same.citizen !== citizen) await persons.putCitizen(same.id, citizen)
      await persons.addDocuments(same.id, identityTags)
      return { id: same.id, person: openPersonRecord(vault, same).person, isNew: false }
    }
    // Whoever cancelled and comes back within the cool-down is the same to every platform.
    const earlier = await coolDowns.find(numbers)
    const number = createNetworkNumber()
    const person = { ...enrolledPerson(facts, number), ...grounds }
    const id = createReference('p')
    const numberSalt = earlier.numberSalt ?? createNumberSalt()
    const { wrappedKey, sealed } = sealPerson(vault, id, { person, numberSalt })
    const row = { id, citizen, wrapped_key: wrappedKey, sealed }
    const tags = { identity_tag: identityTag, number_tag: keyedTag(keys.number, number) }
    const added = { ...row, ...tags, identity_tags: identityTags }
    if (await coolDowns.enrol(added, earlier, stands)) return { id, person, isNew: true }
  }
  throw new Error('enrolling met a conflict again and again')
}

async function confirm(
  parts: EnrolmentParts,
  keys: TagKeys,
  options: EnrolOptions & { readonly grounds: EnrolmentGrounds },
): Promise<Confirmed> {
  const { persons, vault } = parts
  const { grounds } = options
  for (let tries = 0; tries < CONFIRM_TRIES; tries++) {
    const found = await enrolFromSource(parts, keys, options)
    if (found.isNew) return found
    const { id } = found
    const stored = await persons.get(id)
    if (stored === undefined) continue
    const record = openPersonRecord(vault, stored)
    const { consent, assurance: before } = record.person
    const assurance = higherAssurance(before, grounds.assurance)
    const isSame = consent?.purposes === grounds.consent?.purposes && assurance === before
    if (isSame && consent?.language === grounds.consent?.language)
      return { ...found, person: record.person }
    const person = { ...record.person, ...grounds, assurance }
    const sealed = sealPerson(vault, id, { ...record, person })
    if (await persons.replaceRecord(stored, sealed)) return { id, person, isNew: false }
  }
  throw new Error('confirming met a conflict again and again')
}

/** @returns an IssuerError `citizen_unknown` */
export function citizenUnknown(): IssuerError {
  return new IssuerError(
    'citizen_unknown',
    'Nobody on record has this reference, or they are not enrolled; netcert citizens list shows references.',
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
  if (stored === undefined) return undefined
  return { id: stored.id, person: openPersonRecord(vault, stored).person }
}

async function numberSalt(
  { persons, vault }: Pick<EnrolmentParts, 'persons' | 'vault'>,
  id: string,
): Promise<Uint8Array> {
  for (;;) {
    const stored = await persons.get(id)
    if (stored === undefined) throw citizenUnknown()
    const record = openPersonRecord(vault, stored)
    if (record.numberSalt !== null) return record.numberSalt
    const salt = createNumberSalt()
    // One statement that takes the record only as it was read: of two salts one is kept.
    const sealed = sealPerson(vault, id, { ...record, numberSalt: salt })
    if (await persons.replaceRecord(stored, sealed)) return salt
  }
}
