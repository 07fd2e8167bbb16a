import { type CertificateType, type JsonObject, type JsonValue } from '@netcert/credential'
import { type CivilDate, ageOn } from './civil-date.js'
import type { CopyPolicy } from './copy-policy.js'
import type { DocumentType } from './document-number.js'

/** How well the person behind a certificate was checked: the claim `real_person`. */
export type Assurance = 'document' | 'document+face' | 'document+face+presence'

const ASSURANCES: readonly Assurance[] = ['document', 'document+face', 'document+face+presence']

/** Of two levels the higher: what was checked once stays checked. */
export function higherAssurance(one: Assurance, other: Assurance): Assurance {
  return ASSURANCES.indexOf(one) < ASSURANCES.indexOf(other) ? other : one
}

/** What the issuer keeps of an enrolled person, sealed under the person's own key. */
export type EnrolledPerson = {
  readonly networkNumber: string
  readonly assurance: Assurance
  readonly documentType: DocumentType
  readonly documentNumber: string
  readonly familyName: string
  readonly givenName: string
  readonly sex: 'male' | 'female'
  readonly birthdate: CivilDate
  readonly nationality: string
  readonly residenceRegion: string
  readonly phoneVerified: boolean
  /** References of the guardians on record when the person was enrolled. */
  readonly guardians: readonly string[]
  /** The purposes an application consented to; nothing where there was no application. */
  readonly consent?: EnrolmentConsent
}

/** A consent to what is processed and why. */
export type EnrolmentConsent = {
  /** Digest of the purposes that were shown. */
  readonly purposes: string
  readonly language: string
  /** Seconds since 1970. */
  readonly at: number
}

const AGES = [14, 16, 18, 60, 65]

/**
 * The claims of one certificate about a person, as of `today`. Facts are derived here, once; the
 * type metadata says which of them the type has.
 */
export function personClaims(
  person: EnrolledPerson,
  type: CertificateType,
  policy: CopyPolicy,
  today: CivilDate,
): JsonObject {
  const known = allClaims(person, policy, today)
  const claims: Record<string, JsonValue> = {}
  for (const rule of type.claims) {
    const name = rule.path[0]
    if (rule.class === 'technical' || typeof name !== 'string') continue
    const value = known[name]
    if (value !== undefined) claims[name] = value
  }
  return claims
}

function allClaims(
  person: EnrolledPerson,
  policy: CopyPolicy,
  today: CivilDate,
): Record<string, JsonValue> {
  const age = ageOn(person.birthdate, today)
  const over = AGES.map((limit) => [String(limit), age >= limit] as const)
  return {
    ...(policy.holder === 'guardian' ? { rep: 'guardian' } : {}),
    network_number: person.networkNumber,
    real_person: person.assurance,
    age_equal_or_over: Object.fromEntries(over),
    ...Object.fromEntries(over.map(([limit, reached]) => [`age_over_${limit}`, reached])),
    age_band: ageBand(age),
    document_type: person.documentType,
    nationality: person.nationality,
    residence_region: person.residenceRegion,
    phone_verified: person.phoneVerified,
    // A name of one part has no family name: an absent claim, not an empty one.
    ...(person.familyName === '' ? {} : { family_name: person.familyName }),
    given_name: person.givenName,
    birthdate: person.birthdate,
    id_number: person.documentNumber,
    sex: person.sex,
  }
}

/** The band an age falls into; bands are all that is told of a minor's age. */
export function ageBand(age: number): string {
  if (age < 14) return '0-13'
  if (age < 16) return '14-15'
  return age < 18 ? '16-17' : '18+'
}
