import { createUnsignedDcApiRequest, parseQuery } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import type { ConsentDecision, RequestPreview } from '@netcert/wallet'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { vciGround } from '../../../test/vci-wallet-ground.js'
import {
  type Asker,
  didAsker,
  linkOf,
  requestOf,
  startVerifier,
  type VerifierServer,
} from '../../../test/vp-verifier-ground.js'

const vci = vciGround()
let server: VerifierServer
let asker: Asker
beforeEach(async () => {
  server = await startVerifier()
  asker = await didAsker()
})
afterEach(() => server.close())

const over18 = parseQuery(queries['age-over-18'])

/** A wallet whose only copy was shown. */
async function emptied() {
  const wallet = await vci.open()
  await vci.receive(wallet, { batch: 1 })
  await wallet.present({ query: over18, audience: 'https://shop.example', nonce: 'n-0S6_WzA2Mj-1' })
  vci.issuer.asked.splice(0)
  return wallet
}

/** Answers, and keeps what the citizen was shown and what issuer and verifier had heard by then. */
function citizen(...says: ConsentDecision[]) {
  const seen: { preview: RequestPreview; issuerAsked: number; told: number }[] = []
  const consent = (preview: RequestPreview): ConsentDecision => {
    seen.push({
      preview,
      issuerAsked: vci.issuer.asked.length,
      told: server.answers.length,
    })
    return says[seen.length - 1] ?? 'ignore'
  }
  return { seen, consent }
}

describe('an answer for which no copy is left', () => {
  it('asks the citizen, then the issuer, then shows what leaves, and says that it refilled', async () => {
    const wallet = await emptied()
    const { seen, consent } = citizen('share', 'share')
    const request = await linkOf(asker, requestOf(server))
    const issuer = { vct: vci.issuer.behaviour.vct, issuer: vci.issuer.issuer }
    expect(await wallet.previewRequest(request)).toMatchObject({
      state: 'needs_refill',
      refills: [issuer],
      credentials: [],
    })
    expect(vci.issuer.asked).toEqual([])
    const answered = await wallet.answerRequest({ request, consent })
    expect(answered).toMatchObject({ refilled: [issuer], shared: [{ id: 'certificate' }] })
    expect(seen.map(({ preview }) => preview.state)).toEqual(['needs_refill', 'ready'])
    expect(seen[0]).toMatchObject({ issuerAsked: 0, told: 0 })
    expect(seen[1]).toMatchObject({ told: 0, preview: { refills: [] } })
    expect(server.answers).toHaveLength(1)
  })

  it('says to the citizen that it refilled, and to the page that asked nothing of it', async () => {
    const wallet = await emptied()
    const { seen, consent } = citizen('share', 'share')
    const { response_uri: _, state: __, ...asked } = requestOf(server)
    const request = createUnsignedDcApiRequest({ ...asked, response_mode: 'dc_api' })
    const origin = 'https://shop.example'
    const answered = await wallet.answerBrowser({ request, origin, consent })
    expect(answered).toMatchObject({
      refilled: [{ vct: vci.issuer.behaviour.vct, issuer: vci.issuer.issuer }],
      shared: [{ id: 'certificate' }],
    })
    expect(Object.keys(answered.answer)).toEqual(['protocol', 'data'])
    expect(Object.keys(answered.answer.data)).toEqual(['vp_token'])
    expect(seen.map(({ preview }) => preview.state)).toEqual(['needs_refill', 'ready'])
    const again = citizen('share')
    await vci.receive(wallet, { batch: 1 })
    const untouched = await wallet.answerBrowser({ request, origin, consent: again.consent })
    expect(untouched.refilled).toEqual([])
  })

  it('refills nothing while a copy is left, and says so', async () => {
    const wallet = await vci.open()
    await vci.receive(wallet, { batch: 1 })
    const { seen, consent } = citizen('share')
    const request = await linkOf(asker, requestOf(server))
    expect(await wallet.answerRequest({ request, consent })).toMatchObject({ refilled: [] })
    expect(seen).toHaveLength(1)
  })

  it.each(['refuse', 'ignore'] as const)(
    'asks no issuer when the citizen says %s',
    async (decision) => {
      const wallet = await emptied()
      const { consent } = citizen(decision)
      const request = await linkOf(asker, requestOf(server))
      await expect(wallet.answerRequest({ request, consent })).rejects.toMatchObject({
        code: 'consent_refused',
      })
      expect(vci.issuer.asked).toEqual([])
      expect(server.answers).toHaveLength(decision === 'refuse' ? 1 : 0)
    },
  )

  it('asks no issuer for what an unknown verifier would not get anyway', async () => {
    const wallet = await emptied()
    const claims = [{ path: ['network_number'] }]
    const dcql_query = { credentials: [{ ...over18.credentials[0], claims }] }
    const { seen, consent } = citizen('share')
    const request = await linkOf(asker, requestOf(server, { dcql_query }))
    await expect(wallet.answerRequest({ request, consent })).rejects.toMatchObject({
      code: 'copies_used_up',
    })
    expect(seen.map(({ preview }) => preview.state)).toEqual(['unanswerable'])
    expect(vci.issuer.asked).toEqual([])
  })

  it.each([
    [
      'cannot be reached',
      'copies_used_up',
      /netcert wallet refill/,
      (): unknown => vci.issuer.close(),
    ],
    [
      'has ended the grant',
      'copies_used_up',
      /netcert wallet receive/,
      (): unknown => {
        vci.issuer.state.accessTokens.clear()
        return vci.issuer.state.refreshTokens.clear()
      },
    ],
    [
      'puts them off',
      'copies_used_up',
      /netcert wallet refill/,
      (): unknown => (vci.issuer.behaviour.deferrals = 1),
    ],
  ])(
    'tells the verifier no, and the citizen the cure, when the issuer %s',
    async (_, code, cure, happens) => {
      const wallet = await emptied()
      await happens()
      const { seen, consent } = citizen('share')
      const request = await linkOf(asker, requestOf(server))
      await expect(wallet.answerRequest({ request, consent })).rejects.toMatchObject({
        code,
        message: expect.stringMatching(cure),
      })
      expect(seen).toHaveLength(1)
      expect(server.answers).toEqual([
        { error: 'access_denied', state: 'state-of-this-one-request' },
      ])
    },
  )

  it('without a grant names the cure', async () => {
    const wallet = await vci.open()
    await vci.ground.receiveOneTime(wallet, 1)
    const { consent } = citizen('share', 'share')
    const request = await linkOf(asker, requestOf(server))
    await wallet.answerRequest({ request, consent })
    const again = citizen('share')
    await expect(wallet.answerRequest({ request, consent: again.consent })).rejects.toMatchObject({
      code: 'copies_used_up',
      message: expect.stringMatching(/netcert wallet refill.*netcert wallet receive/),
    })
    expect(again.seen.map(({ preview }) => preview.state)).toEqual(['unanswerable'])
  })
})
