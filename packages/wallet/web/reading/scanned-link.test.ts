import { describe, expect, it } from 'vitest'
import { linkedPlace } from './scanned-link.js'

describe('a text that was scanned', () => {
  it.each([
    ['openid-credential-offer://?credential_offer=%7B%7D', 'receive'],
    ['https://issuer.example/?credential_offer_uri=https%3A%2F%2Fissuer.example%2Fo', 'receive'],
    ['openid4vp://?client_id=a&request_uri=b', 'present'],
    ['https://wallet.example/#/present?request=openid4vp%3A%2F%2F%3Fclient_id%3Da', 'present'],
    [' NCC1:ABC ', 'gate'],
  ])('%s leads to %s', (text, name) => {
    expect(linkedPlace(text)?.name).toBe(name)
  })

  it.each([
    'https://example.com/',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'NC1:ABC',
    'https://a.example/#/present?request=https%3A%2F%2Fb.example%2F%23%2Fpresent',
    '',
  ])('%s leads nowhere', (text) => {
    expect(linkedPlace(text)).toBeNull()
  })
})
