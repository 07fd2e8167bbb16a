import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dereferenceDidKey, NETWORK_CERTIFICATE } from '@netcert/credential'
import {
  issuedResponseSchema,
  offersClaim,
  parseIssuerMetadata,
  parsePemCertificates,
  verifyCertificateChain,
  verifySignedMetadata,
} from '@netcert/protocol'
import { describe, expect, it } from 'vitest'
import {
  ISSUER,
  newHolderKeys,
  proofsOf,
  startCredentialIssuer,
} from '../../../test/credential-issuer-ground.js'
import { databasesOn } from '../../../test/database-engines.js'
import { openedForAll } from '../../../test/opened-for-all.js'
import { chooseLocales } from './vci-metadata.js'
import { wantsSigned } from './vci-public-pages.js'

describe('the metadata of the issuer', () => {
  const databases = databasesOn('sqlite')
  const test = openedForAll(() => startCredentialIssuer({ databases }))

  const inserted = '/.well-known/openid-credential-issuer/tenant'
  const appended = '/tenant/.well-known/openid-credential-issuer'
  const read = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${test.origin}${path}`, { headers })

  it('lies at the inserted and at the appended place, and nowhere else', async () => {
    const texts = await Promise.all(
      [inserted, appended].map(async (path) => (await read(path)).text()),
    )
    expect(texts[0]).toBe(texts[1])
    expect(parseIssuerMetadata(JSON.parse(texts[0]!), { issuer: ISSUER }).credential_issuer).toBe(
      ISSUER,
    )
    for (const path of ['/.well-known/openid-credential-issuer', `${inserted}/`, `${inserted}/x`]) {
      expect((await read(path)).status).toBe(404)
    }
  })

  it('says the same whatever host the request names', async () => {
    const metadata = await (await read(inserted, { 'x-forwarded-host': 'evil.example' })).text()
    expect(metadata).not.toContain('evil')
    expect(metadata).toContain(`"credential_endpoint":"${ISSUER}/credential"`)
  })

  it('describes each configuration by its type metadata', async () => {
    const metadata = parseIssuerMetadata(await (await read(inserted)).json(), { issuer: ISSUER })
    const configurations = metadata.credential_configurations_supported
    expect(Object.keys(configurations)).toEqual([
      'network-certificate',
      'network-certificate-platform',
      'gate-pass',
      'ward-certificate',
      'guardianship',
    ])
    const certificate = configurations['network-certificate']!
    expect(certificate).toMatchObject({
      format: 'dc+sd-jwt',
      vct: NETWORK_CERTIFICATE,
      scope: 'network-certificate',
      cryptographic_binding_methods_supported: ['jwk', 'did:key'],
      proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256', 'EdDSA'] } },
    })
    const { display, claims } = certificate.credential_metadata!
    expect(display?.map(({ locale }) => locale)).toEqual(['zh-CN', 'en'])
    const age = claims?.find(({ path }) => path.join('.') === 'age_equal_or_over.18')
    expect(age?.display?.map(({ name }) => name)).toHaveLength(2)
    expect(claims?.some(({ path }) => path[0] === 'iss' || path[0] === 'cnf')).toBe(false)
    for (const id of ['network-certificate-platform', 'ward-certificate', 'guardianship']) {
      expect(offersClaim(metadata, id, 'platform_number')).toBe(true)
    }
    expect(offersClaim(metadata, 'ward-certificate', 'presence_at')).toBe(false)
    for (const id of ['network-certificate', 'gate-pass', 'unknown', '__proto__']) {
      expect(offersClaim(metadata, id, 'platform_number')).toBe(false)
    }
    expect(metadata.batch_credential_issuance).toEqual({ batch_size: 10 })
    expect(JSON.stringify(metadata)).not.toContain('"d":')
  })

  it('comes in the language a reader asks for, in all where it is none of ours', async () => {
    const languages = async (asked: string) => {
      const response = await read(inserted, { 'accept-language': asked })
      const metadata = parseIssuerMetadata(await response.json(), { issuer: ISSUER })
      const locales = metadata.display?.map(({ locale }) => locale)
      expect(response.headers.get('content-language')).toBe(locales?.join(', '))
      return locales
    }
    expect(await languages('en-GB,en;q=0.8')).toEqual(['en'])
    expect(await languages('zh-Hans-CN')).toEqual(['zh-CN'])
    expect(await languages('fr')).toEqual(['zh-CN', 'en'])
    expect(chooseLocales('en;q=0, zh')).toEqual(['zh-CN'])
    expect(chooseLocales(undefined)).toEqual(['zh-CN', 'en'])
  })

  it('is signed for those who ask for that', async () => {
    const response = await read(inserted, { accept: 'application/jwt' })
    expect(response.headers.get('content-type')).toBe('application/jwt')
    const token = await response.text()
    const options = {
      issuer: ISSUER,
      now: test.now,
      issuerKey: (header: object) => dereferenceDidKey((header as { kid: unknown }).kid),
    }
    const metadata = await verifySignedMetadata(token, options)
    expect(metadata.credential_issuer).toBe(ISSUER)
    await expect(
      verifySignedMetadata(token, { ...options, issuer: 'https://other.example' }),
    ).rejects.toMatchObject({ code: 'issuer_metadata_untrusted' })
    await expect(
      verifySignedMetadata(token, { ...options, issuerKey: () => undefined }),
    ).rejects.toMatchObject({ code: 'issuer_metadata_untrusted' })
    const late = new Date(test.now.getTime() + 2 * 86_400_000)
    await expect(verifySignedMetadata(token, { ...options, now: late })).rejects.toMatchObject({
      code: 'issuer_metadata_untrusted',
    })
  })

  it('is plain for everybody else', () => {
    expect(wantsSigned(undefined)).toBe(false)
    expect(wantsSigned('*/*')).toBe(false)
    expect(wantsSigned('application/json, application/jwt')).toBe(false)
    expect(wantsSigned('application/jwt;q=0.9, application/json')).toBe(false)
    expect(wantsSigned('application/jwt, application/json;q=0.5')).toBe(true)
  })

  it('shows a logo of its own, as SVG and PNG', async () => {
    const png = await read('/tenant/logo.png')
    expect(png.headers.get('content-type')).toBe('image/png')
    expect(new Uint8Array(await png.arrayBuffer()).slice(1, 4)).toEqual(
      new TextEncoder().encode('PNG'),
    )
    const svg = await read('/tenant/logo.svg')
    expect(svg.headers.get('content-security-policy')).toContain('sandbox')
    expect(await svg.text()).toContain('</svg>')
  })
})

describe('an issuer that is found by certificate', () => {
  const databases = databasesOn('sqlite')

  it('signs metadata and certificates with the leaf in x5c, and without its authority', async () => {
    const test = await startCredentialIssuer({ databases, keyMode: 'x5c' })
    const headerOf = (jwt: string) => JSON.parse(atob(jwt.split('.')[0]!)) as { x5c: string[] }
    const response = await fetch(`${test.origin}/.well-known/openid-credential-issuer/tenant`, {
      headers: { accept: 'application/jwt' },
    })
    const token = await response.text()
    const { x5c } = headerOf(token)
    expect(x5c).toHaveLength(1)
    const anchors = parsePemCertificates(await readFile(join(test.dir, 'ca.pem'), 'utf8'))
    const issuerKey = async (header: { readonly x5c?: unknown }) => {
      const chain = { x5c: header.x5c, anchors: { certificates: anchors }, now: test.now }
      return (await verifyCertificateChain(chain)).leafKey
    }
    const verified = await verifySignedMetadata(token, { issuer: ISSUER, now: test.now, issuerKey })
    expect(verified.credential_issuer).toBe(ISSUER)
    const jwt = await proofsOf(await newHolderKeys(1), {
      nonce: await test.nonce(),
      now: test.now,
    })
    const body = { credential_configuration_id: 'gate-pass', proofs: { jwt } }
    const issued = await test.post('/credential', { token: test.grant({}), body })
    const { credentials } = issuedResponseSchema.parse(await issued.json())
    expect(headerOf(credentials[0]!.credential).x5c).toEqual(x5c)
    await test.close()
  })
})

describe('nonces', () => {
  const databases = databasesOn('sqlite')

  it('are unpredictable, never cached, and one for each request', async () => {
    const test = await startCredentialIssuer({ databases })
    const response = await test.post('/nonce', {})
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    const nonces = await Promise.all(Array.from({ length: 50 }, () => test.nonce()))
    expect(new Set(nonces).size).toBe(50)
    await test.close()
  })
})
