import type { JsonObject } from '@netcert/credential'
import { createSignedMetadata, issuerMetadataSchema } from '@netcert/protocol'
import type { OfferQuestion } from '@netcert/wallet'
import { describe, expect, it } from 'vitest'
import { createTrustDomain, later } from '../../../test/trust-domain.js'
import { root } from '../../../test/trust-ground.js'
import { issuerMetadata } from '../../../test/vci-issuer-ground.js'
import { vciGround } from '../../../test/vci-wallet-ground.js'

const refusal = (code: string) => expect.objectContaining({ code })
const vci = vciGround()
const elsewhere = 'https://elsewhere.example'

/** The issuer refused, nothing stored, no key left behind. */
async function expectRefused(code: string): Promise<void> {
  const wallet = await vci.open()
  await expect(vci.receive(wallet, { batch: 2 })).rejects.toThrow(refusal(code))
  expect(await wallet.list()).toEqual([])
  expect(await wallet.refill()).toEqual([])
  expect(await wallet.pollDeferred()).toEqual([])
}

describe('certificates of a hostile issuer', () => {
  it('for keys of somebody else are refused, and none of the others is stored', async () => {
    const stranger = await vci.open({ dir: `${vci.ground.folder}/stranger` })
    const [jwk] = await stranger.createHolderKeys(1)
    vci.issuer.behaviour.credentials = async ([first = '']) => [
      first,
      await vci.ground.domain.mint({ jwk: jwk! }),
    ]
    await expectRefused('key_foreign')
    const notified = vci.issuer.asked.find(({ path }) => path === '/tenant/notification')
    expect(JSON.parse(notified?.body ?? '')).toMatchObject({ event: 'credential_failure' })
  })

  it('for another key of this wallet than those of the request are refused', async () => {
    const wallet = await vci.open()
    const [jwk] = await wallet.createHolderKeys(1)
    const other = await vci.ground.domain.mint({ jwk: jwk! })
    vci.issuer.behaviour.credentials = () => [other]
    await expect(vci.receive(wallet)).rejects.toThrow(refusal('certificate_unasked'))
    expect(await wallet.list()).toEqual([])
  })

  it('twice for one key, of another type, of an untrusted issuer or damaged are refused', async () => {
    const { behaviour } = vci.issuer
    behaviour.credentials = ([first = '']) => [first, first]
    await expectRefused('copy_duplicate')
    const vct = 'urn:netcert:gate-pass:1'
    behaviour.credentials = (minted) => minted
    behaviour.metadata = (it) => {
      const known = it['credential_configurations_supported'] as Record<string, object>
      const certificate = { ...known['certificate'], vct }
      return { ...it, credential_configurations_supported: { certificate } }
    }
    await expectRefused('certificate_unasked')
    behaviour.metadata = (it) => it
    behaviour.credentials = ([first = '']) => [first.replace(/\.[\w-]{4}/, '.AAAA')]
    await expectRefused('bad_json')
    const stranger = await createTrustDomain()
    const trusting = await vci.open({ trust: () => stranger.trust() })
    behaviour.credentials = (minted) => minted
    await expect(vci.receive(trusting)).rejects.toThrow(refusal('issuer_untrusted'))
    expect(await trusting.list()).toEqual([])
  })

  it.each([
    'credential_request_denied',
    'unknown_credential_configuration',
    'invalid_proof',
    'something_new',
  ])('an error %s is named, and nothing else of what the issuer says', async (error) => {
    vci.issuer.behaviour.credentialError = error
    const wallet = await vci.open()
    const receiving = vci.receive(wallet)
    await expect(receiving).rejects.toThrow(refusal('issuer_refused'))
    await expect(receiving).rejects.toThrow(error)
    await expect(receiving).rejects.not.toThrow(/secret detail/)
  })
})

describe('metadata of a hostile issuer', () => {
  it.each([
    ['about another issuer', { credential_issuer: elsewhere }, 'issuer_metadata_malformed'],
    [
      'with a credential endpoint elsewhere',
      { credential_endpoint: elsewhere },
      'endpoint_foreign',
    ],
    ['with a nonce endpoint elsewhere', { nonce_endpoint: elsewhere }, 'endpoint_foreign'],
    ['without a credential endpoint', { credential_endpoint: 7 }, 'issuer_metadata_malformed'],
  ])('%s is refused before any code is used', async (_what, changes, code) => {
    vci.issuer.behaviour.metadata = (it) => ({ ...it, ...changes })
    await expectRefused(code)
    expect(vci.issuer.pathsAsked()).not.toContain('/tenant/token')
  })

  it('with its name spelled otherwise is refused: names are compared as text', async () => {
    vci.issuer.behaviour.metadata = (it) => ({ ...it, credential_issuer: `${vci.issuer.issuer}/` })
    await expectRefused('issuer_metadata_malformed')
    vci.issuer.behaviour.metadata = (it) => it
    vci.issuer.behaviour.serverMetadata = (it) => ({
      ...it,
      issuer: vci.issuer.issuer.replace('http:', 'HTTP:'),
    })
    await expectRefused('authorization_server')
  })

  it('of the authorization server about another one, or with endpoints elsewhere, is refused', async () => {
    vci.issuer.behaviour.serverMetadata = (it) => ({ ...it, issuer: elsewhere })
    await expectRefused('authorization_server')
    vci.issuer.behaviour.serverMetadata = (it) => ({ ...it, token_endpoint: `${elsewhere}/token` })
    await expectRefused('endpoint_foreign')
    expect(vci.issuer.pathsAsked()).not.toContain('/tenant/token')
  })

  it('signed is taken from an issuer of the trust list, and refused from anybody else', async () => {
    const metadata = issuerMetadataSchema.parse(issuerMetadata(vci.issuer))
    const times = { issuedAt: vci.ground.now, expiresAt: later(60, vci.ground.now) }
    const { signer } = root
    const header = { kid: signer.keyId }
    const token = await createSignedMetadata({ metadata, signer, header, ...times })
    vci.issuer.behaviour.signedMetadata = token
    await expectRefused('issuer_metadata_untrusted')
    const trust = await vci.ground.domain.trust()
    const [entry] = [...trust.issuers.values()]
    const listed = entry?.keys.find(({ use }) => use === 'credential')
    const believing = {
      ...trust,
      issuers: new Map([
        ...trust.issuers,
        ['other', { ...entry!, keys: [{ ...listed!, keyId: signer.keyId }] }],
      ]),
    }
    const wallet = await vci.open({ trust: () => believing })
    expect((await vci.receive(wallet, { batch: 1 })).failed).toEqual([])
  })
})

describe('an authorization server', () => {
  it('that the offer names and the issuer does not is refused', async () => {
    const grants = (authorization_server: string): JsonObject => ({
      'urn:ietf:params:oauth:grant-type:pre-authorized_code': {
        'pre-authorized_code': 'code',
        authorization_server,
      },
    })
    const wallet = await vci.open()
    const offer = vci.issuer.offer({ changes: { grants: grants(elsewhere) } })
    await expect(vci.receive(wallet, { offer })).rejects.toThrow(refusal('authorization_server'))
    vci.issuer.behaviour.metadata = (it) => ({ ...it, authorization_servers: [`${elsewhere}/a`] })
    await expect(vci.receive(wallet, { offer })).rejects.toThrow(refusal('authorization_server'))
    expect(vci.issuer.pathsAsked()).not.toContain('/tenant/token')
  })

  it('of several is the first that knows the grant; another host is asked about first', async () => {
    const { issuer, origin, behaviour } = vci.issuer
    behaviour.metadata = (it) => ({ ...it, authorization_servers: [`${origin}/other`, issuer] })
    const wallet = await vci.open()
    expect((await vci.receive(wallet, { batch: 1 })).failed).toEqual([])
    expect(vci.issuer.pathsAsked()).toContain('/.well-known/oauth-authorization-server/other')
    const elsewhereFirst = { authorization_servers: [elsewhere, issuer] }
    behaviour.metadata = (it) => ({ ...it, ...elsewhereFirst })
    const consent = (question: OfferQuestion) =>
      question.kind !== 'contact' || question.host !== new URL(elsewhere).host
    const receiving = wallet.receiveOffer({ offer: vci.issuer.offer(), consent })
    await expect(receiving).rejects.toThrow(refusal('offer_declined'))
  })

  it('elsewhere that cannot bind tokens to the wallet is refused', async () => {
    const { behaviour, origin } = vci.issuer
    const other = origin.replace('127.0.0.1', 'localhost')
    behaviour.metadata = (it) => ({ ...it, authorization_servers: [`${other}/tenant`] })
    behaviour.serverMetadata = ({ dpop_signing_alg_values_supported: _none, ...it }) => ({
      ...it,
      issuer: `${other}/tenant`,
      token_endpoint: `${other}/tenant/token`,
      authorization_endpoint: `${other}/tenant/authorize`,
      pushed_authorization_request_endpoint: `${other}/tenant/par`,
    })
    await expectRefused('token_unbound')
    expect(vci.issuer.pathsAsked()).not.toContain('/tenant/token')
  })

  it('that takes the binding away from a token is refused', async () => {
    vci.issuer.behaviour.tokenAnswer = (it) => ({ ...it, token_type: 'Bearer' })
    await expectRefused('token_unbound')
    expect(vci.issuer.pathsAsked()).not.toContain('/tenant/credential')
  })

  it('that grants nothing of what was asked, or answers nonsense, is refused', async () => {
    vci.issuer.behaviour.tokenAnswer = (it) => ({
      ...it,
      authorization_details: [{ type: 'openid_credential', credential_configuration_id: 'second' }],
    })
    await expectRefused('issuer_answer')
    vci.issuer.behaviour.tokenAnswer = (it) => ({ ...it, authorization_details: 'all' })
    await expectRefused('issuer_answer')
    vci.issuer.behaviour.tokenAnswer = () => ({ token_type: 'DPoP' })
    await expectRefused('issuer_answer')
  })
})

describe('an offer of a hostile issuer', () => {
  it.each([
    ['From the letter', { length: 6, description: 'From the letter' }],
    ['reversed \u202e text', { length: 6 }],
    ['two\nlines', { length: 6 }],
  ])(
    'has its hint about the code shown only if it can stand on a screen: %j',
    async (hint, shown) => {
      const wallet = await vci.open()
      const offer = new URL(vci.issuer.offer())
      const content = JSON.parse(offer.searchParams.get('credential_offer') ?? '')
      const [grant] = Object.values<Record<string, unknown>>(content.grants)
      Object.assign(grant ?? {}, { tx_code: { length: 6, description: hint } })
      offer.searchParams.set('credential_offer', JSON.stringify(content))
      const asked: OfferQuestion[] = []
      const consent = (question: OfferQuestion) => {
        asked.push(question)
        return question.kind === 'contact'
      }
      const receiving = wallet.receiveOffer({ offer: offer.href, consent })
      await expect(receiving).rejects.toThrow(refusal('offer_declined'))
      expect(asked.at(-1)).toMatchObject({ kind: 'receive' })
      expect(asked.at(-1)).toHaveProperty('transactionCode', shown)
    },
  )
})
