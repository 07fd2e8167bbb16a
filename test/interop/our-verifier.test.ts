import type { Trust } from '@netcert/credential'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OfferingIssuer, startOfferingIssuer } from './our-issuer.js'
import { type AskingVerifier, startAskingVerifier } from './our-verifier.js'
import { trustIn } from './our-wallet.js'
import { arePeersInstalled, type PeerWallet, peersState, peerWallets } from './peer.js'

const clientIds = ['did', 'x509_hash', 'x509_san_dns', 'redirect_uri'] as const
const modes = ['direct_post', 'direct_post.jwt'] as const
const ways = clientIds.flatMap((clientId) => modes.map((mode) => [clientId, mode] as const))

describe.skipIf(!arePeersInstalled).each(Object.entries(peerWallets))(
  `our verifier → wallet of %s${peersState}`,
  (_name, load) => {
    let issuer: OfferingIssuer
    let verifier: AskingVerifier
    let wallet: PeerWallet
    let trust: Trust | undefined
    beforeAll(async () => {
      issuer = await startOfferingIssuer()
      verifier = await startAskingVerifier(() => trust!)
      wallet = await (await load()).createWallet({ anchors: [verifier.anchor] })
      const { offer } = await issuer.offer()
      const [copy] = await wallet.receive({ offer, copies: 1 })
      trust = await trustIn(String(copy!.claims['iss']))
    })
    afterAll(async () => {
      await wallet.close?.()
      await verifier.close()
      await issuer.close()
    })

    it.each(ways)('client %s, %s: verified, and nothing else disclosed', async (clientId, mode) => {
      const { query, engine } = verifier
      const { requestUri, session } = await engine.createRequest({ query, clientId, mode })
      const { status } = await wallet.answer(requestUri)
      expect(status).toBe(200)
      const result = await engine.result(session, null)
      expect(result.verified).toBe(true)
      expect(result.facts).toEqual({ age_equal_or_over: { '18': true } })
    })

    it('request_uri by POST, with a nonce of the wallet', async () => {
      const { query, engine } = verifier
      const { requestUri, session } = await engine.createRequest({
        ...{ query, clientId: 'did', mode: 'direct_post' },
        requestUriMethod: 'post',
      })
      expect((await wallet.answer(requestUri)).status).toBe(200)
      expect((await engine.result(session, null)).verified).toBe(true)
    })

    it('leads the wallet back with a response code, and takes an answer once', async () => {
      const { query, engine } = verifier
      const { requestUri, session } = await engine.createRequest({
        ...{ query, clientId: 'did', mode: 'direct_post' },
        returnTo: 'https://shop.example/after',
      })
      const { body } = await wallet.answer(requestUri)
      const code = new URL(String(body?.['redirect_uri'])).hash.replace('#response_code=', '')
      expect((await engine.result(session, code)).verified).toBe(true)
      await expect(wallet.answer(requestUri)).rejects.toThrow(/./)
    })
  },
)
