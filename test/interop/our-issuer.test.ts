import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parsePemCertificates } from '@netcert/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OfferingIssuer, startOfferingIssuer } from './our-issuer.js'
import { arePeersInstalled, peersState, peerWallets } from './peer.js'

const NETWORK_CERTIFICATE = 'urn:netcert:network-certificate:1'

describe.skipIf(!arePeersInstalled).each(Object.entries(peerWallets))(
  `our issuer → wallet of %s${peersState}`,
  (_name, load) => {
    let ours: OfferingIssuer
    const newWallet = async () => (await load()).createWallet()
    beforeAll(async () => {
      ours = await startOfferingIssuer()
    })
    afterAll(() => ours.close())

    it('pre-authorized code with a transaction code: ten copies on ten keys', async () => {
      const { offer, txCode } = await ours.offer({ txCode: true })
      const wallet = await newWallet()
      const received = await wallet.receive({ offer, copies: 10, txCode: txCode ?? '' })
      expect(received.map(({ vct }) => vct)).toEqual(Array(10).fill(NETWORK_CERTIFICATE))
      expect(received[0]!.claims).toMatchObject({
        age_equal_or_over: { '18': expect.any(Boolean) },
      })
    })

    it('pre-authorized code without a transaction code, offer by reference, no DPoP', async () => {
      const { offer } = await ours.offer({ by: 'reference', type: 'gate-pass' })
      const wallet = await newWallet()
      expect(await wallet.receive({ offer, copies: 1, dpop: false })).toHaveLength(1)
    })

    it('authorization code: pushed request, login, DPoP', async () => {
      const { offer } = await ours.offer({ grant: 'authorization-code' })
      const wallet = await newWallet()
      const received = await wallet.receive({ offer, copies: 2, logIn: (url) => ours.logIn(url) })
      expect(received).toHaveLength(2)
    })

    it('certificates signed by x5c, of an authority the wallet believes', async () => {
      const certified = await startOfferingIssuer({ keyMode: 'x5c' })
      const pem = await readFile(join(certified.served.dir, 'ca.pem'), 'utf8')
      const wallet = await (await load()).createWallet({ anchors: parsePemCertificates(pem) })
      const { offer } = await certified.offer()
      const [copy] = await wallet.receive({ offer, copies: 1 })
      expect(copy!.claims['iss']).toBe(certified.served.url)
      await certified.close()
    })

    it('refuses a wrong transaction code', async () => {
      const { offer, txCode } = await ours.offer({ txCode: true })
      const wrong = txCode === '000000' ? '000001' : '000000'
      const wallet = await newWallet()
      await expect(wallet.receive({ offer, copies: 1, txCode: wrong })).rejects.toThrow(
        'Unable to retrieve access token',
      )
      expect(wallet.held).toEqual([])
    })

    it('refuses an offer that was redeemed already', async () => {
      const { offer } = await ours.offer()
      await (await newWallet()).receive({ offer, copies: 1 })
      await expect((await newWallet()).receive({ offer, copies: 1 })).rejects.toThrow(
        'Unable to retrieve access token',
      )
    })
  },
)
