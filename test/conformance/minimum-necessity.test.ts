import { certificateTypes, NETWORK_CERTIFICATE } from '@netcert/credential'
import { createPresentation } from '@netcert/credential/holder'
import {
  type Accreditation,
  chooseCredentials,
  type Decision,
  decideRequest,
  matchCredentials,
  parseAccreditation,
  parseQuery,
  presentedClaims,
  type Query,
} from '@netcert/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { platformKey, signMembers } from '../accreditation-tokens.js'
import { at, holder, stranger } from '../trust-ground.js'
import { fullCertificates } from './full-certificates.js'
import {
  everySingleClaim,
  mayShow,
  type Step,
  singleClaims,
  spell,
  type WrittenAccreditation,
} from './minimum-necessity-oracle.js'
import { recent, requestOf, shape, written } from './minimum-necessity-requests.js'

const stepsOf = (text: string): readonly string[] =>
  text
    .slice(1)
    .split('/')
    .map((one) => one.slice(2))

/** What the real engine shows of the full certificates for a query: each answer it could give. */
function answersTo(query: Query) {
  const matches = matchCredentials(query, fullCertificates)
  const chosen = chooseCredentials(query, (ids) =>
    ids.every((id) => (matches.get(id)?.matches.length ?? 0) > 0),
  )
  if (chosen === null) return []
  return [...chosen.required, ...chosen.optional].map((id) => matches.get(id)?.matches ?? [])
}

/** Whether a request has values on anything but a fact, `iss` or `vct`, by the published metadata. */
function probes(query: Query): boolean {
  return query.credentials.some((credential) => {
    if (!('claims' in credential) || credential.claims === undefined) return false
    return credential.claims.some(({ path: steps, values }) => {
      if (values === undefined || steps[0] === 'iss' || steps[0] === 'vct') return false
      return credential.meta.vct_values.some((type) => classOf(type, steps) !== 'fact')
    })
  })
}

function classOf(type: string, steps: readonly Step[]): string {
  const rules = certificateTypes.get(type)?.claims ?? []
  const above = rules.filter(({ path: rule }) => `${spell(steps)}/`.startsWith(`${spell(rule)}/`))
  return above.toSorted((a, b) => b.path.length - a.path.length)[0]?.class ?? 'identity'
}

type Trial = {
  readonly rules: WrittenAccreditation | null
  readonly decision: Decision
  readonly known: ReadonlySet<string>
}

/** Throws when anything leaves that the oracle does not allow. */
function assertNothingElseLeaves({ decision, rules, known }: Trial): void {
  if (decision.query === null) return
  // It is a query that every wallet can read.
  expect(parseQuery(JSON.parse(JSON.stringify(decision.query)))).toEqual(decision.query)
  let most = new Set<string>(known)
  for (const matches of answersTo(decision.query)) {
    const shown = matches.map(({ held, paths }) =>
      paths.flatMap((one) => singleClaims(held.vct, one).map((leaf) => ({ vct: held.vct, leaf }))),
    )
    for (const { vct: type, leaf } of shown.flat()) {
      if (!mayShow(type, leaf, rules)) throw new Error(`${type} ${leaf.text} leaves uncovered`)
    }
    const sizes = shown.map((leaves) => new Set([...most, ...leaves.map(keyOf)]))
    most = sizes.toSorted((a, b) => b.size - a.size)[0] ?? most
  }
  if (rules !== null && most.size > Math.max(rules.max_claims, known.size)) {
    throw new Error(`${most.size} claims are known, ${rules.max_claims} are registered`)
  }
}

const keyOf = ({ vct: type, leaf }: { vct: string; leaf: { text: string } }) =>
  `${type} ${leaf.text}`

const RUNS = 10_000
const ACCREDITATIONS = 400

describe('10,000 generated requests against generated accreditations', () => {
  it('let no uncovered claim leave', async () => {
    const rulesOf = fc.sample(written, { numRuns: ACCREDITATIONS, seed: 20_261_122 })
    const accreditations = await Promise.all(
      rulesOf.map(async (rules) => ({
        rules,
        accreditation: parseAccreditation(await signMembers({ ...rules })).accreditation,
      })),
    )
    const outcomes: Record<string, number> = {}
    let shown = 0
    fc.assert(
      fc.property(
        fc.option(fc.constantFrom(...accreditations), { freq: 9, nil: null }),
        shape,
        recent,
        fc.boolean(),
        (accredited, asked, before, holdsNumber) => {
          const { accreditation = null, rules = null } = accredited ?? {}
          const query = requestOf(asked, rules)
          const decision = decideRequest({
            accreditation,
            requestKey: platformKey.jwk,
            query,
            recent: before.map(({ type, text }) => ({ vct: type, path: stepsOf(text) })),
            holdsNumber,
          })
          const known = new Set(before.map(({ type, text }) => `${type} ${text}`))
          assertNothingElseLeaves({ rules, decision, known })
          if (probes(query)) expect(decision.outcome).toBe('refuse')
          if (decision.outcome === 'allow') expect(decision.query).toEqual(query)
          if (accreditation === null) expect(decision.outcome).not.toBe('allow')
          outcomes[decision.outcome] = (outcomes[decision.outcome] ?? 0) + 1
          if (decision.query !== null) shown += answersTo(decision.query).length
        },
      ),
      { numRuns: RUNS, seed: 20_261_122 },
    )
    // The fuzz is worth something only when each outcome comes up, and much is shown.
    for (const outcome of ['allow', 'consent', 'reduce', 'refuse']) {
      expect(outcomes[outcome] ?? 0, outcome).toBeGreaterThan(RUNS / 100)
    }
    expect(shown).toBeGreaterThan(RUNS / 10)
  })

  it('hold nothing back that is covered', () => {
    const single = fc.uniqueArray(fc.constantFrom(...everySingleClaim), {
      minLength: 1,
      maxLength: 6,
      selector: keyOfSingle,
    })
    fc.assert(
      fc.property(single, fc.constantFrom('consent', 'law:Article 24'), (claims, legal_basis) => {
        const types = [...new Set(claims.map(({ vct: type }) => type))]
        const credentials = types.map((type, position) => ({
          id: `q${position}`,
          format: 'dc+sd-jwt',
          meta: { vct_values: [type] },
          claims: claims
            .filter((claim) => claim.vct === type)
            .map(({ text }) => ({ path: stepsOf(text) })),
        }))
        const query = parseQuery({ credentials })
        const accreditation = {
          requestJwk: platformKey.jwk,
          legalBasis: legal_basis,
          maxClaims: claims.length,
          credentials: credentials.map(({ format, meta, claims: asked }) => ({
            format,
            vctValues: meta.vct_values,
            claims: asked.map(({ path: steps }) => steps),
          })),
        } as unknown as Accreditation
        const options = { requestKey: platformKey.jwk, query, recent: [], holdsNumber: false }
        const decision = decideRequest({ accreditation, ...options })
        const isPlain = claims.some(
          (one) => one.class === 'identity' || one.text === '/s:network_number',
        )
        expect(decision).toMatchObject({ outcome: isPlain ? 'consent' : 'allow', query })
        const fewer = { ...accreditation, maxClaims: claims.length - 1 }
        expect(decideRequest({ accreditation: fewer, ...options }).code).toBe('too_many_claims')
        const other = { ...options, requestKey: stranger.jwk }
        expect(decideRequest({ accreditation, ...other }).code).toBe('accreditation_key')
      }),
      { numRuns: 1_000, seed: 7 },
    )
  })

  it('are answered by presentations that show no more than that either', async () => {
    const trials = fc.sample(fc.tuple(written, shape), { numRuns: 300, seed: 3 })
    let presented = 0
    for (const [rules, asked] of trials) {
      const query = requestOf(asked, rules)
      const { accreditation } = parseAccreditation(await signMembers({ ...rules }))
      const decision = decideRequest({
        accreditation,
        requestKey: platformKey.jwk,
        query,
        recent: [],
        holdsNumber: false,
      })
      if (decision.query === null) continue
      for (const { held, paths } of answersTo(decision.query).flat()) {
        const presentation = await createPresentation({
          credential: held,
          paths,
          signer: holder.signer,
          audience: 'https://shop.example',
          nonce: 'n',
          issuedAt: at(0),
        })
        const { vct: type, claims } = presentedClaims(presentation)
        for (const leaf of claims.flatMap((one) => singleClaims(type, one))) {
          expect(mayShow(type, leaf, rules), `${type} ${leaf.text}`).toBe(true)
        }
        presented += 1
      }
    }
    expect(presented).toBeGreaterThan(50)
  })
})

const keyOfSingle = ({ vct: type, text }: { vct: string; text: string }) => `${type} ${text}`

describe('the oracle', () => {
  it('tells a claim that may be shown from one that may not', () => {
    const rules: WrittenAccreditation = {
      credentials: [
        {
          format: 'dc+sd-jwt',
          meta: { vct_values: [NETWORK_CERTIFICATE] },
          claim: [{ path: 'birthdate' }, { path: ['age_equal_or_over', '18'] }],
        },
      ],
      legal_basis: 'none',
      max_claims: 9,
    }
    const may = (path_: readonly Step[], basis = 'none') =>
      singleClaims(NETWORK_CERTIFICATE, path_).every((leaf) =>
        mayShow(NETWORK_CERTIFICATE, leaf, { ...rules, legal_basis: basis }),
      )
    expect(may(['age_equal_or_over', '18'])).toBe(true)
    expect(may(['age_equal_or_over'])).toBe(false)
    expect(may(['birthdate'])).toBe(false)
    expect(may(['birthdate'], 'consent')).toBe(true)
    expect(() => singleClaims('urn:other', ['a'])).toThrow('no certificate')
  })
})
