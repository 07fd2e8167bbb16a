import { importVerifyingKey } from '@netcert/credential/crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  CredentialError,
  createJws,
  createKeyBinding,
  credentialLimits,
  digestDisclosure,
  encodeTextBase64Url,
  generateSigner,
  type JsonObject,
  type JsonValue,
  joinSdJwt,
  type SdJwtPolicy,
  verifySdJwt,
} from './index.js'

const NOW = 1_800_000_000
const AUDIENCE = 'https://verifier.example'
const NONCE = 'n-0S6_WzA2Mj'

let issuer: Awaited<ReturnType<typeof generateSigner>>
let holder: Awaited<ReturnType<typeof generateSigner>>
let policy: SdJwtPolicy

beforeAll(async () => {
  issuer = await generateSigner('ES256')
  holder = await generateSigner('ES256')
  const key = await importVerifyingKey(issuer.jwk)
  policy = {
    now: NOW,
    clockSkewSeconds: 0,
    algorithms: ['ES256', 'EdDSA'],
    hashAlgorithms: ['sha-256'],
    typ: 'dc+sd-jwt',
    issuerKeys: (_header, payload) => (payload['iss'] === issuer.signer.did ? [key] : []),
    requiredClaims: ['iss', 'exp'],
    rejectFutureIat: true,
    audience: null,
    keyBinding: { mode: 'none' },
    allowDidKeyConfirmation: false,
    limits: credentialLimits,
  }
})

const base = (): JsonObject => ({
  iss: issuer.signer.did,
  iat: NOW - 60,
  exp: NOW + 60,
  cnf: { jwk: holder.jwk },
})

async function mint(payload: JsonObject, disclosures: readonly string[] = []): Promise<string> {
  const { signer } = issuer
  return joinSdJwt(await createJws({ header: { typ: 'dc+sd-jwt' }, payload, signer }), disclosures)
}

async function bind(sdJwt: string, changes: JsonObject = {}, signer = holder.signer) {
  const keyBinding = await createKeyBinding({
    boundText: sdJwt,
    hashAlgorithm: 'sha-256',
    audience: AUDIENCE,
    nonce: NONCE,
    issuedAt: new Date((NOW - 10) * 1000),
    signer,
    claims: {},
    ...changes,
  })
  return sdJwt + keyBinding
}

const required = () =>
  ({
    mode: 'required',
    audience: AUDIENCE,
    nonce: NONCE,
    maxAgeSeconds: 300,
    maxFutureSeconds: 30,
  }) as const

async function codeOf(text: string, changes: Partial<SdJwtPolicy> = {}): Promise<string> {
  try {
    await verifySdJwt(text, { ...policy, ...changes })
  } catch (error) {
    if (error instanceof CredentialError) return error.code
    throw error
  }
  return 'accepted'
}

describe('verifySdJwt, key binding', () => {
  it('takes a presentation made for this verifier just now', async () => {
    const text = await bind(await mint(base()))
    expect(await codeOf(text, { keyBinding: required() })).toBe('accepted')
    expect(await codeOf(text, { keyBinding: { ...required(), mode: 'optional' } })).toBe('accepted')
  })

  it('decides by its own demand, not by what was sent', async () => {
    const bare = await mint(base())
    expect(await codeOf(bare, { keyBinding: required() })).toBe('kb_missing')
    expect(await codeOf(bare, { keyBinding: { ...required(), mode: 'optional' } })).toBe('accepted')
    expect(await codeOf(await bind(bare))).toBe('kb_unexpected')
  })

  it.each<[string, JsonObject & { issuedAt?: never }, string]>([
    ['another audience', { audience: `${AUDIENCE}/` }, 'kb_aud'],
    ['a list of audiences', { audience: [AUDIENCE] }, 'kb_aud'],
    ['another nonce', { nonce: `${NONCE}x` }, 'kb_nonce'],
    ['a number as nonce', { nonce: 1 }, 'kb_nonce'],
    ['an end in the past', { claims: { exp: NOW } }, 'kb_time_expired'],
    ['a start in the future', { claims: { nbf: NOW + 1 } }, 'time_not_yet_valid'],
    ['a start that is no number', { claims: { nbf: 'soon' } }, 'time_not_yet_valid'],
    ['the hash of another text', { boundText: 'a~' }, 'kb_sd_hash'],
    ['another hash', { hashAlgorithm: 'sha-512' }, 'kb_sd_hash'],
  ])('refuses %s', async (_name, changes, code) => {
    const text = await bind(await mint(base()), changes)
    expect(await codeOf(text, { keyBinding: required() })).toBe(code)
  })

  it('refuses one made too long ago or in the future', async () => {
    for (const [seconds, code] of [
      [-300, 'accepted'],
      [-301, 'kb_iat'],
      [30, 'accepted'],
      [31, 'kb_iat'],
    ] as const) {
      const issuedAt = new Date((NOW + seconds) * 1000) as never
      const text = await bind(await mint(base()), { issuedAt })
      expect(await codeOf(text, { keyBinding: required() })).toBe(code)
    }
  })

  it('refuses the key of somebody else, and a Disclosure added or taken away', async () => {
    const other = await generateSigner('ES256')
    const stolen = await bind(await mint(base()), {}, other.signer)
    expect(await codeOf(stolen, { keyBinding: required() })).toBe('kb_signature')
    const disclosure = encodeTextBase64Url('["s","a",1]')
    const digest = digestDisclosure('sha-256', disclosure)
    const full = await mint({ ...base(), _sd: [digest] }, [disclosure])
    const bound = await bind(full)
    const cut = bound.replace(`${disclosure}~`, '')
    expect(await codeOf(cut, { keyBinding: required() })).toBe('kb_sd_hash')
  })

  it.each<[string, JsonValue | undefined, string]>([
    ['no cnf', undefined, 'cnf_missing'],
    ['cnf as text', 'did:key:z', 'cnf_unsupported'],
    ['a key to fetch', { jku: 'https://x.example' }, 'cnf_unsupported'],
    ['a kid of another kind', { kid: 'key-1' }, 'cnf_unsupported'],
    ['a symmetric key', { jwk: { kty: 'oct', k: 'AAAA' } }, 'cnf_invalid_key'],
    ['null', { jwk: null }, 'cnf_invalid_key'],
  ])('refuses %s', async (_name, cnf, code) => {
    const { cnf: _cnf, ...rest } = base()
    const text = await bind(await mint(cnf === undefined ? rest : { ...rest, cnf }))
    expect(await codeOf(text, { keyBinding: required() })).toBe(code)
  })

  it('takes a did:key URL as holder key only where the policy says so', async () => {
    const text = await bind(await mint({ ...base(), cnf: { kid: holder.signer.keyId } }))
    expect(await codeOf(text, { keyBinding: required() })).toBe('cnf_unsupported')
    const allowed = { keyBinding: required(), allowDidKeyConfirmation: true }
    expect(await codeOf(text, allowed)).toBe('accepted')
  })
})
