import { type ClaimPath, certificateTypes, samePath } from '@netcert/credential'

const AGE_OVER_18: readonly ClaimPath[] = [
  ['age_equal_or_over', '18'],
  ['age_over_18'],
  ['age_band'],
]
const A_REAL_PERSON: readonly ClaimPath[] = [['real_person']]
const A_REGION: readonly ClaimPath[] = [['residence_region']]

/** What serves instead of a claim, best first; a type has the one or the other. */
const smaller: Readonly<Record<string, readonly ClaimPath[]>> = {
  birthdate: AGE_OVER_18,
  birth_date: AGE_OVER_18,
  age_in_years: AGE_OVER_18,
  age_birth_year: AGE_OVER_18,
  age_equal_or_over: [['age_equal_or_over', '18']],
  id_number: A_REAL_PERSON,
  family_name: A_REAL_PERSON,
  given_name: A_REAL_PERSON,
  portrait: A_REAL_PERSON,
  sex: A_REAL_PERSON,
  network_number: [['platform_number']],
  address: A_REGION,
  resident_address: A_REGION,
  place_of_birth: A_REGION,
  birthplace: A_REGION,
  locality: A_REGION,
  postal_code: A_REGION,
}

/**
 * The smaller claim that answers what is usually meant by a larger one: "over 18" for a birth date,
 * the region for an address. Of those the type has, one that is registered comes first.
 *
 * @returns null where nothing smaller serves.
 */
export function smallerClaim(
  vct: string,
  path: ClaimPath,
  isRegistered: (offer: ClaimPath) => boolean,
): ClaimPath | null {
  const [name] = path
  const listed =
    typeof name === 'string' && Object.hasOwn(smaller, name) ? smaller[name] : undefined
  const rules = certificateTypes.get(vct)?.claims ?? []
  // Of a claim with parts, a part that is registered serves better than anything else.
  const parts = rules
    .map((rule) => rule.path)
    .filter((part) => isPart(part, path) && isRegistered(part))
  const offers = [...parts, ...(listed ?? [])].filter(
    (offer) => !samePath(offer, path) && rules.some((rule) => samePath(rule.path, offer)),
  )
  return offers.find(isRegistered) ?? offers[0] ?? null
}

function isPart(part: ClaimPath, whole: ClaimPath): boolean {
  return part.length > whole.length && whole.every((step, at) => step === part[at])
}
