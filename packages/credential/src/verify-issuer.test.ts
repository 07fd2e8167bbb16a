import { beforeAll, describe, expect, it } from 'vitest'
import {
  at,
  codeOf,
  codeOfTrial,
  DAY,
  demands,
  issuer,
  listedIssuer,
  listedKey,
  type MintChanges,
  mint,
  NOW,
  present,
  signStatusList,
  statusKey,
  stranger,
  trustWith,
} from '../../../test/trust-ground.js'
import {
  type Demands,
  freshnessPolicies,
  GATE_PASS,
  NETWORK_CERTIFICATE,
  type Trust,
  verifyPresentation,
  WARD_CERTIFICATE,
} from './index.js'

let trust: Trust

beforeAll(async () => {
  trust = await trustWith([await signStatusList()])
})

describe('the issuer', () => {
  const minted = (changes: MintChanges) => codeOfTrial({ mint: changes })

  it('must be on the trust list', async () => {
    expect(await minted({ signer: stranger.signer })).toBe('issuer_untrusted')
    const other = await trustWith([], { issuers: [] })
    expect(await codeOfTrial({ trust: other })).toBe('issuer_untrusted')
  })

  it('must have listed the key for certificates', async () => {
    const listed = async (...keys: Parameters<typeof listedKey>[]) =>
      trustWith([], {
        issuers: [listedIssuer({ keys: keys.map((key) => listedKey(...key)) })],
      })
    const asStatus = await listed([issuer, 'status'], [statusKey, 'credential'])
    expect(await codeOfTrial({ trust: asStatus })).toBe('key_use_not_allowed')
    expect(await codeOfTrial({ trust: await listed([stranger, 'credential']) })).toBe(
      'key_not_of_issuer',
    )
  })

  it('may issue only the types listed for it', async () => {
    const other = await trustWith([], { issuers: [listedIssuer({ types: [GATE_PASS] })] })
    expect(await codeOfTrial({ trust: other })).toBe('type_not_allowed')
    expect(await codeOfTrial({ demands: { types: [GATE_PASS, WARD_CERTIFICATE] } })).toBe(
      'type_not_allowed',
    )
    expect(await codeOfTrial({ demands: { types: [] } })).toBe('type_not_allowed')
    expect(await codeOfTrial({ demands: { types: [GATE_PASS, NETWORK_CERTIFICATE] } })).toBe(
      'accepted',
    )
  })

  it('must have signed while the key counted, and the key must count now', async () => {
    const withWindow = async (notBefore: Date, notAfter: Date) => {
      const key = listedKey(issuer, 'credential', { notBefore, notAfter })
      const keys = [key, listedKey(statusKey, 'status')]
      return codeOfTrial({
        trust: await trustWith([await signStatusList()], { issuers: [listedIssuer({ keys })] }),
      })
    }
    // The certificate says 08:00, which may have been 08:59:59.
    const hour = (text: string) => new Date(`2026-11-21T${text}Z`)
    expect(await withWindow(hour('08:00:00'), NOW)).toBe('accepted')
    expect(await withWindow(hour('08:59:59'), NOW)).toBe('accepted')
    expect(await withWindow(hour('09:00:00'), NOW)).toBe('key_outside_window')
    expect(await withWindow(hour('08:00:00'), at(-1))).toBe('key_outside_window')
    expect(await withWindow(at(1), at(2))).toBe('key_outside_window')
  })

  it('is refused when its key was taken back, whenever it says it signed', async () => {
    const withdrawn = async (revokedAt: Date, demands: Partial<Demands> = {}) => {
      const key = listedKey(issuer, 'credential', { notAfter: revokedAt, revokedAt })
      const keys = [key, listedKey(statusKey, 'status')]
      const trust = await trustWith([await signStatusList()], { issuers: [listedIssuer({ keys })] })
      return codeOfTrial({ trust, demands })
    }
    expect(await withdrawn(at(0))).toBe('key_revoked')
    expect(await withdrawn(at(-1))).toBe('key_revoked')
    // Taken back whole, in the very second in which it was made.
    expect(await withdrawn(at(-30 * DAY), { now: at(-30 * DAY) })).toBe('key_revoked')
    // Judged for an instant before it was stolen, what it had signed by then was good.
    expect(await withdrawn(at(1))).toBe('accepted')
  })

  it('is trusted only while the trust list counts', async () => {
    const issuedAt = at(-10 * DAY)
    const ended = async (seconds: number, freshness: Demands['freshness']) =>
      codeOfTrial({
        trust: await trustWith([await signStatusList()], { issuedAt, expiresAt: at(60) }),
        present: { issuedAt: at(seconds) },
        demands: { now: at(seconds), freshness },
      })
    expect(await ended(59, freshnessPolicies.strict)).toBe('accepted')
    expect(await ended(60, freshnessPolicies.strict)).toBe('trust_list_expired')
    expect(await ended(60, freshnessPolicies['grace-24h'])).toBe('accepted')
    expect(await ended(60 + DAY, freshnessPolicies['grace-24h'])).toBe('trust_list_expired')
  })
})

describe('the validity', () => {
  it('ends at the very second of exp', async () => {
    const oneTime = await mint({ status: null, expiresAt: new Date('2026-11-21T12:00:00Z') })
    const when = async (text: string) => {
      const now = new Date(text)
      const presentation = await present(oneTime, { issuedAt: now })
      return verifyPresentation(trust, presentation, demands({ now })).then(
        () => 'accepted',
        codeOf,
      )
    }
    expect(await when('2026-11-21T11:59:59Z')).toBe('accepted')
    expect(await when('2026-11-21T12:00:00Z')).toBe('time_expired')
    expect(await when('2026-11-21T12:00:01Z')).toBe('time_expired')
  })

  it('begins at most a minute before iat', async () => {
    const minted = { issuedAt: at(30 * 60) } // 11:00, the next full hour
    const now = (seconds: number) => ({
      mint: { ...minted, status: null },
      present: { issuedAt: at(30 * 60 + seconds) },
      demands: { now: at(30 * 60 + seconds) },
    })
    expect(await codeOfTrial(now(-60))).toBe('accepted')
    expect(await codeOfTrial(now(-61))).toBe('time_not_yet_valid')
  })
})
