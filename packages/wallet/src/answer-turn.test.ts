import type { ConsentDecision, RequestPreview } from '@netcert/wallet'
import { describe, expect, it } from 'vitest'
import { type Asked, platformWalletGround } from '../../../test/platform-wallet-ground.js'
import { later } from '../../../test/trust-domain.js'

const ground = platformWalletGround()
const { vci } = ground
const REFUSED = { error: 'access_denied', state: 'state-of-this-one-request' }
const few = { maxClaims: 2, claims: [['real_person'], ['age_band'], ['residence_region']] }
const pairs = [
  ['real_person', 'age_band'],
  ['real_person', 'residence_region'],
  ['age_band', 'residence_region'],
] as const

/** Answers a request with a consent of one's own; gives the code it ends with. */
async function answer(
  asked: Asked,
  consent: (preview: RequestPreview) => Promise<ConsentDecision>,
): Promise<string> {
  const request = await ground.link(asked)
  return ground.wallet.answerRequest({ request, consent }).then(
    () => 'answered',
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'fault'),
  )
}

describe('answers that a citizen agrees to at the same time', () => {
  it('show a platform no more than the day allows, whichever comes first', async () => {
    let asked = 0
    let resolve = (): void => {}
    const promise = new Promise<void>((done) => {
      resolve = done
    })
    const together = async (): Promise<ConsentDecision> => {
      asked += 1
      if (asked === pairs.length) resolve()
      await promise
      return 'share'
    }
    const codes = await Promise.all(
      pairs.map((names) =>
        answer({ accredited: few, claims: names.map((name) => ({ path: [name] })) }, together),
      ),
    )
    expect(codes.toSorted()).toEqual(['answered', 'too_many_claims', 'too_many_claims'])
    const shown = (await ground.wallet.ledger()).flatMap(({ claims }) => claims)
    expect(shown).toHaveLength(2)
    expect(ground.server.answers.filter((form) => form['error'] !== undefined)).toHaveLength(2)
  })

  it('go on as they did where the day allows all of them', async () => {
    const claims = [{ path: ['real_person'] }]
    const share = () => Promise.resolve<ConsentDecision>('share')
    const codes = await Promise.all([1, 2, 3].map(() => answer({ accredited: few, claims }, share)))
    expect(codes).toEqual(['answered', 'answered', 'answered'])
  })
})

describe('while the citizen thinks', () => {
  it('an accreditation may end: then nothing leaves after a yes', async () => {
    const accredited = { ...few, expiresAt: later(60) }
    const slow = (): Promise<ConsentDecision> => {
      vci.ground.now = later(61)
      return Promise.resolve('share')
    }
    const claims = [{ path: ['real_person'] }]
    expect(await answer({ accredited, claims }, slow)).toBe('accreditation_expired')
    expect(ground.server.answers).toEqual([REFUSED])
    expect(await ground.wallet.ledger()).toEqual([])
  })
})
