import { describe, expect, it } from 'vitest'
import { later, testNow } from '../../../test/trust-domain.js'
import { type CopyCandidate, leastRevealingFirst } from './copy-choice.js'

type Named = CopyCandidate & { readonly name: string }

const candidate = (name: string, members: Partial<CopyCandidate>): Named => ({
  name,
  kind: 'one-time',
  ownOfAudience: false,
  reveals: 'fact',
  preference: 0,
  paths: [['age_band']],
  expiresAt: testNow,
  ...members,
})
const platform = (name: string, members: Partial<CopyCandidate> = {}) =>
  candidate(name, { kind: 'platform', ...members })
const namesOf = (candidates: readonly Named[]) =>
  leastRevealingFirst(candidates).map(({ name }) => name)

describe('the least revealing copy', () => {
  it('for facts is a one-time copy, then the platform copy of this audience, then a free one', () => {
    const copies = [
      platform('free'),
      platform('own', { ownOfAudience: true }),
      candidate('one-time', {}),
    ]
    expect(namesOf(copies)).toEqual(['one-time', 'own', 'free'])
  })

  it('for a number is the platform copy, so that a one-time copy is saved', () => {
    const number = { reveals: 'number' } as const
    const copies = [
      candidate('one-time', number),
      platform('free', number),
      platform('own', { ...number, ownOfAudience: true }),
    ]
    expect(namesOf(copies)).toEqual(['own', 'free', 'one-time'])
  })

  it('is one that shows facts rather than a number, and a number rather than identity', () => {
    const copies = [
      candidate('identity', { reveals: 'identity' }),
      platform('number', { reveals: 'number', ownOfAudience: true }),
      platform('facts'),
    ]
    expect(namesOf(copies)).toEqual(['facts', 'number', 'identity'])
  })

  it('follows the verifier among equals, then the fewer claims, then the earlier end', () => {
    const copies = [
      candidate('less liked', { preference: 1 }),
      candidate('later', { expiresAt: later(60) }),
      candidate('more claims', { paths: [['age_band'], ['nationality']] }),
      candidate('best', {}),
    ]
    expect(namesOf(copies)).toEqual(['best', 'later', 'more claims', 'less liked'])
  })
})
