import type { PrivateJwk, PublicJwk } from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import { ProtocolError } from './errors.js'
import {
  createCertificateAuthority,
  encodePemCertificate,
  issueLeafCertificate,
  parsePemCertificates,
} from './x509-certificate.js'
import {
  authorityKeyIdsOf,
  verifyCertificateChain,
  type X509Anchors,
  x509HashOf,
} from './x509-chain.js'

const now = new Date('2026-03-01T08:00:00Z')
const valid = {
  notBefore: new Date('2026-01-01T00:00:00Z'),
  notAfter: new Date('2027-01-01T00:00:00Z'),
}

async function newKey(): Promise<{ key: PrivateJwk; jwk: PublicJwk }> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
  ])
  const { x = '', y = '', d = '' } = await crypto.subtle.exportKey('jwk', pair.privateKey)
  const jwk = { kty: 'EC', crv: 'P-256', x, y } as const
  return { key: { ...jwk, d }, jwk }
}

async function newAuthority(validity = valid) {
  const { key } = await newKey()
  const certificate = await createCertificateAuthority({ name: 'Own, small CA', key, ...validity })
  return { key, certificate }
}

const authority = await newAuthority()
const other = await newAuthority()
const { key: leafKey, jwk: leafJwk } = await newKey()
const leafOf = (changes = {}) =>
  issueLeafCertificate({
    authority,
    subjectKey: leafJwk,
    name: 'verifier',
    dnsNames: ['Shop.example'],
    uris: ['https://shop.example'],
    ...valid,
    ...changes,
  })
const anchors = { certificates: [other.certificate, authority.certificate] }

const codeOf = (x5c: unknown, options: { anchors?: X509Anchors; now?: Date } = {}) =>
  verifyCertificateChain({ x5c, anchors, now, ...options }).then(
    () => 'accepted',
    (error: unknown) => (error instanceof ProtocolError ? error.code : String(error)),
  )

describe('a certificate chain', () => {
  it('leads from its leaf to one of the anchors, which it leaves out', async () => {
    const leaf = await leafOf()
    const chain = await verifyCertificateChain({ x5c: [leaf], anchors, now })
    expect(chain).toEqual({
      leafKey: leafJwk,
      dnsNames: ['shop.example'],
      leafHash: await x509HashOf(leaf),
      anchored: true,
    })
    expect(chain.leafHash).toMatch(/^[\w-]{43}$/)
  })

  it('may be without an anchor only for whoever knows none, and says so', async () => {
    const leaf = await leafOf()
    const chain = await verifyCertificateChain({ x5c: [leaf], anchors: 'none known', now })
    expect(chain.anchored).toBe(false)
    expect(await codeOf([leaf], { anchors: { certificates: [] } })).toBe('certificate_chain')
    const foreign = { certificates: [other.certificate] }
    expect(await codeOf([leaf], { anchors: foreign })).toBe('certificate_chain')
  })

  it('is refused when its leaf is self-signed, whoever knows which anchors', async () => {
    expect(await codeOf([authority.certificate])).toBe('certificate_chain')
    const known: X509Anchors = 'none known'
    expect(await codeOf([authority.certificate], { anchors: known })).toBe('certificate_chain')
  })

  it('is refused before and after the time of any of its certificates', async () => {
    const leaf = await leafOf({ notAfter: now })
    expect(await codeOf([leaf])).toBe('accepted')
    expect(await codeOf([leaf], { now: new Date(now.getTime() + 1000) })).toBe('certificate_chain')
    const early = new Date(valid.notBefore.getTime() - 1000)
    expect(await codeOf([await leafOf()], { now: early })).toBe('certificate_chain')
    const ended = await newAuthority({ ...valid, notAfter: new Date('2026-02-01T00:00:00Z') })
    const below = await leafOf({ authority: ended })
    const itsAnchor = { certificates: [ended.certificate] }
    expect(await codeOf([below], { anchors: itsAnchor })).toBe('certificate_chain')
  })

  it('is refused when what is no authority signed a certificate', async () => {
    const leaf = await leafOf()
    const below = await leafOf({
      authority: { certificate: leaf, key: leafKey },
      subjectKey: (await newKey()).jwk,
    })
    expect(await codeOf([below, leaf])).toBe('certificate_chain')
  })

  it('is refused out of order, empty, too long, or with something that is no certificate', async () => {
    const leaf = await leafOf()
    expect(await codeOf([authority.certificate, leaf])).toBe('certificate_chain')
    expect(await codeOf([leaf, other.certificate])).toBe('certificate_chain')
    expect(await codeOf([])).toBe('certificate_chain')
    expect(await codeOf(leaf)).toBe('certificate_chain')
    expect(await codeOf(Array.from({ length: 6 }, () => leaf))).toBe('certificate_chain')
    expect(await codeOf([leaf.slice(0, 40)])).toBe('certificate_chain')
    expect(await codeOf([`-${leaf}`])).toBe('certificate_chain')
    expect(await codeOf(['A'.repeat(8 * 1024 + 1)])).toBe('certificate_chain')
  })

  it('may bring its anchor along', async () => {
    expect(await codeOf([await leafOf(), authority.certificate])).toBe('accepted')
  })

  it('names its authorities by their key identifiers', async () => {
    const [first, ...more] = await authorityKeyIdsOf([await leafOf()])
    expect(first).toMatch(/^[\w-]{27}$/)
    expect(more).toEqual([])
    expect(await authorityKeyIdsOf([await leafOf({ authority: other })])).not.toEqual([first])
  })

  it('travels as PEM', async () => {
    const pem = encodePemCertificate(authority.certificate) + encodePemCertificate(await leafOf())
    expect(parsePemCertificates(pem)[0]).toBe(authority.certificate)
    expect(parsePemCertificates(pem)).toHaveLength(2)
  })
})
