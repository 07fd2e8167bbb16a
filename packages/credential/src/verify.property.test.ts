import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  claimsOfAnAdult,
  demands,
  mint,
  present,
  signStatusList,
  trustWith,
} from '../../../test/trust-ground.js'
import { type ClaimPath, type JsonObject, verifyPresentation } from './index.js'

const trust = await trustWith([await signStatusList()])
const certificate = await mint()
const ages = Object.keys(claimsOfAnAdult['age_equal_or_over'] as JsonObject)
const leaves: readonly ClaimPath[] = [
  ...Object.keys(claimsOfAnAdult)
    .filter((name) => name !== 'age_equal_or_over')
    .map((name) => [name]),
  ...ages.map((age) => ['age_equal_or_over', age]),
]

/** The paths of the leaves in a value. */
function leavesOf(value: unknown, path: ClaimPath = []): readonly ClaimPath[] {
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([name, member]) => leavesOf(member, [...path, name]))
}

it('exactly the claims that were shown and asked for come out', async () => {
  const chosen = fc.subarray([...leaves])
  await fc.assert(
    fc.asyncProperty(chosen, chosen, async (shown, asked) => {
      const presentation = await present(certificate, { paths: shown })
      const claimSets = [asked.filter((path) => shown.includes(path)).map((path) => ({ path }))]
      const { claims } = await verifyPresentation(trust, presentation, demands({ claimSets }))
      const expected = claimSets[0]!.map(({ path }) => path)
      expect(leavesOf(claims).map(String).toSorted()).toEqual(expected.map(String).toSorted())
      const missing = asked.find((path) => !shown.includes(path))
      if (missing === undefined) return
      const more = demands({ claimSets: [[{ path: missing }]] })
      await expect(verifyPresentation(trust, presentation, more)).rejects.toMatchObject({
        code: 'query_unsatisfied',
      })
    }),
    { numRuns: 60 },
  )
})

it('what is not chosen does not stand in the presentation, not even in its text', async () => {
  const presentation = await present(certificate, { paths: [['residence_region']] })
  const text = presentation.split(/[.~]/).map((part) => Buffer.from(part, 'base64url').toString())
  for (const value of [
    '于',
    '敏静',
    '1989-05-04',
    '990217198905047852',
    'AB2CD3EF4GH5JK6MN7PQ10',
  ]) {
    expect(text.join(' ')).not.toContain(value)
  }
  expect(text.join(' ')).toContain('GD')
})

it('a presentation with any single byte flipped is refused', async () => {
  const presentation = await present(certificate, { paths: [['age_equal_or_over', '18']] })
  await verifyPresentation(trust, presentation, demands())
  let refused = 0
  for (let position = 0; position < presentation.length; position += 1) {
    const bit = 1 << (position % 7)
    const flipped = String.fromCharCode(presentation.charCodeAt(position) ^ bit)
    const wrong = presentation.slice(0, position) + flipped + presentation.slice(position + 1)
    await expect(verifyPresentation(trust, wrong, demands()), `byte ${position}`).rejects.toThrow(
      expect.objectContaining({ name: 'CredentialError' }),
    )
    refused += 1
  }
  expect(refused).toBe(presentation.length)
})

it('no text at all makes it fail in another way than by its own error', async () => {
  const presentation = await present(certificate)
  const pieces = fc.constantFrom('~', '.', '', 'e30', '{', presentation.slice(0, 200))
  const texts = fc.oneof(
    fc.string(),
    fc.array(pieces).map((parts) => parts.join('')),
    fc
      .tuple(fc.nat(presentation.length), fc.nat(presentation.length), fc.string({ maxLength: 8 }))
      .map(([from, to, insert]) => presentation.slice(0, from) + insert + presentation.slice(to)),
  )
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      fc.pre(text !== presentation)
      await expect(verifyPresentation(trust, text, demands())).rejects.toThrow(
        expect.objectContaining({ name: 'CredentialError' }),
      )
    }),
    { numRuns: 500 },
  )
})
