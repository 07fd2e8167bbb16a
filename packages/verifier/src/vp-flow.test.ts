import { describe, expect, it } from 'vitest'
import { openedForAll } from '../../../test/opened-for-all.js'
import { testNow } from '../../../test/trust-domain.js'
import { createVpGround, over18 } from '../../../test/vp-platform-ground.js'
import {
  answerRequest,
  postForm,
  presentFor,
  membersOf,
  readVpRequest,
} from '../../../test/vp-wallet-ground.js'

const wallet = { issuedAt: testNow }
const refusal = (code: string) => expect.objectContaining({ code })

const ground = openedForAll(() => createVpGround())

describe.each(['direct_post', 'direct_post.jwt'] as const)('a request by %s', (mode) => {
  const ask = (options = {}) =>
    ground.engine.createRequest({ query: over18, clientId: 'did', mode, ...options })

  it('is answered by a wallet and gives its result once', async () => {
    const { requestUri, session } = await ask()
    expect(await ground.engine.progress(session)).toBe('waiting')
    await expect(ground.engine.result(session, null)).rejects.toEqual(refusal('session_waiting'))
    const heard = await answerRequest(requestUri, ground.held, wallet)
    expect(heard).toEqual({ status: 200, body: {} })
    expect(await ground.engine.progress(session)).toBe('answered')
    const result = await ground.engine.result(session, null)
    expect(result).toMatchObject({
      verified: true,
      means: 'certificate',
      issuer: ground.domain.issuerDid,
      facts: { age_equal_or_over: { '18': true } },
      freshness: { verdict: 'valid' },
    })
    expect(result.freshness.asOf).toBeInstanceOf(Date)
    await expect(ground.engine.result(session, null)).rejects.toEqual(refusal('result_delivered'))
  })

  it("can be fetched twice and by POST, which repeats the wallet's nonce", async () => {
    const { requestUri } = await ask({ requestUriMethod: 'post' })
    const first = await readVpRequest(requestUri)
    const second = await readVpRequest(requestUri, { walletNonce: 'wallet-nonce-1' })
    expect(first.request.wallet_nonce).toBeUndefined()
    expect(second.request).toEqual({ ...first.request, wallet_nonce: 'wallet-nonce-1' })
    expect(first.header).toMatchObject({ typ: 'oauth-authz-req+jwt' })
  })

  it('takes one answer of 12 at once', async () => {
    const { requestUri, session } = await ask()
    const heard = await Promise.all(
      Array.from({ length: 12 }, () =>
        answerRequest(requestUri, ground.held, wallet).catch(() => null),
      ),
    )
    expect(heard.filter((one) => one?.status === 200)).toHaveLength(1)
    expect((await ground.engine.result(session, null)).verified).toBe(true)
  })

  it('releases the result of the same device only with the code that came back', async () => {
    const { requestUri, session } = await ask({ returnTo: 'https://shop.example/after' })
    const { body } = await answerRequest(requestUri, ground.held, wallet)
    const [page, code] = String(body['redirect_uri']).split('#response_code=')
    expect(page).toBe('https://shop.example/after')
    expect(code).toMatch(/^[\w-]{22}$/)
    for (const wrong of [null, '', 'A'.repeat(22)]) {
      await expect(ground.engine.result(session, wrong)).rejects.toEqual(
        refusal('response_code_wrong'),
      )
    }
    expect((await ground.engine.result(session, code ?? '')).verified).toBe(true)
  })

  it('keeps a refusal for the front end, and tells the wallet', async () => {
    const { requestUri, session } = await ask()
    const read = await readVpRequest(requestUri)
    const members = membersOf(read.request, {
      certificate: [await presentFor(read, ground.held, { ...wallet, nonce: 'another' })],
    })
    if (mode === 'direct_post.jwt') return
    const heard = await postForm(read.request.response_uri ?? '', members)
    expect(heard).toMatchObject({
      status: 422,
      body: { error: 'invalid_request', code: 'kb_nonce' },
    })
    await expect(ground.engine.result(session, null)).rejects.toEqual(refusal('kb_nonce'))
  })
})
