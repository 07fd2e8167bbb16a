import { beforeAll, describe, expect, it } from 'vitest'
import {
  at,
  codeOfTrial,
  DAY,
  demands,
  HOUR,
  issuer,
  mint,
  NONCE,
  present,
  STATUS_URI,
  type StatusListChanges,
  signStatusList,
  stranger,
  type Trial,
  trustWith,
  tryPresentation,
} from '../../../test/trust-ground.js'
import { type Demands, freshnessPolicies, type Trust, verifyPresentation } from './index.js'

const refusal = (code: string) => expect.objectContaining({ code })
let trust: Trust
let certificate: string

beforeAll(async () => {
  trust = await trustWith([await signStatusList()])
  certificate = await mint()
})

describe('the key binding', () => {
  it('must be there', async () => {
    await expect(verifyPresentation(trust, certificate, demands())).rejects.toThrow(
      refusal('kb_missing'),
    )
  })

  it.each([
    ['another audience', { audience: 'https://shop.example/answer' }, 'kb_aud'],
    ['another nonce', { nonce: `${NONCE}x` }, 'kb_nonce'],
    ['another key', { signer: stranger.signer }, 'kb_signature'],
    ['the issuer’s key', { signer: issuer.signer }, 'kb_signature'],
    ['an exp that is over', { keyBindingClaims: { exp: 1 } }, 'kb_time_expired'],
  ])('is refused with %s', async (_, changes, code) => {
    expect(await codeOfTrial({ present: changes })).toBe(code)
  })

  it.each([
    [-300, 'accepted'],
    [-301, 'kb_iat'],
    [60, 'accepted'],
    [61, 'kb_iat'],
  ])('made %i seconds from now is %s', async (seconds, code) => {
    expect(await codeOfTrial({ present: { issuedAt: at(seconds) } })).toBe(code)
  })

  it('covers exactly what was sent', async () => {
    const full = await present(certificate, { paths: [['real_person'], ['nationality']] })
    const [jwt, first, second, binding] = full.split('~')
    const changed = [
      [jwt, first, binding].join('~'),
      [jwt, second, first, binding].join('~'),
      [(await mint()).split('~')[0], binding].join('~'),
    ]
    for (const presentation of changed) {
      await expect(verifyPresentation(trust, presentation, demands())).rejects.toThrow(
        refusal('kb_sd_hash'),
      )
    }
  })
})

describe('the status', () => {
  const listed = async (list: StatusListChanges, trial: Trial = {}) =>
    codeOfTrial({ ...trial, trust: await trustWith([await signStatusList(list)]) })

  it('must not be revoked, suspended, unknown or reserved', async () => {
    expect(await listed({ statuses: [[5, 1]] })).toBe('status_invalid')
    expect(await listed({ statuses: [[5, 2]] })).toBe('status_suspended')
    expect(await listed({ statuses: [[5, 3]] })).toBe('status_application_specific')
    expect(await listed({ statuses: [[4, 1]] })).toBe('accepted')
    expect(await codeOfTrial({ trust: await trustWith([]) })).toBe('status_unavailable')
    expect(await listed({ entries: 4 })).toBe('status_index_out_of_range')
  })

  it('must stand below the issuer’s prefix', async () => {
    const status = (uri: string) => ({ mint: { status: { uri, index: 5 } } })
    expect(await codeOfTrial(status('https://elsewhere.example/1'))).toBe('status_issuer_untrusted')
    expect(await codeOfTrial(status('https://issuer.example/status'))).toBe(
      'status_issuer_untrusted',
    )
    expect(await codeOfTrial(status(`${STATUS_URI}?`))).toBe('status_unavailable')
  })

  it('must be young enough for the policy, or the list must not have ended', async () => {
    const old = { issuedAt: at(-4 * DAY), issued: { issuedAt: at(-6 * DAY) } }
    const trial = (freshness: Demands['freshness']) => ({
      mint: old.issued,
      demands: { freshness },
    })
    const list = { issuedAt: at(-20 * HOUR) }
    expect(await listed(list, trial(freshnessPolicies.strict))).toBe('status_list_stale')
    expect(await listed(list, trial(freshnessPolicies['grace-24h']))).toBe('accepted')
    expect(await listed({ issuedAt: at(-37 * HOUR) }, trial(freshnessPolicies['grace-24h']))).toBe(
      'status_list_stale',
    )
    expect(await listed({ issuedAt: at(-7 * DAY) }, trial(freshnessPolicies['flag-72h']))).toBe(
      'status_list_expired',
    )
  })

  it('is unknown with the clock behind a verified list, without a status too', async () => {
    const ahead = { issuedAt: at(1), expiresAt: at(DAY) }
    expect(await listed(ahead)).toBe('clock_behind')
    expect(await listed(ahead, { mint: { status: null } })).toBe('clock_behind')
    expect(await listed({ issuedAt: at(0) })).toBe('accepted')
  })

  it('shows a stale but accepted list to staff where the policy says so', async () => {
    const freshness = freshnessPolicies['flag-72h']
    const other = await trustWith([await signStatusList({ issuedAt: at(-20 * HOUR) })])
    const result = await tryPresentation({
      trust: other,
      mint: { issuedAt: at(-6 * DAY) },
      demands: { freshness },
    })
    expect(result.freshness).toMatchObject({ verdict: 'valid_stale', showStaff: true })
  })
})
