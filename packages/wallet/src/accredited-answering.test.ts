import { generateSigner } from '@netcert/credential'
import type { ConsentDecision } from '@netcert/wallet'
import { describe, expect, it } from 'vitest'
import { accredit, PLATFORM_ID } from '../../../test/accreditation-ground.js'
import { platformWalletGround, SIGN_IN, tokenFor } from '../../../test/platform-wallet-ground.js'
import { later } from '../../../test/trust-domain.js'
import { didAsker } from '../../../test/vp-verifier-ground.js'

const ground = platformWalletGround()
const { vci } = ground
const REFUSED = [{ error: 'access_denied', state: 'state-of-this-one-request' }]
const identity = [{ path: ['family_name'] }, { path: ['real_person'] }]
const basis = {
  legalBasis: 'law:网络安全法第二十四条',
  claims: [['family_name'], ['real_person'], ['age_equal_or_over', '18']],
} as const

describe('an accredited platform', () => {
  it('is shown as its registrar names it, never as it names itself', async () => {
    const { previews } = await ground.answer({
      changes: { client_metadata: { client_name: '国家银行' } },
      claims: [{ path: ['real_person'] }],
    })
    expect(previews[0]?.verifier).toMatchObject({
      claimedName: null,
      accredited: {
        platformId: PLATFORM_ID,
        name: { 'zh-CN': '示例商店', en: 'Example shop' },
        purpose: { en: 'Sign in to an account' },
        legalBasis: 'none',
        retentionSeconds: 86_400,
        status: 'good',
      },
    })
    expect(JSON.stringify(previews)).not.toContain('国家银行')
  })

  it('gets less than it asked where it is not registered for all, with a smaller claim offered', async () => {
    const { answered, previews } = await ground.answer({
      accredited: { claims: [['real_person'], ['age_equal_or_over', '18']] },
      claims: [{ path: ['real_person'] }, { path: ['birthdate'] }],
    })
    expect(previews.at(-1)?.withheld).toMatchObject([
      { claim: { path: ['birthdate'] }, offer: { path: ['age_equal_or_over', '18'] } },
    ])
    expect(answered?.shared).toMatchObject([{ disclosed: [['real_person']] }])
    expect(answered?.withheld).toHaveLength(1)
  })

  it('asks for nothing it may have: the citizen sees why, the platform hears a plain no', async () => {
    const { code, previews } = await ground.answer({ claims: identity.slice(0, 1) })
    expect(code).toBe('claim_uncovered')
    expect(previews).toMatchObject([{ state: 'claim_uncovered', credentials: [] }])
    expect(ground.server.answers).toEqual(REFUSED)
  })

  it('may not probe for a value, nor ask for a fourth claim of three in a day', async () => {
    const probing = [{ path: ['platform_number'], values: ['P1'] }]
    expect((await ground.answer({ claims: probing })).code).toBe('values_probing')
    const few = { maxClaims: 2, claims: [['real_person'], ['age_band'], ['residence_region']] }
    const ask = (name: string) => ground.answer({ accredited: few, claims: [{ path: [name] }] })
    expect((await ask('real_person')).code).toBe('answered')
    expect((await ask('age_band')).code).toBe('answered')
    expect((await ask('real_person')).code).toBe('answered')
    expect((await ask('residence_region')).code).toBe('too_many_claims')
    vci.ground.now = later(25 * 3600)
    await vci.receive(ground.wallet, { batch: 1 })
    expect((await ask('residence_region')).code).toBe('answered')
  })
})

describe('a verifier that nobody accredited', () => {
  it('may not probe either: the citizen sees it, the verifier hears a plain no', async () => {
    const claims = [{ path: ['real_person'] }, { path: ['exp'], values: [1] }]
    const { code, previews } = await ground.answer({ tokens: [], claims })
    expect([code, previews[0]?.state]).toEqual(['values_probing', 'values_probing'])
    expect(ground.server.answers).toEqual(REFUSED)
  })

  it('gets facts whole or nothing, and its wishes beyond are named', async () => {
    const { code, previews } = await ground.answer({ tokens: [], claims: identity })
    expect([code, previews[0]?.state]).toEqual(['query_unanswered', 'unanswerable'])
    expect(previews[0]?.withheld).toMatchObject([{ code: 'unaccredited' }])
    expect(ground.server.answers).toEqual(REFUSED)
  })
})

describe('plain identity', () => {
  const ask = { accredited: basis, claims: identity }

  it('leaves only after a yes of its own, which names the article', async () => {
    const { answered, previews } = await ground.answer(ask)
    expect(previews.map(({ state }) => state)).toEqual(['needs_identity_consent', 'ready'])
    expect(previews[0]?.identity).toMatchObject([
      { path: ['family_name'], basis: 'law:网络安全法第二十四条' },
    ])
    expect(answered?.shared[0]?.disclosed).toContainEqual(['family_name'])
  })

  it('stays here after a no, and the rest is answered', async () => {
    const { answered, previews } = await ground.answer(ask, 'refuse', 'share')
    expect(previews.map(({ state }) => state)).toEqual(['needs_identity_consent', 'ready'])
    expect(answered?.shared[0]?.disclosed).toEqual([['real_person']])
    expect(ground.lastPresentation()).not.toContain('ZmFtaWx5X25hbWU')
  })

  it('and nothing else, after a no, is a plain no; ignored, nothing at all', async () => {
    const only = { accredited: basis, claims: identity.slice(0, 1) }
    expect((await ground.answer(only, 'refuse')).code).toBe('consent_refused')
    expect(ground.server.answers).toEqual(REFUSED)
    expect((await ground.answer(ask, 'ignore')).code).toBe('consent_refused')
    expect(ground.server.answers).toHaveLength(1)
  })

  it('is no more asked for by a platform that has the number, without law or consent', async () => {
    await ground.answer()
    const none = { claims: [['family_name'], ['real_person']] }
    const { answered } = await ground.answer({ accredited: none, claims: identity })
    expect(answered?.withheld).toMatchObject([{ code: 'identity_known_platform' }])
  })
})

describe('an accreditation that does not hold', () => {
  const facts = [{ path: ['real_person'] }]

  async function outcome(token: string, says: ConsentDecision = 'share') {
    return ground.answer({ tokens: [token], claims: facts }, says)
  }

  it('is a refusal with its code, never an unknown verifier', async () => {
    const honest = await tokenFor(vci, ground.asker)
    const [header, payload] = honest.split('.')
    const forged = `${header}.${payload}.${'A'.repeat(86)}`
    const ended = { issuedAt: later(-7200), expiresAt: later(-1) }
    const cases = [
      ['accreditation_signature', forged],
      ['accreditation_expired', await tokenFor(vci, ground.asker, ended)],
    ] as const
    for (const [code, token] of cases) {
      const { previews, ...rest } = await outcome(token)
      expect([rest.code, previews.length, previews[0]?.state]).toEqual([code, 1, code])
      expect(previews[0]?.credentials).toEqual([])
    }
    expect(ground.server.answers).toEqual(cases.map(() => REFUSED[0]))
    expect(await ground.wallet.ledger()).toEqual([])
  })

  it('of a registrar elsewhere, or of another form, counts for nothing: facts, after a question', async () => {
    const { signer: stranger } = await generateSigner('ES256')
    const [header] = (await tokenFor(vci, ground.asker)).split('.')
    const others = [
      await tokenFor(vci, ground.asker, { signer: stranger }),
      `${header}.e30.AAAA`,
      'no token at all',
    ]
    for (const token of others) {
      const { code, previews } = await outcome(token)
      expect(code).toBe('answered')
      expect(previews).toMatchObject([{ state: 'ready', verifier: { accredited: false } }])
    }
    const { previews } = await ground.answer({
      ...{ tokens: others, claims: [{ path: ['platform_number'] }] },
    })
    expect(previews).toMatchObject([{ state: 'unanswerable', credentials: [] }])
  })

  it("of another platform's key is refused, and shows nothing of that platform's right", async () => {
    const { jwk } = await generateSigner('ES256')
    const stolen = await accredit(vci.ground.domain, { requestJwk: jwk })
    const { code, previews } = await outcome(stolen)
    expect(code).toBe('accreditation_key')
    expect(previews).toMatchObject([{ state: 'accreditation_key', credentials: [] }])
    expect(ground.server.answers).toEqual(REFUSED)
  })

  it('that somebody else answers for is not carried over to another session', async () => {
    // The relay: an honest request of the platform, taken into a session of somebody else.
    const relay = await didAsker()
    const { code } = await ground.answer({ asker: relay, claims: facts })
    expect(code).toBe('accreditation_key')
    expect(await ground.wallet.ledger()).toEqual([])
  })

  it('tells nobody anything when the citizen looks away', async () => {
    const honest = await tokenFor(vci, ground.asker)
    const [header, payload] = honest.split('.')
    const { code } = await outcome(`${header}.${payload}.${'A'.repeat(86)}`, 'ignore')
    expect(code).toBe('accreditation_signature')
    expect(ground.server.answers).toEqual([])
  })
})

describe('a fresh presence check', () => {
  const ask = { claims: [...SIGN_IN, { path: ['presence_at'] }] }
  const at = (seconds: number) => Math.floor(later(seconds).getTime() / 1000)

  it('is asked for, waited for, and answered with the same number', async () => {
    await ground.answer()
    const number = ground.numberIn(ground.lastPresentation())
    const told = ground.server.answers.length
    const before = await ground.answer(ask)
    expect(before.code).toBe('presence_missing')
    expect(before.previews).toMatchObject([
      { state: 'needs_presence', needed: { why: 'presence' } },
    ])
    expect(ground.server.answers).toHaveLength(told)

    vci.issuer.behaviour.presenceAt = at(-60)
    const after = await ground.answer(ask)
    expect(after.previews.map(({ state }) => state)).toEqual(['needs_presence', 'ready'])
    expect(after.answered?.shared[0]?.disclosed).toContainEqual(['presence_at'])
    expect(ground.numberIn(ground.lastPresentation())).toBe(number)
    expect(JSON.stringify(vci.issuer.asked)).not.toContain('shop.example')
  })

  it('of a while ago is none: another is asked for', async () => {
    vci.issuer.behaviour.presenceAt = at(-60)
    expect((await ground.answer(ask)).code).toBe('answered')
    expect((await ground.answer(ask)).previews.map(({ state }) => state)).toEqual(['ready'])
    vci.ground.now = later(600)
    expect((await ground.answer(ask, 'refuse')).previews.map(({ state }) => state)).toEqual([
      'needs_presence',
    ])
  })
})
