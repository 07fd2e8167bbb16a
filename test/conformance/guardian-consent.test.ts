import { readFileSync } from 'node:fs'
import {
  consentsTo,
  createGuardianLink,
  guardianConsentClaims,
  type GuardianConsentRequest,
  parseGuardianLink,
  parseTransactionData,
} from '@netcert/protocol'
import { describe, expect, it } from 'vitest'

type Vectors = {
  readonly request: GuardianConsentRequest
  readonly link: string
  readonly transaction: string
  readonly claims: Record<string, unknown>
  readonly refused: readonly { readonly title: string; readonly link: string }[]
}
const file = new URL('../../docs/formats/vectors/guardian-consent.json', import.meta.url)
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors

describe('the vectors of a guardian’s consent', () => {
  it('are the links that are made, and are read', () => {
    expect(createGuardianLink(vectors.request)).toBe(vectors.link)
    expect(parseGuardianLink(vectors.link)).toEqual(vectors.request)
  })

  it('are the claims that are signed over the entry they name', () => {
    const { application, purposes } = vectors.request
    expect(guardianConsentClaims(vectors.request)).toEqual(vectors.claims)
    expect(parseTransactionData(vectors.transaction).content).toEqual({
      type: 'urn:netcert:guardian-consent:1',
      credential_ids: ['certificate'],
      application,
      purposes,
    })
    expect(consentsTo(guardianConsentClaims(vectors.request), vectors.request)).toBe(true)
  })

  it.each(vectors.refused)('refuse $title', ({ link }) => {
    expect(() => parseGuardianLink(link)).toThrow(
      expect.objectContaining({ code: 'guardian_consent_malformed' }),
    )
  })
})
