import { certificateTypes, NETWORK_CERTIFICATE } from '@netcert/credential'
import { parseQuery, type Query } from '@netcert/protocol'
import fc from 'fast-check'
import {
  everySingleClaim,
  type Step,
  type WrittenAccreditation,
} from './minimum-necessity-oracle.js'

const knownTypes = [...certificateTypes.keys()]
const vct = fc.constantFrom(...knownTypes, NETWORK_CERTIFICATE, 'urn:other')
const listedPaths: readonly (readonly Step[])[] = [...certificateTypes.values()].flatMap((type) =>
  type.claims.map((rule) => rule.path),
)
const path: fc.Arbitrary<readonly Step[]> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...listedPaths) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...listedPaths),
        fc.constantFrom<Step>('18', '14', 'b', 'e', 'x', null, 0, 1),
      )
      .map(([steps, more]) => [...steps, more]),
  },
  {
    weight: 1,
    arbitrary: fc.array(fc.constantFrom<Step>('address', 'birthdate', 'x', null, 0), {
      minLength: 1,
      maxLength: 3,
    }),
  },
)

const claimList = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: path },
    { weight: 1, arbitrary: fc.constantFrom('birthdate', 'real_person', 'age_equal_or_over') },
  ),
  { minLength: 1, maxLength: 8 },
)
const writtenEntry = fc
  .tuple(
    fc.constantFrom('dc+sd-jwt', 'dc+sd-jwt', 'dc+sd-jwt', 'mso_mdoc'),
    fc.uniqueArray(vct, { minLength: 1, maxLength: 3 }),
    claimList,
    fc.constantFrom('claim', 'claims', 'both'),
  )
  .map(([format, vct_values, paths, spelling]) => {
    const listed = paths.map((one) => ({ path: one }))
    return {
      format,
      meta: { vct_values },
      ...(spelling === 'claims' ? {} : { claim: listed }),
      ...(spelling === 'claim' ? {} : { claims: listed }),
    }
  })
/** Accreditations as registrars might write them, sensible or not. */
export const written: fc.Arbitrary<WrittenAccreditation> = fc.record({
  credentials: fc.array(writtenEntry, { minLength: 1, maxLength: 3 }),
  legal_basis: fc.constantFrom('none', 'none', 'consent', 'law:Article 24'),
  max_claims: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constant(64)),
})

/** A path, or, as a number, one of those that are registered: or hardly any request would be answered. */
const askedPath = fc.oneof({ weight: 4, arbitrary: fc.nat(30) }, { weight: 3, arbitrary: path })
const askedTypes = fc.oneof(
  { weight: 4, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.uniqueArray(vct, { minLength: 1, maxLength: 3 }) },
)
const claimQuery = fc.tuple(
  askedPath,
  fc.oneof(
    { weight: 30, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom<string | boolean | number>('1989-05-04', true, 7) },
  ),
)
const credentialQuery = fc.tuple(
  fc.oneof(
    { weight: 12, arbitrary: fc.constant('dc+sd-jwt') },
    { weight: 1, arbitrary: fc.constant('mso_mdoc') },
  ),
  askedTypes,
  fc.option(fc.array(claimQuery, { minLength: 1, maxLength: 4 }), { freq: 8 }),
  fc.array(fc.uniqueArray(fc.nat(3), { minLength: 1, maxLength: 3 }), { maxLength: 3 }),
)
const credentialSet = fc.tuple(
  fc.array(fc.uniqueArray(fc.nat(2), { minLength: 1, maxLength: 3 }), {
    minLength: 1,
    maxLength: 3,
  }),
  fc.boolean(),
)
/** What is random about a request. */
export const shape = fc.tuple(
  fc.array(credentialQuery, { minLength: 1, maxLength: 3 }),
  fc.array(credentialSet, { maxLength: 2 }),
)
export type Shape = typeof shape extends fc.Arbitrary<infer Value> ? Value : never

/** The request of a shape, to a platform with this accreditation. */
export function requestOf([asked, sets]: Shape, rules: WrittenAccreditation | null): Query {
  const entries = rules?.credentials ?? []
  const credentials = asked.map(([format, types, claims, alternatives], position) => {
    const entry = entries[position % Math.max(1, entries.length)]
    const registered = [...(entry?.claim ?? entry?.claims ?? [])].map(({ path: written_ }) =>
      typeof written_ === 'string' ? [written_] : written_,
    )
    const pathOf = (one: number | readonly Step[]) =>
      typeof one !== 'number' ? one : (registered[one % registered.length] ?? ['real_person'])
    const vct_values = types ?? entry?.meta.vct_values ?? [NETWORK_CERTIFICATE]
    const base = { id: `q${position}`, format, meta: { vct_values } }
    if (claims === null) return base
    const named = claims.map(([one, value], at_) => ({
      id: `c${at_}`,
      path: pathOf(one),
      ...(value === null ? {} : { values: [value] }),
    }))
    const claim_sets = idsOf(alternatives, claims.length, 'c')
    return { ...base, claims: named, ...(claim_sets.length === 0 ? {} : { claim_sets }) }
  })
  const credential_sets = sets.flatMap(([options, required]) => {
    const named = idsOf(options, asked.length, 'q')
    return named.length === 0 ? [] : [{ options: named, required }]
  })
  return parseQuery({
    credentials,
    ...(credential_sets.length === 0 ? {} : { credential_sets }),
  })
}

const idsOf = (sets: readonly (readonly number[])[], count: number, letter: string) =>
  sets
    .map((set) => set.filter((one) => one < count).map((one) => `${letter}${one}`))
    .filter((set) => set.length > 0)

/** Claims that were shown before. */
export const recent = fc.array(
  fc.constantFrom(...everySingleClaim.map(({ vct: type, text }) => ({ type, text }))),
  { maxLength: 4 },
)
