import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { OfferQuestion } from '@netcert/wallet'
import { describe, expect, it } from 'vitest'
import { createTrustDomain, later } from '../../../test/trust-domain.js'
import { vciGround, yes } from '../../../test/vci-wallet-ground.js'

const refusal = (code: string) => expect.objectContaining({ code })
const vci = vciGround()

describe('receiving by an offer', () => {
  it('fetches a batch with one key for each copy, and tells the issuer', async () => {
    const wallet = await vci.open()
    const outcome = await vci.receive(wallet, { batch: 3 })
    expect(outcome).toMatchObject({ deferred: [], failed: [] })
    expect(outcome.certificates).toMatchObject([
      { kind: 'one-time', copies: 3, remaining: 3, expiresAt: later(7 * 86_400) },
    ])
    const received = outcome.certificates.map((it) => ({ ...it, paused: null }))
    expect(await wallet.list()).toEqual(received)
    const notified = vci.issuer.asked.find(({ path }) => path === '/tenant/notification')
    expect(JSON.parse(notified?.body ?? '')).toMatchObject({ event: 'credential_accepted' })
  })

  it('asks for ten copies, and for no more than the issuer signs at once', async () => {
    const wallet = await vci.open()
    expect((await vci.receive(wallet)).certificates).toMatchObject([{ copies: 10 }])
    vci.issuer.behaviour.metadata = (it) => ({
      ...it,
      batch_credential_issuance: { batch_size: 4 },
    })
    expect((await vci.receive(wallet, { batch: 9 })).certificates).toMatchObject([{ copies: 4 }])
    vci.issuer.behaviour.metadata = ({ batch_credential_issuance: _none, ...it }) => it
    expect((await vci.receive(wallet, { batch: 9 })).certificates).toMatchObject([{ copies: 1 }])
  })

  it('matches copies to keys by what they are bound to, in whatever order they come', async () => {
    vci.issuer.behaviour.credentials = (minted) => minted.toReversed()
    const wallet = await vci.open()
    expect((await vci.receive(wallet, { batch: 5 })).certificates).toMatchObject([{ copies: 5 }])
  })

  it('takes fewer copies than it has keys, and forgets the others', async () => {
    vci.issuer.behaviour.credentials = (minted) => minted.slice(0, 2)
    const wallet = await vci.open()
    expect((await vci.receive(wallet, { batch: 5 })).certificates).toMatchObject([{ copies: 2 }])
  })

  it('keeps a single copy with a status for one platform', async () => {
    vci.issuer.behaviour.statusIndex = 4
    const wallet = await vci.open()
    const outcome = await vci.receive(wallet, { batch: 1 })
    expect(outcome.certificates).toMatchObject([{ kind: 'platform', copies: 1 }])
  })

  it('takes a new nonce when one is refused and keeps the token, but not without end', async () => {
    vci.issuer.behaviour.refusedNonces = 2
    const wallet = await vci.open()
    await vci.receive(wallet, { batch: 2 })
    const paths = vci.issuer.pathsAsked()
    // One more of each: the first request of each kind learns the DPoP nonce.
    expect(paths.filter((path) => path === '/tenant/token')).toHaveLength(2)
    expect(paths.filter((path) => path === '/tenant/nonce')).toHaveLength(3)
    vci.issuer.behaviour.refusedNonces = 3
    await expect(vci.receive(wallet)).rejects.toThrow(refusal('issuer_refused'))
  })

  it('uses identifiers where the token came with some', async () => {
    vci.issuer.behaviour.tokenAnswer = (it) => ({
      ...it,
      authorization_details: [
        {
          type: 'openid_credential',
          credential_configuration_id: 'certificate',
          credential_identifiers: ['dataset-1', 'dataset-2'],
        },
      ],
    })
    const wallet = await vci.open()
    expect((await vci.receive(wallet, { batch: 2 })).certificates).toHaveLength(2)
    const requests = vci.issuer.asked.filter(({ path }) => path === '/tenant/credential')
    const bodies = requests.map(({ body }) => JSON.parse(body) as Record<string, unknown>)
    expect(bodies.map((it) => it['credential_identifier'])).toEqual(['dataset-1', 'dataset-2'])
    expect(bodies.every((it) => !('credential_configuration_id' in it))).toBe(true)
  })

  it('goes without DPoP where a server of the same origin does not know it', async () => {
    vci.issuer.behaviour.serverMetadata = ({ dpop_signing_alg_values_supported: _none, ...it }) =>
      it
    const wallet = await vci.open()
    expect((await vci.receive(wallet, { batch: 2 })).failed).toEqual([])
    expect(vci.issuer.asked.every(({ headers }) => headers['dpop'] === undefined)).toBe(true)
  })

  it('does without expires_in, and says nothing about itself', async () => {
    vci.issuer.behaviour.tokenLifetime = undefined
    const wallet = await vci.open()
    await vci.receive(wallet, { batch: 1 })
    const names = new Set(vci.issuer.asked.flatMap(({ headers }) => Object.keys(headers)))
    for (const name of ['user-agent', 'cookie', 'accept-language', 'referer']) {
      expect(names).not.toContain(name)
    }
    const token = vci.issuer.asked.find(({ path }) => path === '/tenant/token')
    expect([...(token?.form.keys() ?? [])]).toEqual(['pre-authorized_code', 'grant_type'])
  })

  it('leaves no token, code or key readable on disk', async () => {
    const wallet = await vci.open()
    await vci.receive(wallet, { batch: 1 })
    vci.issuer.behaviour.deferrals = 1
    await vci.receive(wallet, { batch: 1 })
    await vci.ground.closeAll()
    const dir = join(vci.ground.folder, 'wallet')
    for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const bytes = await readFile(join(entry.parentPath, entry.name), 'latin1')
      for (const secret of [
        'access-token-',
        'refresh-token-',
        'transaction-',
        '127.0.0.1',
        '~eyJ',
      ]) {
        expect(bytes).not.toContain(secret)
      }
    }
  })
})

describe('an offer', () => {
  it('is asked about before anything is sent anywhere', async () => {
    const wallet = await vci.open()
    const { host } = new URL(vci.issuer.origin)
    const uri = `${vci.issuer.issuer}/offer`
    const byReference = `haip-vci://?credential_offer_uri=${encodeURIComponent(uri)}`
    for (const offer of [vci.issuer.offer(), byReference]) {
      const asked: OfferQuestion[] = []
      const consent = (question: OfferQuestion) => {
        asked.push(question)
        return false
      }
      await expect(wallet.receiveOffer({ offer, consent })).rejects.toThrow(
        refusal('offer_declined'),
      )
      const why = offer === byReference ? 'offer' : 'issuer'
      expect(asked).toEqual([{ kind: 'contact', host, why }])
    }
    expect(vci.issuer.asked).toEqual([])
  })

  it('is shown with what it brings and needs before its code is used', async () => {
    vci.issuer.behaviour.txCode = '123456'
    const wallet = await vci.open()
    const asked: OfferQuestion[] = []
    const consent = (question: OfferQuestion) => {
      asked.push(question)
      return question.kind === 'contact'
    }
    const offer = vci.issuer.offer()
    await expect(wallet.receiveOffer({ offer, consent })).rejects.toThrow(refusal('offer_declined'))
    expect(asked.at(-1)).toEqual({
      kind: 'receive',
      issuer: vci.issuer.issuer,
      authorizationServer: vci.issuer.issuer,
      certificates: [
        {
          configurationId: 'certificate',
          name: {
            'zh-CN': 'Certificate of the hostile ground',
            en: 'Certificate of the hostile ground',
          },
        },
      ],
      needs: 'transaction code',
      transactionCode: {},
    })
    expect(vci.issuer.pathsAsked()).not.toContain('/tenant/token')
  })

  it('with a transaction code needs it, even where nothing is said about its form', async () => {
    vci.issuer.behaviour.txCode = '123456'
    const wallet = await vci.open()
    const offer = vci.issuer.offer()
    await expect(vci.receive(wallet, { offer })).rejects.toThrow(refusal('tx_code_missing'))
    await expect(vci.receive(wallet, { offer, txCode: '000000' })).rejects.toThrow(
      refusal('grant_refused'),
    )
    expect((await vci.receive(wallet, { offer, txCode: '123456' })).failed).toEqual([])
    await expect(vci.receive(wallet, { offer, txCode: '123456' })).rejects.toThrow(
      refusal('grant_refused'),
    )
  })

  it('is refused where it is none, or brings nothing this wallet holds', async () => {
    const wallet = await vci.open()
    const cases: [string, string][] = [
      ['no link', 'offer_malformed'],
      ['openid-credential-offer://?credential_offer=%7B%7D', 'offer_malformed'],
      [vci.issuer.offer({ ids: ['iso'] }), 'offer_unsupported'],
      [vci.issuer.offer({ ids: ['constructor'] }), 'offer_unsupported'],
    ]
    for (const [offer, code] of cases) {
      await expect(wallet.receiveOffer({ offer, consent: yes })).rejects.toThrow(refusal(code))
    }
  })

  it('to a private address or by http is refused without the flag, and nothing is asked', async () => {
    const wallet = await vci.open({ allowHttpLoopback: false })
    const issuers = [
      vci.issuer.issuer,
      'http://issuer.example',
      'https://10.0.0.1',
      'https://[::1]',
    ]
    for (const credential_issuer of issuers) {
      const offer = vci.issuer.offer({ changes: { credential_issuer } })
      await expect(wallet.receiveOffer({ offer, consent: yes })).rejects.toThrow(/https/)
    }
    const uri = encodeURIComponent(`${vci.issuer.issuer}/offer`)
    const offer = `openid-credential-offer://?credential_offer_uri=${uri}`
    await expect(wallet.receiveOffer({ offer, consent: yes })).rejects.toThrow(
      refusal('fetch_blocked'),
    )
    expect(vci.issuer.asked).toEqual([])
  })

  it('spends no code where nothing could be judged', async () => {
    const stranger = await createTrustDomain()
    const options = { rootDid: stranger.rootDid, listsDir: join(vci.ground.folder, 'none') }
    const wallet = await vci.open({ ...options, trust: undefined as never })
    await expect(vci.receive(wallet)).rejects.toThrow(refusal('trust_missing'))
    expect(vci.issuer.pathsAsked()).not.toContain('/tenant/token')
  })
})
