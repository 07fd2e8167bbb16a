import { createCertificateAuthority, issueLeafCertificate } from '@netcert/protocol'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  codeOf,
  codeOfTrial,
  demands,
  type KeyPair,
  issuer,
  listedIssuer,
  type MintChanges,
  mint,
  NOW,
  present,
  root,
  signStatusList,
  statusKey,
  stranger,
  trustWith,
  tryPresentation,
} from '../../../test/trust-ground.js'
import {
  type CertifiedSigner,
  certifySigner,
  createJws,
  type JsonObject,
  parseJws,
  type Signer,
  signatureAlgorithms,
  type Trust,
  verifyPresentation,
  withStatusLists,
} from './index.js'

const form = { algorithms: signatureAlgorithms, maxDepth: 32 }
const ISS = 'https://issuer.example'
const validity = {
  notBefore: new Date('2026-01-01T00:00:00Z'),
  notAfter: new Date('2027-01-01T00:00:00Z'),
}

const newKey = async (name: 'ECDSA' | 'Ed25519') => {
  const algorithm = name === 'ECDSA' ? { name, namedCurve: 'P-256' } : { name }
  const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const {
    x = '',
    y,
    d = '',
  } = await crypto.subtle.exportKey('jwk', (pair as CryptoKeyPair).privateKey)
  return y === undefined
    ? ({ kty: 'OKP', crv: 'Ed25519', x, d } as const)
    : ({ kty: 'EC', crv: 'P-256', x, y, d } as const)
}

const authorityKey = await newKey('ECDSA')
const authority = {
  key: authorityKey,
  certificate: await createCertificateAuthority({ name: 'CA', key: authorityKey, ...validity }),
}
const leafOf = ({ jwk }: Pick<KeyPair, 'jwk'>, by = authority) =>
  issueLeafCertificate({
    authority: by,
    subjectKey: jwk,
    name: 'issuer',
    dnsNames: ['issuer.example'],
    uris: [ISS],
    ...validity,
  })

const certified = async (pair: KeyPair, iss = ISS): Promise<CertifiedSigner> =>
  certifySigner(pair.signer, { iss, certificate: await leafOf(pair) })

const listed = listedIssuer({ did: ISS, mechanism: 'x5c' })
let byCertificate: CertifiedSigner
let trust: Trust

beforeAll(async () => {
  byCertificate = await certified(issuer)
  const status = await signStatusList({ signer: await certified(statusKey) })
  trust = await trustWith([status], { issuers: [listed] })
})

const minted = (changes: MintChanges) =>
  codeOfTrial({ trust, mint: { signer: byCertificate, ...changes } })

/** The usual certificate, signed again with another header. */
async function codeWithHeader(header: JsonObject, signer: Signer = issuer.signer) {
  const usual = await mint({ signer: byCertificate })
  const end = usual.indexOf('~')
  const { payload } = parseJws(usual.slice(0, end), form)
  const jwt = await createJws({ header: { typ: 'dc+sd-jwt', ...header }, payload, signer })
  const presentation = await present(jwt + usual.slice(end))
  return verifyPresentation(trust, presentation, demands()).then(() => 'accepted', codeOf)
}

describe('an issuer found by certificate', () => {
  it('is believed when the leaf in x5c certifies a listed key', async () => {
    const verified = await tryPresentation({ trust, mint: { signer: byCertificate } })
    expect(verified).toMatchObject({ issuer: ISS, freshness: { reason: 'fresh' } })
    expect(await codeWithHeader({ x5c: [byCertificate.certificate] })).toBe('accepted')
  })

  it('sends its leaf and nothing else in the header', async () => {
    const [jwt = ''] = (await mint({ signer: byCertificate })).split('~')
    const { header, payload } = parseJws(jwt, form)
    expect(header).toEqual({ alg: 'ES256', typ: 'dc+sd-jwt', x5c: [byCertificate.certificate] })
    expect(payload['iss']).toBe(ISS)
  })

  it('is not believed without x5c, nor as the did:key issuer it also could be', async () => {
    expect(await codeWithHeader({})).toBe('header_invalid')
    expect(await codeWithHeader({ kid: issuer.signer.keyId })).toBe('header_invalid')
    expect(await minted({ signer: issuer.signer })).toBe('issuer_untrusted')
    expect(await minted({ signer: await certified(issuer, 'https://other.example') })).toBe(
      'issuer_untrusted',
    )
  })

  it('is not believed when the header names its key in two ways', async () => {
    const x5c = [byCertificate.certificate]
    expect(await codeWithHeader({ x5c, kid: issuer.signer.keyId })).toBe('header_invalid')
    expect(await codeWithHeader({ x5c, jwk: { ...issuer.jwk } })).toBe('header_invalid')
    expect(await codeWithHeader({ x5c, x5u: `${ISS}/leaf` })).toBe('header_invalid')
  })

  it('is not believed with another key, whoever certified it', async () => {
    expect(await minted({ signer: await certified(stranger) })).toBe('key_not_of_issuer')
    expect(await minted({ signer: await certified(statusKey) })).toBe('key_use_not_allowed')
    const x5c = [byCertificate.certificate]
    expect(await codeWithHeader({ x5c }, stranger.signer)).toBe('bad_signature')
  })

  it('is not believed with a self-signed leaf, nor with the anchor in x5c', async () => {
    const key = await newKey('ECDSA')
    const selfSigned = await createCertificateAuthority({ name: 'self', key, ...validity })
    expect(await codeWithHeader({ x5c: [selfSigned] })).toBe('x5c_invalid')
    expect(await codeWithHeader({ x5c: [authority.certificate] })).toBe('x5c_invalid')
    const x5c = [byCertificate.certificate, authority.certificate]
    expect(await codeWithHeader({ x5c })).toBe('header_invalid')
  })

  it('is not believed with x5c of another form than one certificate', async () => {
    for (const x5c of [[], byCertificate.certificate, null, [1], {}]) {
      expect(await codeWithHeader({ x5c: x5c as never })).toBe('header_invalid')
    }
  })

  it('is not believed with a single octet of the leaf cut off, doubled or put behind it', async () => {
    const der = Buffer.from(byCertificate.certificate, 'base64')
    const codeOfDer = (bytes: Uint8Array) =>
      codeWithHeader({ x5c: [Buffer.from(bytes).toString('base64')] })
    expect(await codeOfDer(der)).toBe('accepted')
    expect(await codeOfDer(Buffer.concat([der, Buffer.from([0])]))).toBe('x5c_invalid')
    for (let at = 0; at < der.length; at += 23) {
      expect(await codeOfDer(der.subarray(0, at))).not.toBe('accepted')
      const doubled = Buffer.concat([der.subarray(0, at + 1), der.subarray(at)])
      expect(await codeOfDer(doubled)).toBe('x5c_invalid')
    }
  })

  it('is not believed with base64url, white space or missing padding in x5c', async () => {
    const { certificate } = byCertificate
    const spellings = [
      certificate.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''),
      `${certificate}\n`,
      ` ${certificate}`,
      `${certificate}====`,
      'A'.repeat(8 * 1024 + 4),
    ].filter((text) => text !== certificate)
    for (const text of spellings) expect(await codeWithHeader({ x5c: [text] })).toBe('x5c_invalid')
  })

  it('is believed with Ed25519 keys too, and by the key, not by who certified it', async () => {
    const other = await newKey('Ed25519')
    const foreign = {
      key: other,
      certificate: await createCertificateAuthority({ name: 'CA 2', key: other, ...validity }),
    }
    expect(await codeWithHeader({ x5c: [await leafOf(issuer, foreign)] })).toBe('accepted')
  })
})

describe('a status list of an issuer found by certificate', () => {
  const codeOfList = async (signer: Signer, into = trust) => {
    const { refused } = await withStatusLists(into, [await signStatusList({ signer })], NOW)
    return refused[0]?.error.code ?? 'accepted'
  }

  it('is taken in when the leaf certifies the listed status key', async () => {
    expect(await codeOfList(await certified(statusKey))).toBe('accepted')
  })

  it('is refused by key name, by another key, and by a key for certificates', async () => {
    expect(await codeOfList(statusKey.signer)).toBe('status_issuer_untrusted')
    expect(await codeOfList(await certified(stranger))).toBe('status_issuer_untrusted')
    expect(await codeOfList(await certified(issuer))).toBe('status_issuer_untrusted')
  })

  it('is refused by certificate where the issuer is found by did:key', async () => {
    const byDid = await trustWith([])
    expect(await codeOfList(await certified(statusKey), byDid)).toBe('status_issuer_untrusted')
    expect(await codeOfList(statusKey.signer, byDid)).toBe('accepted')
  })
})

describe('a certified signer', () => {
  it('is not made with the certificate of another key', async () => {
    const certificate = await leafOf(stranger)
    expect(() => certifySigner(issuer.signer, { iss: ISS, certificate })).toThrow(TypeError)
  })
})

describe('a trust list', () => {
  it('names an issuer found by certificate by its URL only', async () => {
    const named = (did: string) =>
      trustWith([], { issuers: [listedIssuer({ did, mechanism: 'x5c' })] })
    await expect(named(ISS)).resolves.toBeDefined()
    await expect(named(root.signer.did)).rejects.toMatchObject({ code: 'trust_list_malformed' })
    await expect(named('issuer.example')).rejects.toMatchObject({ code: 'trust_list_malformed' })
  })
})
