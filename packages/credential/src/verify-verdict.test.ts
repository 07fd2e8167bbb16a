import { describe, expect, it } from 'vitest'
import {
  at,
  DAY,
  HOUR,
  type StatusListChanges,
  signStatusList,
  stranger,
  type Trial,
  trustWith,
  tryPresentation,
} from '../../../test/trust-ground.js'
import { CredentialError, mergeTrust, readStatus, withStatusLists } from './index.js'

/** Code and verdict of a refusal, as a platform meets them. */
async function refusalOf(trial: Trial, list: StatusListChanges | null = {}) {
  const trust = await trustWith(list === null ? [] : [await signStatusList(list)])
  const error: unknown = await tryPresentation({ trust, ...trial }).catch(
    (caught: unknown) => caught,
  )
  if (!(error instanceof CredentialError)) throw new TypeError('it was not refused')
  const { code, freshness } = error
  return { code, freshness }
}

const told = (code: string, verdict: string, reason: string, rest: object = {}) => ({
  code,
  freshness: { verdict, reason, showStaff: false, ...rest },
})

describe('a refusal by freshness carries its verdict', () => {
  const old = { issuedAt: at(-6 * DAY) }

  it('when the certificate was revoked, however old the word is', async () => {
    const list = { statuses: [[5, 1]] as const, issuedAt: at(-5 * DAY) }
    expect(await refusalOf({ mint: old }, list)).toMatchObject(
      told('status_invalid', 'revoked', 'revoked', { asOf: at(-5 * DAY), ageSeconds: 5 * DAY }),
    )
  })

  it('when it is suspended, or its list missing, stale or ended', async () => {
    expect(await refusalOf({}, { statuses: [[5, 2]] })).toMatchObject(
      told('status_suspended', 'suspended', 'suspended', { asOf: at(-HOUR), ageSeconds: HOUR }),
    )
    expect(await refusalOf({}, null)).toMatchObject(
      told('status_unavailable', 'unknown', 'status_list_missing'),
    )
    expect(await refusalOf({ mint: old }, { issuedAt: at(-40 * HOUR) })).toMatchObject(
      told('status_list_stale', 'unknown', 'status_list_stale', { ageSeconds: 40 * HOUR }),
    )
    expect(await refusalOf({ mint: old }, { expiresAt: at(-1) })).toMatchObject(
      told('status_list_expired', 'unknown', 'status_list_expired'),
    )
  })

  it('when the certificate has expired', async () => {
    const mint = { issuedAt: at(-3 * HOUR), expiresAt: at(-60) }
    expect(await refusalOf({ mint })).toMatchObject(
      told('time_expired', 'expired', 'certificate_expired', { asOf: at(-HOUR) }),
    )
  })

  it('and none when something else is wrong', async () => {
    const present = { nonce: 'another-nonce-of-a-request' }
    expect(await refusalOf({ present })).toEqual({ code: 'kb_nonce', freshness: null })
  })
})

describe('a clock that is behind', () => {
  const behind = told('clock_behind', 'unknown', 'clock_behind')

  it.each([
    ['stands still in 1970', new Date(0)],
    ['stands still in 2000', new Date('2000-01-01T00:00:00Z')],
    ['is some hours late', at(-3 * HOUR)],
  ])('and %s is told as such, not as a fault of the certificate', async (_what, now) => {
    expect(await refusalOf({ demands: { now } })).toMatchObject(behind)
  })

  it('excuses nothing else', async () => {
    const trial = { demands: { now: new Date(0) }, mint: { signer: stranger.signer } }
    expect(await refusalOf(trial)).toMatchObject({ code: 'issuer_untrusted', freshness: null })
    // A wallet that is ahead of a clock that is right is its own affair.
    const ahead = { present: { issuedAt: at(HOUR) } }
    expect(await refusalOf(ahead)).toMatchObject({ code: 'kb_iat', freshness: null })
  })
})

describe('trust from two sources', () => {
  const bits = async (statuses: readonly (readonly [number, number])[], issuedAt: Date) =>
    trustWith([await signStatusList({ statuses, issuedAt })])
  const read = (trust: Awaited<ReturnType<typeof trustWith>>, index: number) => {
    const [issuer] = trust.issuers.values()
    const [held] = issuer?.statusLists.values() ?? []
    return held === undefined ? null : readStatus(held.list, index)
  }

  it('takes of each list the newer version and lets nothing that was revoked come back', async () => {
    const older = await bits([[5, 1]], at(-2 * HOUR))
    const newer = await bits([[6, 1]], at(-HOUR))
    for (const merged of [mergeTrust(older, newer), mergeTrust(newer, older)]) {
      expect([5, 6, 7].map((index) => read(merged, index))).toEqual([1, 1, 0])
      expect(merged.timeFloor).toBe(newer.timeFloor)
    }
  })

  it('goes by the newer trust list, and drops lists of a key that it took back', async () => {
    const held = await bits([[5, 1]], at(-HOUR))
    const next = await trustWith([], { sequence: 8 })
    expect(mergeTrust(held, next).trustList.sequence).toBe(8)
    expect(read(mergeTrust(next, held), 5)).toBe(1)
    const without = await trustWith([], { sequence: 9, issuers: [] })
    expect(mergeTrust(held, without).issuers.size).toBe(0)
  })
})

it('verifies by lists that are inflated only when they are read', async () => {
  const trust = await trustWith([])
  const tokens = [await signStatusList({ statuses: [[5, 1]] })]
  const later = await withStatusLists(trust, tokens, at(0), 'later')
  expect(later.refused).toEqual([])
  await expect(tryPresentation({ trust: later.trust })).rejects.toMatchObject({
    code: 'status_invalid',
  })
})
