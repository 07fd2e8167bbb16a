import type { JsonObject, JsonValue } from '@netcert/credential'
import {
  answerCredential,
  chooseCredentials,
  isSdJwtQuery,
  matchCredentials,
  parseQuery,
} from '@netcert/protocol'
import { DcqlQuery } from 'dcql'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

// The npm package `dcql` is the peer: another implementation of OpenID4VP 1.0 §6 and §7. Where the
// two differ on purpose, the generated certificates keep away: JSON null, a null step over an empty
// array, indices over undisclosed elements, arrays of mixed kinds.

const names = ['a', 'b', 'c'] as const
const leaf = fc.oneof(fc.boolean(), fc.constantFrom('x', 'y', ''), fc.integer({ min: 0, max: 2 }))
const { tree } = fc.letrec<{ object: JsonObject; tree: JsonValue }>((tie) => ({
  object: fc.dictionary(fc.constantFrom(...names), tie('tree'), {
    maxKeys: 3,
    noNullPrototype: true,
  }),
  tree: fc.oneof(
    { depthSize: 'small' },
    leaf,
    tie('object'),
    // Elements of one kind: a step that fits some elements only aborts here (§7.1.1), not there.
    fc.array(leaf, { minLength: 1, maxLength: 3 }),
    fc.array(tie('object'), { minLength: 1, maxLength: 3 }),
    fc.array(fc.array(leaf, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 }),
  ),
}))
const payload = fc.dictionary(fc.constantFrom(...names), tree, {
  minKeys: 1,
  maxKeys: 3,
  noNullPrototype: true,
})
const path = fc
  .tuple(
    fc.constantFrom(...names),
    fc.array(fc.oneof(fc.constantFrom(...names), fc.nat(2), fc.constant(null)), { maxLength: 2 }),
  )
  .map(([first, rest]) => [first, ...rest])
const claimsOf = fc.uniqueArray(
  fc.record({
    path,
    values: fc.option(fc.array(leaf, { minLength: 1, maxLength: 2 }), { nil: undefined }),
  }),
  { minLength: 1, maxLength: 3, selector: (claim) => JSON.stringify(claim.path) },
)
const types = ['urn:one', 'urn:two'] as const

const held = (vct: string, claims: JsonObject) => ({
  vct,
  claims: Object.entries(claims).map(([name, value]) => ({ path: [name], value })),
})
const peerHeld = (vct: string, claims: JsonObject) => ({
  credential_format: 'dc+sd-jwt' as const,
  vct,
  claims: { ...claims },
  cryptographic_holder_binding: true,
})

function askPeer(query: unknown, wallet: readonly { vct: string; claims: JsonObject }[]) {
  const parsed = DcqlQuery.parse(query as Parameters<typeof DcqlQuery.parse>[0])
  DcqlQuery.validate(parsed)
  return DcqlQuery.query(
    parsed,
    // Its types want mutable values; it does not change them.
    wallet.map(({ vct, claims }) => peerHeld(vct, claims)) as Parameters<typeof DcqlQuery.query>[1],
  )
}

describe('our query engine and the npm package dcql', () => {
  it('agree on whether one certificate answers one credential query', () => {
    fc.assert(
      fc.property(payload, claimsOf, fc.boolean(), (claims, asked, sets) => {
        const query = {
          credentials: [
            {
              id: 'c',
              format: 'dc+sd-jwt',
              meta: { vct_values: ['urn:one'] },
              claims: asked.map(({ values, ...claim }, at) => ({
                id: `i${at}`,
                ...claim,
                ...(values && { values }),
              })),
              ...(sets && { claim_sets: asked.map((_, at) => [`i${at}`]) }),
            },
          ],
        }
        const [ours] = parseQuery(query).credentials.filter(isSdJwtQuery)
        const answer = ours && answerCredential(ours, held('urn:one', claims))
        const peer = askPeer(query, [{ vct: 'urn:one', claims }])
        expect(answer !== null).toBe(peer.can_be_satisfied)
      }),
      { numRuns: 2000 },
    )
  })

  it('agree on whether a wallet answers credential sets', () => {
    const ids = ['q0', 'q1', 'q2'] as const
    const set = fc.record({
      options: fc.array(fc.uniqueArray(fc.constantFrom(...ids), { minLength: 1, maxLength: 3 }), {
        minLength: 1,
        maxLength: 3,
      }),
      required: fc.boolean(),
    })
    const one = fc.record({ type: fc.constantFrom(...types), name: fc.constantFrom(...names) })
    fc.assert(
      fc.property(
        fc.tuple(one, one, one),
        fc.array(set, { minLength: 1, maxLength: 3 }).filter((s) => s.some((it) => it.required)),
        fc.array(fc.record({ vct: fc.constantFrom(...types), claims: payload }), { maxLength: 3 }),
        (asked, credential_sets, wallet) => {
          const query = {
            credentials: asked.map(({ type, name }, at) => ({
              id: ids[at],
              format: 'dc+sd-jwt',
              meta: { vct_values: [type] },
              claims: [{ path: [name] }],
            })),
            credential_sets,
          }
          const parsed = parseQuery(query)
          const matches = matchCredentials(
            parsed,
            wallet.map(({ vct, claims }) => held(vct, claims)),
          )
          const choice = chooseCredentials(parsed, (chosen) =>
            chosen.every((id) => (matches.get(id)?.matches.length ?? 0) > 0),
          )
          expect(choice !== null).toBe(askPeer(query, wallet).can_be_satisfied)
        },
      ),
      { numRuns: 1000 },
    )
  })
})
