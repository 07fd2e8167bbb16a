import { NETWORK_CERTIFICATE, resolveDidKey } from '@netcert/credential'
import { parseQuery } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OfferingIssuer, startOfferingIssuer } from './our-issuer.js'
import { openTrustingWallet, type TrustingWallet } from './our-wallet.js'
import { arePeersInstalled, type PeerVerifier, peersState, peerVerifiers } from './peer.js'

const clientIds = ['decentralized_identifier', 'x509_hash', 'x509_san_dns', 'redirect_uri'] as const
const modes = ['direct_post', 'direct_post.jwt'] as const
const ways = clientIds.flatMap((clientId) => modes.map((mode) => [clientId, mode] as const))
const query = parseQuery(queries['age-over-18'])

describe.skipIf(!arePeersInstalled).each(Object.entries(peerVerifiers))(
  `verifier of %s → our wallet${peersState}`,
  (_name, load) => {
    let issuer: OfferingIssuer
    let verifier: PeerVerifier
    let ours: TrustingWallet
    beforeAll(async () => {
      issuer = await startOfferingIssuer()
      const issuerJwk = resolveDidKey(issuer.did).jwk
      verifier = await (await load()).startVerifier({ issuerJwk })
      ours = await openTrustingWallet(issuer.did, verifier.anchor)
      const { offer } = await issuer.offer()
      await ours.wallet.receiveOffer({ offer, batch: 10, consent: () => true })
    })
    afterAll(async () => {
      await ours.close()
      await verifier.close()
      await issuer.close()
    })

    it.each(ways)('client %s, %s: verified by the peer, one claim disclosed', async (...way) => {
      const [clientId, mode] = way
      const request = await verifier.request({ query, clientId, mode })
      const { shared } = await ours.wallet.answerRequest({ request, consent: () => 'share' })
      expect(shared).toHaveLength(1)
      const claims = await verifier.result()
      expect(claims).toMatchObject({
        vct: NETWORK_CERTIFICATE,
        age_equal_or_over: { '18': true },
      })
      expect(Object.keys(claims)).not.toContain('family_name')
    })

    it('answers nothing when the person ignores the request', async () => {
      const way = { clientId: 'decentralized_identifier', mode: 'direct_post' } as const
      const request = await verifier.request({ query, ...way })
      const ignored = ours.wallet.answerRequest({ request, consent: () => 'ignore' })
      await expect(ignored).rejects.toMatchObject({ code: 'consent_refused' })
    })
  },
)
