import { describe, expect, it } from 'vitest'
import type { CertificateSummary } from '@netcert/wallet/rules'
import { heldCards } from './held-cards.js'

const held = (more: Partial<CertificateSummary> = {}): CertificateSummary => ({
  ...{ id: 'one', vct: 'urn:netcert:network-certificate:1', kind: 'one-time', ward: null },
  ...{ issuer: 'did:key:zIssuer', copies: 10, remaining: 7 },
  issuedAt: new Date('2026-01-01T00:00:00Z'),
  receivedAt: new Date('2026-01-01T00:00:00Z'),
  expiresAt: new Date('2026-02-01T00:00:00Z'),
  ...more,
})

describe('the cards of a wallet', () => {
  it('counts what is left over old and new certificates of a type, and names the newest', () => {
    const newer = held({ id: 'two', remaining: 10, expiresAt: new Date('2026-03-01T00:00:00Z') })
    expect(heldCards([newer, held()])).toMatchObject([
      { id: 'two', left: 17, copies: 20, expiresAt: newer.expiresAt, state: 'ready' },
    ])
  })

  it('keeps the cards of a child, of another type and of another issuer apart', () => {
    const others = [held({ ward: 'w' }), held({ vct: 'x' }), held({ issuer: 'did:key:zOther' })]
    expect(heldCards([held(), ...others])).toHaveLength(4)
  })

  it('counts copies of platforms by themselves: they are never used up', () => {
    const platform = held({ id: 'p', kind: 'platform', copies: 1, remaining: 1 })
    expect(heldCards([platform, held({ remaining: 0 })])).toMatchObject([
      { id: 'one', left: 0, platforms: 1, state: 'used-up' },
    ])
    expect(heldCards([platform])).toMatchObject([{ id: 'p', platforms: 1, state: 'ready' }])
  })

  it('is paused where the citizen paused, whatever is left, and says until when', () => {
    const paused = { by: 'citizen', until: new Date('2026-01-08T00:00:00Z') } as const
    const [card] = heldCards([{ ...held({ remaining: 0 }), paused }])
    expect(card).toMatchObject({ state: 'paused', paused })
    expect(heldCards([{ ...held(), paused: null }])).toMatchObject([
      { state: 'ready', paused: null },
    ])
  })

  it('is paused by a list where all copies with a status are, and not by one of them', () => {
    const platform = held({ kind: 'platform', copies: 1, remaining: 1 })
    const paused = { ...platform, paused: { by: 'list', until: null } as const }
    expect(heldCards([held(), paused])).toMatchObject([{ id: 'one', state: 'paused' }])
    expect(heldCards([held(), paused, platform])).toMatchObject([{ state: 'ready' }])
    expect(heldCards([paused])).toMatchObject([{ state: 'paused', platforms: 1 }])
  })

  it.each([
    [3, 'ready'],
    [2, 'few'],
    [1, 'few'],
    [0, 'used-up'],
  ])('with %i left it is %s', (remaining, state) => {
    expect(heldCards([held({ remaining })])).toMatchObject([{ state }])
  })
})
