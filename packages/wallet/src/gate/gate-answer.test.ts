import { GATE_PASS, generateSigner, NETWORK_CERTIFICATE } from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import { gateWalletGround, GATE_NONCE, refuseNetwork } from '../../../../test/gate-wallet-ground.js'
import { later } from '../../../../test/trust-domain.js'
import { didAsker } from '../../../../test/vp-verifier-ground.js'

const gate = gateWalletGround({ passes: 3 })
const left = async () => (await gate.wallet.list()).map(({ remaining }) => remaining)
const identity = {
  vct: NETWORK_CERTIFICATE,
  claims: [{ path: ['family_name'] }, { path: ['real_person'] }],
  accredited: {
    legalBasis: 'law:网络安全法第二十四条',
    credentials: [
      {
        format: 'dc+sd-jwt',
        vctValues: [NETWORK_CERTIFICATE],
        claims: [['family_name'], ['real_person']],
      },
    ],
  },
} as const

describe('answering a gate', () => {
  it('makes a code that unpacks to a presentation for it, and uses one pass up, without any socket', async () => {
    const challenge = await gate.challenge()
    const guard = refuseNetwork()
    try {
      const { code, answered, previews } = await gate.answer(challenge)
      expect(code).toBe('answered')
      expect(answered?.text).toMatch(/^NC1:[0-9A-Z $%*+\-./:]+$/)
      expect(answered).toMatchObject({ encrypted: false, clocks: null, withheld: [] })
      expect(await gate.unpack(answered?.text ?? '')).toMatchObject({ nonce: GATE_NONCE })
      expect(previews).toMatchObject([
        {
          state: 'ready',
          verifier: { host: null, accredited: { name: { 'zh-CN': '示例商店' }, status: 'good' } },
          credentials: [{ vct: GATE_PASS, kind: 'one-time', remainingAfter: 2 }],
          ...{ clocks: null, isPoster: false, encrypted: false },
        },
      ])
    } finally {
      expect(guard.attempts()).toBe(0)
      guard.restore()
    }
    expect(await left()).toEqual([2])
  })

  it('has its line in the ledger, without a receipt that nobody could give', async () => {
    await gate.answer()
    expect(await gate.wallet.ledger()).toMatchObject([
      { audience: gate.asker.clientId, claims: [['real_person']], receipt: null },
    ])
    expect(await gate.wallet.checkLedger()).toMatchObject({ kind: 'whole' })
  })

  it('says before how often this venue was shown something, and when last', async () => {
    const first = await gate.answer()
    expect(first.previews).toMatchObject([{ before: { times: 0, last: null } }])
    gate.ground.now = later(60)
    const { previews } = await gate.answer({ issuedAt: later(60) })
    expect(previews).toMatchObject([{ before: { times: 1, last: later(0) } }])
  })

  it('uses the copy up before the code is there, also when the code is never shown', async () => {
    const codes = await Promise.all([gate.answer(), gate.answer(), gate.answer()])
    const texts = codes.map(({ answered }) => answered?.text)
    expect(new Set(texts).size).toBe(3)
    expect(await left()).toEqual([0])
  })

  it('is noted on this device where its citizen refused, and not where it was only late', async () => {
    await gate.answer({}, 'ignore')
    expect(await gate.wallet.reports.refused()).toEqual([])
    await gate.answer({}, 'refuse')
    expect(await gate.wallet.reports.refused()).toMatchObject([
      { platform: { name: { 'zh-CN': '示例商店' } }, host: null, why: 'citizen' },
    ])
  })

  it.each(['refuse', 'ignore'] as const)('makes nothing when the citizen says %s', async (says) => {
    expect(await gate.answer({}, says)).toMatchObject({ code: 'consent_refused', answered: null })
    expect(await left()).toEqual([3])
    expect(await gate.wallet.ledger()).toEqual([])
  })

  it('has nothing to answer with when all passes are used, and asks no issuer', async () => {
    for (let pass = 0; pass < 3; pass += 1) await gate.answer()
    const { code, previews } = await gate.answer()
    expect([code, previews[0]?.state]).toEqual(['copies_used_up', 'unanswerable'])
  })
})

describe('a gate that asks too much', () => {
  it('gets what is registered, and the screen says what stays', async () => {
    const claims = [{ path: ['real_person'] }, { path: ['age_over_60'] }]
    const { answered, previews } = await gate.answer({ claims })
    expect(previews[0]?.withheld).toMatchObject([{ code: 'claim_uncovered' }])
    expect(answered?.shared).toMatchObject([{ disclosed: [['real_person']] }])
  })

  it('gets nothing where it may have nothing of it, and can be reported', async () => {
    const { code, previews } = await gate.answer({ claims: [{ path: ['age_over_60'] }] })
    expect([code, previews[0]?.state]).toEqual(['claim_uncovered', 'claim_uncovered'])
    expect(await left()).toEqual([3])
  })

  it('may not take several certificates into one code', async () => {
    const pass = { format: 'dc+sd-jwt', meta: { vct_values: [GATE_PASS] } }
    const credentials = [
      { ...pass, id: 'one', claims: [{ path: ['real_person'] }] },
      { ...pass, id: 'two', claims: [{ path: ['age_over_18'] }] },
    ]
    const { code } = await gate.answer({ changes: { dcql_query: { credentials } } })
    expect(code).toBe('request_invalid')
    expect(await left()).toEqual([3])
  })
})

describe('plain identity at a gate', () => {
  it('leaves only encrypted to that gate, after a yes of its own', async () => {
    await gate.ground.receiveOneTime(gate.wallet, 2)
    const { answered, previews, code } = await gate.answer({ ...identity, encrypted: true })
    expect([code, previews.map(({ state }) => state)]).toEqual([
      'answered',
      ['needs_identity_consent', 'ready'],
    ])
    const unpacked = await gate.unpack(answered?.text ?? '')
    expect(unpacked).toMatchObject({ encrypted: true, nonce: GATE_NONCE })
    expect(answered?.shared[0]?.disclosed).toContainEqual(['family_name'])
  })

  it('is refused in clear, whoever asks, before anything is used up', async () => {
    await gate.ground.receiveOneTime(gate.wallet, 2)
    const { code, previews } = await gate.answer(identity)
    expect([code, previews[0]?.state]).toEqual(['encryption_parameters', 'encryption_parameters'])
    expect(await left()).toEqual(expect.arrayContaining([2, 3]))
  })

  it('is refused where the gate wants it encrypted and gives no key', async () => {
    const changes = { response_mode: 'netcert_qr.jwt' as const, client_metadata: {} }
    expect((await gate.answer({ ...identity, changes })).code).toBe('encryption_parameters')
  })

  it('is never for a gate that nobody accredited', async () => {
    await gate.ground.receiveOneTime(gate.wallet, 2)
    const asked = { ...identity, tokens: [], encrypted: true }
    const { code, previews } = await gate.answer(asked)
    expect([code, previews[0]?.state]).toEqual(['query_unanswered', 'unanswerable'])
    expect(previews[0]?.verifier.accredited).toBe(false)
  })
})

describe('a challenge that does not hold', () => {
  it('is refused when its accreditation is forged, ended, or of another key', async () => {
    const honest = await gate.token()
    const [header, payload] = honest.split('.')
    const { jwk } = await generateSigner('ES256')
    const { now } = gate.ground
    const ended = { issuedAt: new Date(+now - 7_200_000), expiresAt: new Date(+now - 1000) }
    const tokens = {
      accreditation_signature: `${header}.${payload}.${'A'.repeat(86)}`,
      accreditation_expired: await gate.token(ended),
      accreditation_key: await gate.token({ requestJwk: jwk }),
    }
    for (const [code, token] of Object.entries(tokens)) {
      const { previews, ...outcome } = await gate.answer({ tokens: [token] })
      expect([outcome.code, previews.map(({ state }) => state)]).toEqual([code, [code]])
    }
    expect(await left()).toEqual([3])
  })

  it('is refused when it is signed by somebody else, names an address, or is no challenge', async () => {
    const relay = await didAsker()
    const foreign = { ...(await didAsker()), clientId: relay.clientId }
    expect((await gate.answer({ asker: foreign })).code).toBe('client_unproven')
    const posting = { response_uri: 'https://shop.example/response' }
    expect((await gate.answer({ changes: posting })).code).toBe('response_uri')
    expect((await gate.answer({ changes: { response_mode: 'direct_post' } })).code).toBe(
      'request_invalid',
    )
    for (const text of ['', 'openid4vp://?request=e30', 'NC1:6BF', 'NCC1:%%%', 'NCC1:'])
      expect((await gate.answer(text)).code).toBe('gate_code')
  })
})

describe('a printed challenge', () => {
  const changes = { netcert_nonce: 'self-made' as const, nonce: 'poster' }

  it('is answered with a nonce of the wallet’s own, each time another, which the code carries', async () => {
    const poster = await gate.challenge({ changes, issuedAt: new Date('2026-02-20T08:00:00Z') })
    const nonces: string[] = []
    for (let visit = 0; visit < 2; visit += 1) {
      const { answered, previews } = await gate.answer(poster)
      const unpacked = await gate.unpack(answered?.text ?? '', [])
      expect(unpacked).toMatchObject({ nonceCarried: true })
      expect(previews).toMatchObject([{ isPoster: true, clocks: null }])
      nonces.push(unpacked.nonce)
    }
    expect(new Set(nonces).size).toBe(2)
    for (const nonce of nonces) expect(nonce).toMatch(/^poster\.[\w-]{22}$/)
  })

  it('draws facts alone: no name, encrypted or not, and no number of a venue', async () => {
    await gate.ground.receiveOneTime(gate.wallet, 1)
    const asked = { ...identity, changes }
    expect((await gate.answer({ ...asked, encrypted: true })).code).toBe('request_invalid')
    const number = { vct: NETWORK_CERTIFICATE, claims: [{ path: ['platform_number'] }], changes }
    const { code, previews } = await gate.answer(number)
    expect([code, previews[0]?.state]).toEqual(['request_invalid', 'request_invalid'])
  })

  it('without the member gets the nonce that it names, and no other', async () => {
    const { answered } = await gate.answer({ changes: { nonce: 'poster' } })
    await expect(gate.unpack(answered?.text ?? '', [])).rejects.toMatchObject({
      code: 'gate_code_nonce',
    })
    const unknown = { netcert_nonce: 'anything' } as never
    expect((await gate.answer({ changes: unknown })).code).toBe('request_invalid')
  })
})
