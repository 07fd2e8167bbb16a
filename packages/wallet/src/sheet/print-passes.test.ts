import { GATE_PASS, NETWORK_CERTIFICATE } from '@netcert/credential'
import { parseQuery } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import type { ConsentDecision, PrintedPasses, SheetPreview } from '@netcert/wallet'
import { describe, expect, it } from 'vitest'
import { gateWalletGround, refuseNetwork } from '../../../../test/gate-wallet-ground.js'
import { later } from '../../../../test/trust-domain.js'
import { didAsker } from '../../../../test/vp-verifier-ground.js'

const gate = gateWalletGround({ passes: 4 })
const real = parseQuery(queries['gate-real-person'])
const left = async () => (await gate.wallet.list()).map(({ remaining }) => remaining)

type Wish = Partial<Parameters<typeof gate.wallet.printPasses>[0]>

async function print(wish: Wish = {}, says: ConsentDecision = 'share') {
  const previews: SheetPreview[] = []
  const consent = (preview: SheetPreview) => {
    previews.push(preview)
    return says
  }
  const venue = wish.venue ?? (await gate.challenge())
  let sheet: PrintedPasses | null = null
  try {
    sheet = await gate.wallet.printPasses({ query: null, passes: 3, consent, ...wish, venue })
    return { code: 'printed', previews, sheet }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    return { code, previews, sheet }
  }
}

describe('passes on paper', () => {
  it('are signed for one venue, each with a nonce of its own, and used up, without any socket', async () => {
    const venue = await gate.challenge({ issuedAt: later(-30 * 86_400) })
    const guard = refuseNetwork()
    const { code, previews, sheet } = await print({ venue }).finally(() => guard.restore())
    expect([code, guard.attempts()]).toEqual(['printed', 0])
    expect(previews).toMatchObject([
      { state: 'ready', passes: 3, credentials: [{ vct: GATE_PASS }] },
    ])
    expect(sheet).toMatchObject({
      venue: { 'zh-CN': '示例商店', en: 'Example shop' },
      shows: [{ en: expect.any(String) }],
      audience: gate.asker.clientId,
      remaining: 1,
      printedAt: gate.ground.now,
    })
    expect(await left()).toEqual([1])
    const nonces: string[] = []
    for (const { code: text, expiresAt } of sheet?.passes ?? []) {
      expect(expiresAt).toEqual(later(72 * 3600))
      const unpacked = await gate.unpack(text, [])
      expect(unpacked).toMatchObject({ nonceCarried: true, encrypted: false })
      nonces.push(unpacked.nonce)
    }
    expect(new Set(nonces).size).toBe(3)
    for (const nonce of nonces) expect(nonce).toMatch(/^paper\.[\w-]{22}$/)
    expect(await gate.wallet.ledger()).toMatchObject(Array(3).fill({ receipt: null }))
  })

  it('may be for a venue by its accreditation, with what its gate asks', async () => {
    const { sheet } = await print({ venue: await gate.token(), query: real, passes: 1 })
    expect(sheet?.audience).toBe(gate.asker.clientId)
    await gate.unpack(sheet?.passes[0]?.code ?? '', [])
  })

  it('are not taken by another venue', async () => {
    const { sheet } = await print({ passes: 1 })
    const { clientId } = await didAsker()
    const { unpackAnswer } = await import('@netcert/protocol/gate')
    const elsewhere = { audience: clientId, nonces: [], decryptionKeys: [] }
    const code = sheet?.passes[0]?.code ?? ''
    await expect(unpackAnswer(code, elsewhere)).rejects.toMatchObject({
      code: 'gate_code_audience',
    })
  })

  it('are not more than are left, and then none is used up', async () => {
    expect(await print({ passes: 5 })).toMatchObject({ code: 'copies_used_up', previews: [] })
    expect(await left()).toEqual([4])
    expect((await print({ passes: 9 })).code).toMatch('TypeError')
  })

  it.each(['refuse', 'ignore'] as const)('are not made when the citizen says %s', async (says) => {
    expect(await print({}, says)).toMatchObject({ code: 'consent_refused', sheet: null })
    expect(await left()).toEqual([4])
  })
})

describe('a venue for which no sheet is printed', () => {
  it('is one that nobody accredited, or whose accreditation is forged or ended', async () => {
    expect((await print({ venue: await gate.challenge({ tokens: [] }) })).code).toBe('sheet_venue')
    const [header, payload] = (await gate.token()).split('.')
    const forged = `${header}.${payload}.${'A'.repeat(86)}`
    expect((await print({ venue: forged, query: real })).code).toBe('accreditation_signature')
    const ended = await gate.token({ issuedAt: later(-7200), expiresAt: later(-1) })
    expect((await print({ venue: ended, query: real })).code).toBe('accreditation_expired')
    expect((await print({ venue: 'no token', query: real })).code).toBe('accreditation_malformed')
    expect(await left()).toEqual([4])
  })

  it('is one that asks for identity, for another certificate, or for what it is not registered for', async () => {
    await gate.ground.receiveOneTime(gate.wallet, 1)
    const certificate = { vct: NETWORK_CERTIFICATE, claims: [{ path: ['family_name'] }] }
    const named = await gate.challenge({ ...certificate, encrypted: true })
    expect((await print({ venue: named })).code).toBe('sheet_venue')
    const other = await gate.challenge({
      vct: NETWORK_CERTIFICATE,
      accredited: {
        credentials: [
          { format: 'dc+sd-jwt', vctValues: [NETWORK_CERTIFICATE], claims: [['real_person']] },
        ],
      },
    })
    expect((await print({ venue: other })).code).toBe('sheet_venue')
    const greedy = await gate.challenge({ claims: [{ path: ['age_over_60'] }] })
    expect((await print({ venue: greedy })).code).toBe('claim_uncovered')
  })

  it('is one of which it is not clear what its gate asks', async () => {
    expect((await print({ venue: await gate.token() })).code).toBe('sheet_venue')
    expect((await print({ query: real })).code).toBe('sheet_venue')
  })
})
