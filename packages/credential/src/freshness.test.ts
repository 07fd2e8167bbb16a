import { freshnessPolicies as presets, jsonSchemas } from '@netcert/schemas'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import {
  type DecideFreshnessOptions,
  decideFreshness,
  freshnessPolicies,
  parseFreshnessPolicy,
  type StatusEvidence,
} from './freshness.js'

const HOUR = 3_600
const now = 1_800_000_000
const evidence = (changes: Partial<StatusEvidence> = {}): StatusEvidence => ({
  status: 0,
  issuedAt: now - HOUR,
  expiresAt: now + 6 * 24 * HOUR,
  ttlSeconds: 12 * HOUR,
  ...changes,
})
/** By default an old certificate with an hour-old list, so that the list is the newer evidence. */
const decide = (changes: Partial<DecideFreshnessOptions> = {}) =>
  decideFreshness({
    policy: freshnessPolicies['grace-24h'],
    now,
    timeFloor: now - HOUR,
    issuedAt: now - 20 * 24 * HOUR,
    expiresAt: now + 10 * 24 * HOUR,
    evidence: evidence(),
    ...changes,
  })
const brief = (changes: Partial<DecideFreshnessOptions>) => {
  const { verdict, reason } = decide(changes)
  return `${verdict}: ${reason}`
}
const listOfAge = (ageSeconds: number) => evidence({ issuedAt: now - ageSeconds })

describe('the verdict', () => {
  it('is valid with age and as-of time while the list is fresh', () => {
    expect(decide()).toEqual({
      verdict: 'valid',
      reason: 'fresh',
      asOf: new Date((now - HOUR) * 1000),
      ageSeconds: HOUR,
      showStaff: false,
    })
  })

  it.each([
    ['strict', 12 * HOUR - 1, 'valid: fresh'],
    ['strict', 12 * HOUR, 'valid: fresh'],
    ['strict', 12 * HOUR + 1, 'unknown: status_list_stale'],
    ['grace-24h', 12 * HOUR, 'valid: fresh'],
    ['grace-24h', 12 * HOUR + 1, 'valid_stale: within_grace'],
    ['grace-24h', 36 * HOUR - 1, 'valid_stale: within_grace'],
    ['grace-24h', 36 * HOUR, 'valid_stale: within_grace'],
    ['grace-24h', 36 * HOUR + 1, 'unknown: status_list_stale'],
    ['flag-72h', 84 * HOUR, 'valid_stale: within_grace'],
    ['flag-72h', 84 * HOUR + 1, 'unknown: status_list_stale'],
  ] as const)('under %s with a list of %i seconds is %s', (name, age, expected) => {
    const changes = { policy: freshnessPolicies[name], evidence: listOfAge(age) }
    expect(brief(changes)).toBe(expected)
  })

  it('asks for staff only within the grace of a policy that flags', () => {
    const stale = listOfAge(20 * HOUR)
    expect(decide({ policy: freshnessPolicies['flag-72h'], evidence: stale }).showStaff).toBe(true)
    expect(decide({ policy: freshnessPolicies['grace-24h'], evidence: stale }).showStaff).toBe(
      false,
    )
    expect(decide({ policy: freshnessPolicies['flag-72h'] }).showStaff).toBe(false)
  })

  it('is revoked by a set bit, however old the list and whatever the clock', () => {
    for (const age of [0, 12 * HOUR + 1, 36 * HOUR + 1, 6 * 24 * HOUR]) {
      expect(brief({ evidence: { ...listOfAge(age), status: 1 } })).toBe('revoked: revoked')
    }
    const ended = evidence({ status: 1, expiresAt: now - 1 })
    expect(brief({ evidence: ended })).toBe('revoked: revoked')
    expect(brief({ evidence: evidence({ status: 1 }), timeFloor: now + 1 })).toBe(
      'revoked: revoked',
    )
  })

  it('is suspended while the list counts, and unknown when it no longer does', () => {
    expect(brief({ evidence: evidence({ status: 2 }) })).toBe('suspended: suspended')
    expect(brief({ evidence: { ...listOfAge(5 * 24 * HOUR), status: 2 } })).toBe(
      'suspended: suspended',
    )
    expect(brief({ evidence: evidence({ status: 2, expiresAt: now }) })).toBe(
      'unknown: status_list_expired',
    )
  })

  it.each([3, 12, 255])('is unknown for the status value %i', (status) => {
    expect(brief({ evidence: evidence({ status }) })).toBe('unknown: status_not_understood')
  })

  it('is expired from the very second of exp on, whatever the list says', () => {
    expect(brief({ expiresAt: now + 1 })).toBe('valid: fresh')
    expect(brief({ expiresAt: now })).toBe('expired: certificate_expired')
    expect(brief({ expiresAt: now - 1, evidence: evidence({ status: 1 }) })).toBe(
      'expired: certificate_expired',
    )
  })

  it('is unknown from the very second on at which the list ends', () => {
    const old = { issuedAt: now - HOUR }
    expect(brief({ evidence: evidence({ ...old, expiresAt: now + 1 }) })).toBe('valid: fresh')
    expect(brief({ evidence: evidence({ ...old, expiresAt: now }) })).toBe(
      'unknown: status_list_expired',
    )
    // Not even for a certificate newer than the list.
    expect(brief({ issuedAt: now - 60, evidence: evidence({ expiresAt: now - 1 }) })).toBe(
      'unknown: status_list_expired',
    )
  })

  it('takes the certificate’s own iat as evidence when it was born after the list', () => {
    const born = { issuedAt: now - 2 * HOUR, evidence: listOfAge(5 * 24 * HOUR) }
    expect(decide(born)).toMatchObject({
      verdict: 'valid',
      asOf: new Date((now - 2 * HOUR) * 1000),
      ageSeconds: 2 * HOUR,
    })
    expect(brief({ ...born, issuedAt: now - 12 * HOUR - 1 })).toBe('valid_stale: within_grace')
    expect(brief({ ...born, issuedAt: now - 36 * HOUR - 1 })).toBe('unknown: status_list_stale')
    expect(brief({ ...born, evidence: { ...born.evidence, status: 1 } })).toBe('revoked: revoked')
  })

  it('is unknown with a clock behind the newest list, for certificates without status too', () => {
    expect(brief({ timeFloor: now })).toBe('valid: fresh')
    expect(brief({ timeFloor: now + 1 })).toBe('unknown: clock_behind')
    expect(brief({ timeFloor: now + 1, evidence: 'none' })).toBe('unknown: clock_behind')
    expect(brief({ timeFloor: now + 1, evidence: 'missing' })).toBe('unknown: clock_behind')
  })

  it('is unknown without the list, however new the certificate', () => {
    expect(brief({ evidence: 'missing' })).toBe('unknown: status_list_missing')
    expect(brief({ evidence: 'missing', issuedAt: now })).toBe('unknown: status_list_missing')
  })

  it('of a certificate without status is bounded by its life-time, and unknown under strict', () => {
    expect(brief({ evidence: 'none' })).toBe('valid: no_status')
    expect(brief({ evidence: 'none', expiresAt: now })).toBe('expired: certificate_expired')
    expect(brief({ evidence: 'none', policy: freshnessPolicies.strict })).toBe(
      'unknown: status_required',
    )
  })

  it('never has a negative age', () => {
    const future = evidence({ issuedAt: now + 30 })
    expect(decide({ evidence: future, timeFloor: now + 30 }).ageSeconds).toBe(0)
  })
})

describe('a freshness policy', () => {
  const [preset] = presets
  const validate = new Ajv2020().compile(jsonSchemas['freshness-policy'] ?? {})

  it('of the presets follows the schema and is read', () => {
    for (const policy of presets) {
      expect(validate(policy)).toBe(true)
      expect(parseFreshnessPolicy(policy).name).toBe(policy.name)
    }
    expect(Object.keys(freshnessPolicies)).toEqual(presets.map(({ name }) => name))
  })

  it('grants a grace of seven days at most', () => {
    for (const member of ['grace_seconds', 'trust_list_grace_seconds']) {
      expect(() => parseFreshnessPolicy({ ...preset, [member]: 604_800 })).not.toThrow()
      expect(() => parseFreshnessPolicy({ ...preset, [member]: 604_801 })).toThrow(TypeError)
    }
  })

  it.each([
    ['nothing', null],
    ['a text', 'strict'],
    ['a missing member', { ...preset, name: undefined }],
    ['an unknown member', { ...preset, skip_status: true }],
    ['a name with a blank', { ...preset, name: 'my door' }],
    ['a negative grace', { ...preset, grace_seconds: -1 }],
    ['a fraction', { ...preset, grace_seconds: 0.5 }],
    ['another outcome', { ...preset, stale: 'ignore' }],
    ['a yes in words', { ...preset, status_required: 'yes' }],
  ])('is refused as %s, by the schema too', (_, policy) => {
    expect(() => parseFreshnessPolicy(policy)).toThrow(TypeError)
    expect(validate(JSON.parse(JSON.stringify(policy)))).toBe(false)
  })
})
