import { describe, expect, it } from 'vitest'
import { assertIssuerIdentifier, appendedWellKnownUrl, wellKnownUrl } from './issuer-identifier.js'
import {
  createOfferLink,
  type CredentialOffer,
  PRE_AUTHORIZED_GRANT,
  parseCredentialOffer,
  parseOfferLink,
} from './vci-offer.js'

const offer: CredentialOffer = {
  credential_issuer: 'https://issuer.example',
  credential_configuration_ids: ['gate-pass'],
  grants: { [PRE_AUTHORIZED_GRANT]: { 'pre-authorized_code': 'code', tx_code: {} } },
}

describe('a link of an offer', () => {
  it.each(['openid-credential-offer', 'haip-vci', 'https://wallet.example/offer?lang=en'])(
    'of %s reads back',
    (start) => {
      const byValue = { kind: 'value', offer } as const
      expect(parseOfferLink(createOfferLink(byValue, start))).toEqual(byValue)
      const byReference = { kind: 'reference', uri: 'https://issuer.example/offers/1?a=b' } as const
      expect(parseOfferLink(createOfferLink(byReference, start))).toEqual(byReference)
    },
  )

  it.each([
    ['no link', 'offer'],
    ['another scheme', 'javascript:credential_offer=1'],
    ['neither value nor reference', 'openid-credential-offer://?x=1'],
    [
      'both value and reference',
      'openid-credential-offer://?credential_offer=%7B%7D&credential_offer_uri=https%3A%2F%2Fa.example',
    ],
    ['two values', 'openid-credential-offer://?credential_offer=%7B%7D&credential_offer=%7B%7D'],
    ['a reference to a file', 'openid-credential-offer://?credential_offer_uri=file%3A%2F%2F%2Fx'],
    ['an offer that is no object', 'openid-credential-offer://?credential_offer=%5B%5D'],
  ])('is refused with %s', (_what, text) => {
    expect(() => parseOfferLink(text)).toThrow(/offer|message/i)
  })
})

describe('a credential offer', () => {
  it('is read without what is not known in it', () => {
    expect(parseCredentialOffer({ ...offer, more: 1 })).toEqual(offer)
  })

  it('keeps an empty tx_code: it still means that there is one', () => {
    expect(parseCredentialOffer(offer).grants?.[PRE_AUTHORIZED_GRANT]?.tx_code).toEqual({})
  })

  it.each([
    ['no issuer', { credential_issuer: undefined }],
    ['an issuer that is no address', { credential_issuer: 'issuer' }],
    ['no configuration', { credential_configuration_ids: [] }],
    ['a configuration twice', { credential_configuration_ids: ['a', 'a'] }],
    [
      'a code that is no text',
      { grants: { [PRE_AUTHORIZED_GRANT]: { 'pre-authorized_code': 1 } } },
    ],
    [
      'a description of more than 300 characters',
      {
        grants: {
          [PRE_AUTHORIZED_GRANT]: {
            'pre-authorized_code': 'a',
            tx_code: { description: 'x'.repeat(301) },
          },
        },
      },
    ],
  ])('is refused with %s', (_what, members) => {
    expect(() => parseCredentialOffer({ ...offer, ...members })).toThrow('offer')
  })

  it('takes a code of 4,000 characters, and none of 4,001', () => {
    const coded = (length: number) => ({
      ...offer,
      grants: { [PRE_AUTHORIZED_GRANT]: { 'pre-authorized_code': 'x'.repeat(length) } },
    })
    expect(parseCredentialOffer(coded(4000))).toEqual(coded(4000))
    expect(() => parseCredentialOffer(coded(4001))).toThrow('offer')
  })

  it('takes a description of 300 characters', () => {
    const tx_code = { description: 'x'.repeat(300) }
    const grants = { [PRE_AUTHORIZED_GRANT]: { 'pre-authorized_code': 'a', tx_code } }
    expect(parseCredentialOffer({ ...offer, grants }).grants).toEqual(grants)
  })
})

describe('the name of an issuer', () => {
  it('is https, or http on this machine where that is allowed', () => {
    const assert = (text: string, allowHttpLoopback = false) =>
      assertIssuerIdentifier(text, { allowHttpLoopback })
    expect(() => assert('https://issuer.example/a')).not.toThrow()
    expect(() => assert('http://127.0.0.1:80/a', true)).not.toThrow()
    for (const text of [
      'http://127.0.0.1/a',
      'https://issuer.example?a=b',
      'https://issuer.example#a',
      'https://user@issuer.example',
      'https://issuer.example\\@evil.example',
      'issuer',
    ]) {
      expect(() => assert(text)).toThrow('https')
    }
    expect(() => assert('http://issuer.example', true)).toThrow('https')
  })

  it('leads to its metadata: inserted after the host, or appended', () => {
    const name = 'openid-credential-issuer'
    expect(wellKnownUrl('https://a.example/t/1', name)).toBe(
      'https://a.example/.well-known/openid-credential-issuer/t/1',
    )
    expect(wellKnownUrl('https://a.example', name)).toBe(
      'https://a.example/.well-known/openid-credential-issuer',
    )
    expect(appendedWellKnownUrl('https://a.example/t/1', name)).toBe(
      'https://a.example/t/1/.well-known/openid-credential-issuer',
    )
  })
})
