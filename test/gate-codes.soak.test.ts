import { freshnessPolicies, type Trust, verifyPresentation } from '@netcert/credential'
import { packAnswer } from '@netcert/protocol/gate'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { createGateCodeGround, type GateCodeGround, type ShownAtGate } from './gate-code-ground.js'
import { judgeCode } from './gate-code-judgement.js'
import { damages, mutate, withFittingTag } from './gate-code-mutation.js'
import { later } from './trust-domain.js'

const RUNS = 20_000
/** A guard against hanging, not a measure: a busy machine takes its time. */
const MOST_MS = 10_000

let ground: GateCodeGround
let trust: Trust
let shown: readonly ShownAtGate[]
let codes: readonly string[]
beforeAll(async () => {
  ground = await createGateCodeGround()
  trust = await ground.domain.trust()
  const wishes = [['age_over_18'], ['real_person'], ['age_over_18', 'real_person']]
  shown = [
    ...(await Promise.all(wishes.map((paths) => ground.pass({ paths })))),
    await ground.certificate({}, [['age_band'], ['residence_region']]),
    await ground.certificate({}, [['age_equal_or_over', '18']]),
  ]
  codes = shown.map((one) => packAnswer(one))
})

/** Whether a gate would let somebody in on it. */
async function verifies(presentation: string): Promise<boolean> {
  try {
    await verifyPresentation(trust, presentation, {
      ...{ audience: ground.audience, nonce: ground.nonce, now: later(30) },
      ...{ keyBindingMaxAgeSeconds: 120, freshness: freshnessPolicies['grace-24h'] },
      types: ['urn:netcert:gate-pass:1', 'urn:netcert:network-certificate:1'],
      ...{ claimSets: [[]], platform: null },
    })
    return true
  } catch {
    return false
  }
}

describe('20,000 mutated codes of a gate', () => {
  it('are of presentations that do verify', async () => {
    for (const { title, presentation } of shown)
      expect(await verifies(presentation), title).toBe(true)
  })

  it('are refused, each by a code of its own and in bounded time', async () => {
    let longest = 0
    const property = fc.asyncProperty(fc.nat(codes.length - 1), damages, async (which, damaged) => {
      const mutated = mutate(codes[which]!, damaged, codes)
      fc.pre(!codes.includes(mutated))
      const { presentation, milliseconds } = await judgeCode(mutated, ground)
      longest = Math.max(longest, milliseconds)
      expect(presentation).toBeNull()
    })
    await fc.assert(property, { numRuns: RUNS })
    expect(longest).toBeLessThan(MOST_MS)
  })

  // A tag is no secret: whoever writes it anew reaches what is behind it, and gets nothing new in.
  it('with fitting tags verify only as the very presentation they were', async () => {
    let [longest, unpacked] = [0, 0]
    const property = fc.asyncProperty(fc.nat(codes.length - 1), damages, async (which, damaged) => {
      const mutated = withFittingTag(
        mutate(codes[which]!, damaged, codes),
        ground.audience,
        ground.nonce,
      )
      const { presentation, milliseconds } = await judgeCode(mutated, ground)
      longest = Math.max(longest, milliseconds)
      if (presentation === null || shown.some((one) => one.presentation === presentation)) return
      unpacked += 1
      expect(await verifies(presentation)).toBe(false)
    })
    await fc.assert(property, { numRuns: RUNS })
    expect(unpacked).toBeGreaterThan(RUNS / 100)
    expect(longest).toBeLessThan(MOST_MS)
  })
})
