import { certificateType, NETWORK_CERTIFICATE } from '@netcert/credential'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { adultClaims } from '../trust-domain.js'
import { openTrustingWallet, type TrustingWallet } from './our-wallet.js'
import { arePeersInstalled, type PeerIssuer, peerIssuers, peersState } from './peer.js'

const { integrity } = certificateType(NETWORK_CERTIFICATE)
const HOUR = 3600
const thisHour = Math.floor(Date.now() / 1000 / HOUR) * HOUR

describe.skipIf(!arePeersInstalled).each(Object.entries(peerIssuers))(
  `issuer of %s → our wallet${peersState}`,
  (_name, load) => {
    let peer: PeerIssuer
    let ours: TrustingWallet
    beforeAll(async () => {
      peer = await (await load()).startIssuer({
        visible: { vct: NETWORK_CERTIFICATE, 'vct#integrity': integrity },
        claims: adultClaims,
        issuedAt: thisHour,
        expiresAt: thisHour + 7 * 24 * HOUR,
      })
    })
    afterAll(() => peer.close())
    beforeEach(async () => {
      ours = await openTrustingWallet(peer.did)
    })
    afterEach(() => ours.close())

    it('pre-authorized code: a batch, each copy on a key of its own', async () => {
      const { offer } = await peer.offer()
      const outcome = await ours.wallet.receiveOffer({ offer, batch: 3, consent: () => true })
      expect(outcome).toMatchObject({ kind: 'received', failed: [] })
      expect(await ours.wallet.list()).toMatchObject([{ vct: NETWORK_CERTIFICATE, copies: 3 }])
    })

    it('pre-authorized code with a transaction code; the issuer is told that it was received', async () => {
      const { offer, txCode = '' } = await peer.offer({ withTxCode: true })
      const outcome = await ours.wallet.receiveOffer({ offer, txCode, consent: () => true })
      expect(outcome).toMatchObject({ kind: 'received', failed: [] })
      if (peer.notifications !== null) expect(peer.notifications).toContain('credential_accepted')
    })

    it('asks nothing of the issuer when the person says no', async () => {
      const { offer } = await peer.offer()
      const declined = ours.wallet.receiveOffer({ offer, consent: () => false })
      await expect(declined).rejects.toThrow('declined')
      expect(await ours.wallet.list()).toEqual([])
    })

    it('refuses what an issuer signs that is on no trust list', async () => {
      const stranger = await openTrustingWallet(
        'did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169',
      )
      const { offer } = await peer.offer()
      const outcome = await stranger.wallet
        .receiveOffer({ offer, consent: () => true })
        .catch((error: unknown) => error)
      expect(outcome).not.toMatchObject({ failed: [] })
      expect(await stranger.wallet.list()).toEqual([])
      await stranger.close()
    })
  },
)
