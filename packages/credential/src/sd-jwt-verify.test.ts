import { importVerifyingKey } from '@netcert/credential/crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  CredentialError,
  createJws,
  credentialLimits,
  digestDisclosure,
  encodeTextBase64Url,
  generateSigner,
  type JsonObject,
  type JsonValue,
  type SdJwtPolicy,
  type Signer,
  joinSdJwt,
  verifySdJwt,
} from './index.js'

const NOW = 1_800_000_000
const AUDIENCE = 'https://verifier.example'

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
    hashAlgorithms: ['sha-256', 'sha-512'],
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

const encode = (value: JsonValue) => encodeTextBase64Url(JSON.stringify(value))
const digest = (encoded: string) => digestDisclosure('sha-256', encoded)
const base = (): JsonObject => ({
  iss: issuer.signer.did,
  iat: NOW - 60,
  exp: NOW + 60,
  cnf: { jwk: holder.jwk },
})

/** Signs any payload, as an issuer that keeps to no rule could. */
async function mint(
  payload: JsonObject,
  disclosures: readonly string[] = [],
  signer: Signer = issuer.signer,
): Promise<string> {
  const jwt = await createJws({ header: { typ: 'dc+sd-jwt' }, payload, signer })
  return joinSdJwt(jwt, disclosures)
}

async function codeOf(text: string, changes: Partial<SdJwtPolicy> = {}): Promise<string> {
  try {
    await verifySdJwt(text, { ...policy, ...changes })
  } catch (error) {
    if (error instanceof CredentialError) return error.code
    throw error
  }
  return 'accepted'
}

describe('verifySdJwt, processing', () => {
  it('puts each Disclosure where its digest is and removes the rest', async () => {
    const child = encode(['s1', 'city', 'X'])
    const parent = encode(['s2', 'home', { _sd: [digest(child), 'hidden0000'] }])
    const element = encode(['s3', 'SG'])
    const text = await mint(
      {
        ...base(),
        _sd_alg: 'sha-256',
        _sd: [digest(parent), 'constructor'],
        lands: ['CN', { '...': digest(element) }, { '...': 'decoy' }],
      },
      [child, element, parent],
    )
    const { payload, structure } = await verifySdJwt(text, policy)
    expect(payload).toEqual({ ...base(), home: { city: 'X' }, lands: ['CN', 'SG'] })
    expect(structure.parents).toEqual([2, -1, -1])
    const lands = structure.issuedArrays.get(payload['lands'] as readonly JsonValue[])
    expect(lands?.map(({ state }) => state)).toEqual(['plain', 'disclosed', 'hidden'])
  })

  it('takes names of the JavaScript prototype as what they are', async () => {
    const names = ['constructor', 'toString', 'hasOwnProperty', 'valueOf', '']
    const disclosures = names.map((name) => encode(['s', name, 1]))
    const text = await mint({ ...base(), _sd: disclosures.map(digest) }, disclosures)
    const { payload } = await verifySdJwt(text, policy)
    for (const name of names) expect(Object.hasOwn(payload, name)).toBe(true)
  })

  it.each<[string, () => [JsonObject, string[]], string]>([
    ['a Disclosure without digest', () => [{}, [encode(['s', 'a', 1])]], 'disclosure_unreferenced'],
    [
      'a Disclosure whose parent is missing',
      () => {
        const child = encode(['s', 'b', 1])
        return [{ _sd: [digest(encode(['s', 'a', { _sd: [digest(child)] }]))] }, [child]]
      },
      'disclosure_unreferenced',
    ],
    [
      'a Disclosure sent twice',
      () => {
        const one = encode(['s', 'a', 1])
        return [{ _sd: [digest(one)] }, [one, one]]
      },
      'disclosure_duplicate',
    ],
    ['a digest twice', () => [{ _sd: ['d', 'd'] }, []], 'digest_duplicate'],
    ['a digest at two levels', () => [{ _sd: ['d'], a: { _sd: ['d'] } }, []], 'digest_duplicate'],
    [
      'a digest in _sd and an array',
      () => [{ _sd: ['d'], a: [{ '...': 'd' }] }, []],
      'digest_duplicate',
    ],
    [
      'a Disclosure that contains its own digest twice removed',
      () => {
        const one = encode(['s', 'a', { _sd: ['d'] }])
        return [{ _sd: [digest(one), 'd'] }, [one]]
      },
      'digest_duplicate',
    ],
    ['a name that is there', () => hidden('exp', 9), 'claim_name_collision'],
    ['a reserved name', () => hidden('_sd', ['x']), 'disclosure_reserved_name'],
    ['dots as a name', () => hidden('...', 'x'), 'disclosure_reserved_name'],
    ['__proto__ as a name', () => hidden('__proto__', { admin: true }), 'disclosure_reserved_name'],
    [
      'an element in _sd',
      () => placed(['s', 1], (it) => ({ _sd: [it] })),
      'disclosure_wrong_arity',
    ],
    [
      'a member in an array',
      () => placed(['s', 'a', 1], (it) => ({ a: [{ '...': it }] })),
      'disclosure_wrong_arity',
    ],
    ['_sd that is no array', () => [{ _sd: 'x' }, []], 'reserved_name_misuse'],
    ['_sd with a number', () => [{ _sd: [1] }, []], 'reserved_name_misuse'],
    ['dots as a member', () => [{ '...': 'x' }, []], 'reserved_name_misuse'],
    ['dots beside a sibling', () => [{ a: [{ '...': 'x', b: 1 }] }, []], 'reserved_name_misuse'],
    ['a nested _sd_alg', () => [{ a: { _sd_alg: 'sha-256' } }, []], 'reserved_name_misuse'],
    ['sha-1', () => [{ _sd_alg: 'sha-1' }, []], 'sd_alg_unsupported'],
    ['SHA-256 in other case', () => [{ _sd_alg: 'SHA-256' }, []], 'sd_alg_unsupported'],
    ['null as hash', () => [{ _sd_alg: null }, []], 'sd_alg_unsupported'],
    ['an end now', () => [{ exp: NOW }, []], 'time_expired'],
    ['an end at 0', () => [{ exp: 0 }, []], 'time_expired'],
    ['an end as text', () => [{ exp: `${NOW + 9}` }, []], 'time_malformed'],
    ['a start in the future', () => [{ nbf: NOW + 1 }, []], 'time_not_yet_valid'],
    ['an issue in the future', () => [{ iat: NOW + 1 }, []], 'time_not_yet_valid'],
    ['an audience nobody expects', () => [{ aud: AUDIENCE }, []], 'aud_mismatch'],
    ['another issuer', () => [{ iss: 'did:key:zOther' }, []], 'issuer_untrusted'],
  ])('refuses %s', async (_name, build, code) => {
    const [payload, disclosures] = build()
    expect(await codeOf(await mint({ ...base(), ...payload }, disclosures))).toBe(code)
  })

  it('refuses a required claim that stays hidden, and takes it disclosed', async () => {
    const { exp: _exp, ...rest } = base()
    const [payload, disclosures] = hidden('exp', NOW + 9)
    expect(await codeOf(await mint({ ...rest, ...payload }))).toBe('required_claim_missing')
    expect(await codeOf(await mint({ ...rest, ...payload }, disclosures))).toBe('accepted')
  })

  it('refuses Disclosures that nest deeper than the limit, at any depth of the chain', async () => {
    let inner = encode(['s', 'z', 1])
    const chain = [inner]
    for (let level = 0; level < 200; level += 1) {
      inner = encode(['s', 'z', { _sd: [digest(inner)] }])
      chain.push(inner)
    }
    expect(await codeOf(await mint({ ...base(), _sd: [digest(inner)] }, chain))).toBe('too_deep')
  })

  it('refuses the signature of another key, and another typ', async () => {
    const other = await generateSigner('ES256')
    expect(await codeOf(await mint(base(), [], other.signer))).toBe('bad_signature')
    const kind = await generateSigner('EdDSA')
    expect(await codeOf(await mint(base(), [], kind.signer))).toBe('alg_key_mismatch')
    expect(await codeOf(await mint(base()), { typ: 'vc+sd-jwt' })).toBe('typ_mismatch')
  })

  it('checks the audience of the certificate where one is expected', async () => {
    const text = await mint({ ...base(), aud: ['https://other.example', AUDIENCE] })
    expect(await codeOf(text, { audience: AUDIENCE })).toBe('accepted')
    expect(await codeOf(text, { audience: 'https://verifier.example/' })).toBe('aud_mismatch')
  })
})

function placed(
  parts: JsonValue[],
  carrier: (digest: string) => JsonObject,
): [JsonObject, string[]] {
  const disclosure = encode(parts)
  return [carrier(digest(disclosure)), [disclosure]]
}

function hidden(name: string, value: JsonValue): [JsonObject, string[]] {
  return placed(['s', name, value], (it) => ({ _sd: [it] }))
}
