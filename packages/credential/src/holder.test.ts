import { importVerifyingKey } from '@netcert/credential/crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { certificateType, NETWORK_CERTIFICATE } from './certificate-types.js'
import type { ClaimPath } from './claim-path.js'
import { createPresentation, inspectCredential } from './holder.js'
import {
  CredentialError,
  createCredential,
  createJws,
  credentialLimits,
  generateSigner,
  joinSdJwt,
  type JsonValue,
  parseDisclosure,
  type SdJwtPolicy,
  splitSdJwt,
  verifySdJwt,
} from './index.js'

const ISSUED = new Date('2027-01-15T08:31:22Z')
const NOW = ISSUED.getTime() / 1000
const AUDIENCE = 'x509_hash:tickets'
const NONCE = 'n-0S6_WzA2Mj'

const issuer = await generateSigner('ES256')
const holder = await generateSigner('ES256')
const issuerKey = await importVerifyingKey(issuer.jwk)
const credential = await createCredential({
  type: certificateType(NETWORK_CERTIFICATE),
  signer: issuer.signer,
  holderJwk: holder.jwk,
  claims: {
    network_number: 'AAAAABBBBBCCCCCDDDDD12',
    real_person: 'document+face',
    age_equal_or_over: { '14': true, '16': true, '18': true, '60': false, '65': false },
    platform_number: { b: 'blinded', e: 'evaluated' },
    residence_region: '110000',
    family_name: '王',
  },
  issuedAt: ISSUED,
  expiresAt: new Date('2027-02-14T09:59:59Z'),
  status: { uri: 'https://status.example/lists/1', index: 77 },
})

const policy: SdJwtPolicy = {
  now: NOW,
  clockSkewSeconds: 0,
  algorithms: ['ES256'],
  hashAlgorithms: ['sha-256'],
  typ: 'dc+sd-jwt',
  issuerKeys: () => [issuerKey],
  requiredClaims: ['iss', 'vct', 'exp'],
  rejectFutureIat: true,
  audience: null,
  keyBinding: {
    mode: 'required',
    audience: AUDIENCE,
    nonce: NONCE,
    maxAgeSeconds: 60,
    maxFutureSeconds: 30,
  },
  allowDidKeyConfirmation: false,
  limits: credentialLimits,
}

const present = (paths: readonly ClaimPath[]) =>
  createPresentation({
    credential,
    paths,
    signer: holder.signer,
    audience: AUDIENCE,
    nonce: NONCE,
    issuedAt: ISSUED,
  })

async function codeOf(run: () => unknown): Promise<string> {
  try {
    await run()
  } catch (error) {
    if (error instanceof CredentialError) return error.code
    throw error
  }
  return 'accepted'
}

describe('inspectCredential', () => {
  it('shows the holder everything', async () => {
    const held = await inspectCredential(credential)
    expect(held.issuer).toBe(issuer.signer.did)
    expect(held.vct).toBe(NETWORK_CERTIFICATE)
    expect(held.issuedAt).toEqual(new Date('2027-01-15T08:00:00Z'))
    expect(held.expiresAt).toEqual(new Date('2027-02-14T09:00:00Z'))
    expect(held.holderJwk).toEqual(holder.jwk)
    expect(held.status).toEqual({ uri: 'https://status.example/lists/1', index: 77 })
    const paths = held.claims.map(({ path }) => path.join('/'))
    expect(paths).toContain('age_equal_or_over/18')
    expect(paths).not.toContain('cnf')
    expect(held.claims.find(({ path }) => path[0] === 'family_name')?.value).toBe('王')
  })

  it('keeps an index that is plain JSON and names each Disclosure by its path', async () => {
    const { jwt, hashAlg, disclosures } = await inspectCredential(credential)
    const index = { jwt, hashAlg, disclosures }
    expect(JSON.parse(JSON.stringify(index))).toEqual(index)
    for (const { path, encoded } of disclosures) {
      expect(parseDisclosure(encoded, { maxDepth: 32 }).name).toBe(path.at(-1))
    }
  })

  it.each([
    ['a presentation', () => present([]), 'kb_unexpected'],
    [
      'a Disclosure that was not issued',
      async () => `${credential}WyJzIiwiYSIsMV0~`,
      'disclosure_unreferenced',
    ],
    ['no certificate at all', async () => 'a.b.c~', 'bad_base64url'],
  ])('refuses %s', async (_name, make, code) => {
    const text = await make()
    expect(await codeOf(() => inspectCredential(text))).toBe(code)
  })

  it('refuses an SD-JWT that is no certificate', async () => {
    const jwt = await createJws({
      header: { typ: 'dc+sd-jwt' },
      payload: { iss: 'x' },
      signer: issuer.signer,
    })
    expect(await codeOf(() => inspectCredential(joinSdJwt(jwt, [])))).toBe('credential_malformed')
  })
})

describe('createPresentation', () => {
  it('shows only what was chosen, parents included, and hides every other salt', async () => {
    const held = await inspectCredential(credential)
    const all = held.disclosures.map(({ path }) => path)
    await fc.assert(
      fc.asyncProperty(fc.subarray(all), async (chosen) => {
        const presentation = await present(chosen)
        const { payload, parts } = await verifySdJwt(presentation, policy)
        const wanted = (path: ClaimPath) =>
          chosen.some((it) => path.every((step, at) => step === it[at]))
        const ages = (payload['age_equal_or_over'] ?? {}) as Record<string, JsonValue>
        for (const { path, encoded } of held.disclosures) {
          const [name = '', age] = path.map(String)
          const seen = age === undefined ? Object.hasOwn(payload, name) : Object.hasOwn(ages, age)
          expect(seen).toBe(wanted(path))
          expect(parts.disclosures.includes(encoded)).toBe(wanted(path))
        }
      }),
      { numRuns: 60 },
    )
  })

  it('sends nothing when nothing is chosen', async () => {
    const presentation = await present([])
    expect(splitSdJwt(presentation, credentialLimits).disclosures).toEqual([])
  })

  it('gives the same whether the certificate or its index is handed over', async () => {
    const held = await inspectCredential(credential)
    const index = JSON.parse(JSON.stringify(held)) as typeof held
    const options = {
      paths: [['real_person']],
      signer: holder.signer,
      audience: AUDIENCE,
      nonce: NONCE,
      issuedAt: ISSUED,
    }
    const fromText = await createPresentation({ ...options, credential })
    const fromIndex = await createPresentation({ ...options, credential: index })
    const bound = (text: string) => splitSdJwt(text, credentialLimits).boundText
    expect(bound(fromIndex)).toBe(bound(fromText))
  })

  it('carries more claims of the key binding where asked', async () => {
    const presentation = await createPresentation({
      credential,
      paths: [],
      signer: holder.signer,
      audience: AUDIENCE,
      nonce: NONCE,
      issuedAt: ISSUED,
      keyBindingClaims: { transaction_data_hashes: ['x'], aud: 'not this one' },
    })
    const { keyBinding } = await verifySdJwt(presentation, policy)
    expect(keyBinding?.jwt.payload['transaction_data_hashes']).toEqual(['x'])
  })

  it.each<[string, ClaimPath]>([
    ['a claim that is not there', ['nickname']],
    ['a nested claim that is not there', ['age_equal_or_over', '21']],
    ['a claim below one that is not there', ['nickname', 'x']],
    ['a member that does not exist in a plain value', ['platform_number', 'z']],
    ['a name with dots instead of a path', ['age_equal_or_over.18']],
    ['a position in something that is no array', ['family_name', 0]],
    ['digests', ['_sd', 0]],
    ['an empty path', []],
  ])('refuses %s', async (_name, path) => {
    expect(await codeOf(() => present([path]))).toBe('unknown_claim')
  })

  it('takes a path into a plain value, and one that is always visible', async () => {
    const presentation = await present([['platform_number', 'b'], ['vct']])
    const { payload } = await verifySdJwt(presentation, policy)
    expect(payload['platform_number']).toEqual({ b: 'blinded', e: 'evaluated' })
  })
})

describe('a presentation', () => {
  it('is refused after any single bit of it changed', async () => {
    const presentation = await present([['age_equal_or_over', '18'], ['real_person']])
    expect(await codeOf(() => verifySdJwt(presentation, policy))).toBe('accepted')
    const codes = new Set<string>()
    for (let at = 0; at < presentation.length; at += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const changed = String.fromCharCode(presentation.charCodeAt(at) ^ (1 << bit))
        const text = presentation.slice(0, at) + changed + presentation.slice(at + 1)
        codes.add(await codeOf(() => verifySdJwt(text, policy)))
      }
    }
    expect(codes).not.toContain('accepted')
    expect(codes.size).toBeGreaterThan(5)
  })
})
