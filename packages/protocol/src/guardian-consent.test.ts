import { encodeTextBase64Url } from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import {
  consentsTo,
  createGuardianLink,
  guardianConsentClaims,
  type GuardianConsentRequest,
  parseGuardianLink,
} from './guardian-consent.js'

const REQUEST: GuardianConsentRequest = {
  issuer: 'https://issuer.example/tenant',
  nonce: 'n'.repeat(22),
  application: 'f_0123456789abcdefghjkmnpqrs',
  purposes: 'A'.repeat(43),
}

describe('a request to a guardian', () => {
  it('survives the way as a link, with space around it', () => {
    expect(parseGuardianLink(` ${createGuardianLink(REQUEST)}\n`)).toEqual(REQUEST)
  })

  const linkOf = (content: unknown) =>
    `netcert-guardian:${encodeTextBase64Url(JSON.stringify(content))}`
  it.each([
    ['another scheme', createGuardianLink(REQUEST).replace('netcert', 'https')],
    ['no JSON', 'netcert-guardian:AAAA'],
    ['a member nobody knows', linkOf({ ...REQUEST, name: '于' })],
    ['a member missing', linkOf({ ...REQUEST, purposes: undefined })],
    ['an application that is none', linkOf({ ...REQUEST, application: 'p_1' })],
    ['a nonce that can be guessed', linkOf({ ...REQUEST, nonce: 'n' })],
    ['more than fits', `${createGuardianLink(REQUEST)}${'A'.repeat(5000)}`],
  ])('is refused with %s', (_what, link) => {
    expect(() => parseGuardianLink(link)).toThrow('no request to a guardian')
  })
})

describe('the consent of a guardian', () => {
  it('is to one application and its purposes', () => {
    expect(consentsTo(guardianConsentClaims(REQUEST), REQUEST)).toBe(true)
  })

  it.each([
    ['another application', { ...REQUEST, application: 'f_other' }],
    ['other purposes', { ...REQUEST, purposes: 'B'.repeat(43) }],
  ])('is not to %s', (_what, other) => {
    expect(consentsTo(guardianConsentClaims(other), REQUEST)).toBe(false)
  })

  it('is nothing without its purpose or its transaction', () => {
    const { netcert_purpose: purpose, ...hashes } = guardianConsentClaims(REQUEST)
    expect(consentsTo(hashes, REQUEST)).toBe(false)
    expect(consentsTo({ netcert_purpose: purpose ?? '' }, REQUEST)).toBe(false)
    expect(consentsTo({ ...hashes, netcert_purpose: 'recovery-contact' }, REQUEST)).toBe(false)
  })
})
