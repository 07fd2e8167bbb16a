import { encodeTextBase64Url } from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import {
  createRecoveryLink,
  parseRecoveryLink,
  type RecoveryRequest,
  recoveryClaims,
  saysYesTo,
} from './recovery.js'

const request: RecoveryRequest = {
  kind: 'confirmation',
  issuer: 'https://issuer.example',
  nonce: 'n'.repeat(32),
  subject: 'f_0123456789',
}
const linkOf = (content: unknown) =>
  `netcert-recovery:${encodeTextBase64Url(JSON.stringify(content))}`

describe('a request to a recovery contact', () => {
  it('is a link that is read as it was made', () => {
    expect(parseRecoveryLink(` ${createRecoveryLink(request)}\n`)).toEqual(request)
  })

  it.each([
    ['another scheme', 'netcert-guardian:e30'],
    ['no base64url', 'netcert-recovery:{}'],
    ['no object', linkOf([])],
    ['a member too many', linkOf({ ...request, name: 'x' })],
    ['a member missing', linkOf({ ...request, nonce: undefined })],
    ['another kind', linkOf({ ...request, kind: 'consent' })],
    ['a subject that is none', linkOf({ ...request, subject: 'https://a.example' })],
    ['too long', linkOf({ ...request, issuer: 'h'.repeat(4000) })],
  ])('is refused with %s', (_what, link) => {
    expect(() => parseRecoveryLink(link)).toThrow(
      expect.objectContaining({ code: 'recovery_malformed' }),
    )
  })

  it('is said yes to by a signature over exactly it', () => {
    const claims = recoveryClaims(request)
    expect(claims['netcert_purpose']).toBe('recovery-confirmation')
    expect(saysYesTo({ ...claims, nonce: 'x' }, request)).toBe(true)
    for (const other of [
      recoveryClaims({ ...request, subject: 'f_9' }),
      recoveryClaims({ ...request, kind: 'contact' }),
      { netcert_purpose: claims['netcert_purpose'] },
      { ...claims, transaction_data_hashes: [] },
    ]) {
      expect(saysYesTo(other as typeof claims, request)).toBe(false)
    }
  })
})
