import { beforeAll, describe, expect, it } from 'vitest'
import {
  AUDIENCE,
  at,
  claimsOfAnAdult,
  codeOfTrial,
  demands,
  HOUR,
  holder,
  issuer,
  listedIssuer,
  mint,
  present,
  STATUS_URI,
  signStatusList,
  stranger,
  type Trial,
  trustWith,
  tryPresentation,
} from '../../../test/trust-ground.js'
import {
  certificateType,
  type Demands,
  freshnessPolicies,
  GATE_PASS,
  jwkThumbprint,
  NETWORK_CERTIFICATE,
  type Trust,
  verifyPresentation,
  WARD_CERTIFICATE,
} from './index.js'

const refusal = (code: string) => expect.objectContaining({ code })
let trust: Trust
let certificate: string

beforeAll(async () => {
  trust = await trustWith([await signStatusList()])
  certificate = await mint()
})

describe('a presentation', () => {
  it('is verified with everything a verifier needs and nothing else', async () => {
    expect(await tryPresentation()).toEqual({
      issuer: issuer.signer.did,
      vct: NETWORK_CERTIFICATE,
      claims: { age_equal_or_over: { '18': true } },
      platformNumber: null,
      issuedAt: new Date('2026-11-21T08:00:00Z'),
      expiresAt: new Date('2026-11-28T10:00:00Z'),
      holderKey: jwkThumbprint(holder.jwk),
      freshness: {
        verdict: 'valid',
        reason: 'fresh',
        asOf: at(-HOUR),
        ageSeconds: HOUR,
        showStaff: false,
      },
      role: 'self',
    })
  })

  it('gives only the claims asked for, however many were shown', async () => {
    const paths = [
      ...Object.keys(claimsOfAnAdult).map((name) => [name]),
      ['age_equal_or_over', '16'],
    ]
    const claimSets = [[{ path: ['residence_region'] }, { path: ['age_equal_or_over', '16'] }]]
    const { claims } = await tryPresentation({ present: { paths }, demands: { claimSets } })
    expect(claims).toEqual({ residence_region: 'GD', age_equal_or_over: { '16': true } })
    const none = await tryPresentation({ present: { paths }, demands: { claimSets: [[]] } })
    expect(none.claims).toEqual({})
  })

  it('satisfies the first set of claims it can', async () => {
    const claimSets = [
      [{ path: ['birthdate'] }],
      [{ path: ['age_equal_or_over', '18'] }],
      [{ path: ['age_equal_or_over'] }],
    ]
    const { claims } = await tryPresentation({ demands: { claimSets } })
    expect(claims).toEqual({ age_equal_or_over: { '18': true } })
  })

  it('is refused when it shows too little, another value, or nothing that was asked', async () => {
    const claimSet = (...claims: Demands['claimSets'][number]) => ({ claimSets: [claims] })
    const over18 = { path: ['age_equal_or_over', '18'] }
    for (const changed of [
      claimSet(over18, { path: ['real_person'] }),
      claimSet({ ...over18, values: [false] }),
      claimSet({ ...over18, values: ['true', 1] }),
      claimSet({ ...over18, values: [] }),
      claimSet({ path: ['age_equal_or_over', '18', 'x'] }),
      claimSet({ path: ['age_equal_or_over', null] }),
      claimSet({ path: ['constructor'] }),
      { claimSets: [] },
    ]) {
      expect(await codeOfTrial({ demands: changed })).toBe('query_unsatisfied')
    }
  })

  it('without a status is good for its life-time, but not for a strict door', async () => {
    const oneTime = { status: null }
    expect((await tryPresentation({ mint: oneTime })).freshness).toMatchObject({
      verdict: 'valid',
      reason: 'no_status',
    })
    const strict = { freshness: freshnessPolicies.strict }
    expect(await codeOfTrial({ mint: oneTime, demands: strict })).toBe('status_required')
    expect(await codeOfTrial({ demands: strict })).toBe('accepted')
  })
})

describe('the form', () => {
  it.each([
    ['empty text', () => '', 'malformed_serialization'],
    ['text without a tilde', (text: string) => text.replaceAll('~', ''), 'malformed_serialization'],
    ['an empty disclosure', (text: string) => text.replace('~', '~~'), 'malformed_serialization'],
    ['padding', (text: string) => text.replace('~', '=~'), 'bad_base64url'],
    ['a blank at the end', (text: string) => `${text} `, 'bad_base64url'],
    ['a byte too many', (text: string) => text + 'A'.repeat(65_536), 'too_large'],
    ['a disclosure in front', (text: string) => text.slice(text.indexOf('~') + 1), 'malformed_jws'],
    ['two signed parts', (text: string) => text.replace('~', '~a.b.c~'), 'malformed_serialization'],
  ])('is refused as %s', async (_, change, code) => {
    const presentation = change(await present(certificate))
    await expect(verifyPresentation(trust, presentation, demands())).rejects.toThrow(refusal(code))
  })
})

describe('the order of the checks', () => {
  // Each row has every fault from its own on; the first is named.
  const faults: readonly (readonly [string, Trial])[] = [
    ['issuer_untrusted', { mint: { signer: stranger.signer } }],
    ['kb_aud', { present: { audience: `${AUDIENCE}/` } }],
    ['time_expired', { mint: { expiresAt: at(-HOUR), issuedAt: at(-3 * HOUR) } }],
    ['kb_signature', { present: { signer: stranger.signer } }],
    ['status_unavailable', { mint: { status: { uri: `${STATUS_URI}9`, index: 1 } } }],
    ['query_unsatisfied', { demands: { claimSets: [[{ path: ['sex'] }]] } }],
  ]
  it.each(faults.map(([code], from) => [code, from] as const))(
    'names %s first',
    async (code, from) => {
      const trial = faults
        .slice(from)
        .map(([, fault]) => fault)
        .reduceRight<Trial>(
          (sum, fault) => ({
            mint: { ...sum.mint, ...fault.mint },
            present: { ...sum.present, ...fault.present },
            demands: { ...sum.demands, ...fault.demands },
          }),
          {},
        )
      expect(await codeOfTrial(trial)).toBe(code)
    },
  )
})

describe('a certificate of another type', () => {
  const types = [GATE_PASS, WARD_CERTIFICATE]
  const everyType = async () =>
    trustWith([await signStatusList()], { issuers: [listedIssuer({ types })] })

  it('is verified as a gate pass', async () => {
    const claims = {
      real_person: 'document',
      age_over_14: true,
      age_over_18: true,
      age_over_60: false,
    }
    const result = await tryPresentation({
      trust: await everyType(),
      mint: { type: certificateType(GATE_PASS), claims, status: null },
      present: { paths: [['age_over_18']] },
      demands: { types, claimSets: [[{ path: ['age_over_18'], values: [true] }]] },
    })
    expect(result).toMatchObject({ vct: GATE_PASS, claims: { age_over_18: true }, role: 'self' })
  })

  it('shown by a guardian says so', async () => {
    const { real_person, network_number } = claimsOfAnAdult
    const result = await tryPresentation({
      trust: await everyType(),
      mint: {
        type: certificateType(WARD_CERTIFICATE),
        claims: { rep: 'guardian', age_band: '0-13', real_person, network_number } as never,
      },
      present: { paths: [['real_person']] },
      demands: { types, claimSets: [[{ path: ['age_band'] }]] },
    })
    expect(result).toMatchObject({ role: 'guardian', claims: { age_band: '0-13' } })
  })
})
