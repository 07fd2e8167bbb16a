import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  certificateType,
  GATE_PASS,
  NETWORK_CERTIFICATE,
  WARD_CERTIFICATE,
} from './certificate-types.js'
import { inspectCredential } from './holder.js'
import {
  CredentialError,
  type CreateCredentialOptions,
  createCredential,
  generateSigner,
  type JsonObject,
  type JsonValue,
  parseDisclosure,
  parseJws,
  splitSdJwt,
  credentialLimits,
} from './index.js'

const claims: JsonObject = {
  network_number: 'AAAAABBBBBCCCCCDDDDD12',
  real_person: 'document+face',
  age_equal_or_over: { '14': true, '16': true, '18': true, '60': false, '65': false },
  residence_region: '110000',
  family_name: '王',
}

const issuer = await generateSigner('ES256')
const holder = await generateSigner('ES256')

function options(changes: Partial<CreateCredentialOptions> = {}): CreateCredentialOptions {
  return {
    type: certificateType(NETWORK_CERTIFICATE),
    signer: issuer.signer,
    holderJwk: holder.jwk,
    claims,
    issuedAt: new Date('2027-01-15T08:31:22Z'),
    expiresAt: new Date('2027-02-14T09:59:59Z'),
    status: { uri: 'https://status.example/lists/1', index: 77 },
    ...changes,
  }
}

function open(credential: string) {
  const { jwt, disclosures } = splitSdJwt(credential, credentialLimits)
  const { header, payload } = parseJws(jwt, { algorithms: ['ES256', 'EdDSA'], maxDepth: 32 })
  return {
    header,
    payload,
    disclosures: disclosures.map((it) => parseDisclosure(it, { maxDepth: 32 })),
  }
}

async function codeOf(changes: Partial<CreateCredentialOptions>): Promise<string> {
  try {
    await createCredential(options(changes))
  } catch (error) {
    if (error instanceof CredentialError) return error.code
    throw error
  }
  return 'accepted'
}

describe('createCredential', () => {
  it('shows only what the type leaves visible', async () => {
    const { header, payload } = open(await createCredential(options()))
    expect(header).toEqual({ alg: 'ES256', typ: 'dc+sd-jwt' })
    expect(Object.keys(payload).sort()).toEqual(
      ['_sd', '_sd_alg', 'cnf', 'exp', 'iat', 'iss', 'status', 'vct', 'vct#integrity'].sort(),
    )
    expect(payload['iss']).toBe(issuer.signer.did)
    expect(payload['cnf']).toEqual({ jwk: holder.jwk })
    expect(payload['status']).toEqual({
      status_list: { idx: 77, uri: 'https://status.example/lists/1' },
    })
  })

  it('names its key in the header only when asked to', async () => {
    expect(open(await createCredential(options())).header).not.toHaveProperty('kid')
    const { header } = open(await createCredential(options({ namesKey: true })))
    expect(header).toEqual({ alg: 'ES256', typ: 'dc+sd-jwt', kid: issuer.signer.keyId })
  })

  it('rounds both times down to the hour', async () => {
    const { payload } = open(await createCredential(options()))
    expect(payload['iat']).toBe(Date.parse('2027-01-15T08:00:00Z') / 1000)
    expect(payload['exp']).toBe(Date.parse('2027-02-14T09:00:00Z') / 1000)
  })

  it('makes each nested claim a Disclosure of its own, below its parent', async () => {
    const { disclosures } = open(await createCredential(options()))
    const names = disclosures.map(({ name }) => name)
    expect(new Set(names)).toEqual(
      new Set([
        '14',
        '16',
        '18',
        '60',
        '65',
        'age_equal_or_over',
        'family_name',
        'network_number',
        'real_person',
        'residence_region',
      ]),
    )
    const parent = disclosures.find(({ name }) => name === 'age_equal_or_over')
    expect(Object.keys(parent!.value as JsonObject)).toEqual(['_sd'])
  })

  it('pads every _sd to the same length, whatever claims there are', async () => {
    const few = { network_number: 'A', real_person: 'document', age_equal_or_over: { '18': true } }
    for (const chosen of [claims, few]) {
      const { payload, disclosures } = open(await createCredential(options({ claims: chosen })))
      expect(payload['_sd']).toHaveLength(16)
      const parent = disclosures.find(({ name }) => name === 'age_equal_or_over')
      expect((parent!.value as JsonObject)['_sd']).toHaveLength(5)
    }
  })

  it('sorts the digests, so that their order tells nothing', async () => {
    const { payload } = open(await createCredential(options()))
    const digests = payload['_sd'] as readonly string[]
    expect(digests).toEqual(digests.toSorted())
  })

  it('never uses a salt twice and takes 128 bits for each', async () => {
    const credentials = await Promise.all(
      Array.from({ length: 20 }, () => createCredential(options())),
    )
    const salts = credentials.flatMap((it) => open(it).disclosures.map(({ salt }) => salt))
    expect(new Set(salts).size).toBe(salts.length)
    expect(salts.every((salt) => salt.length === 22)).toBe(true)
  })

  it('keeps the claims of a ward certificate visible that the type says are', async () => {
    const ward = {
      rep: 'guardian',
      age_band: '0-13',
      network_number: 'A',
      real_person: 'document',
    }
    const { payload } = open(
      await createCredential(options({ type: certificateType(WARD_CERTIFICATE), claims: ward })),
    )
    expect(payload['rep']).toBe('guardian')
    expect(payload['age_band']).toBe('0-13')
    expect(payload['network_number']).toBeUndefined()
  })

  it.each([
    ['a claim the type does not know', { claims: { ...claims, nickname: 'x' } }, 'unknown_claim'],
    [
      'a nested claim the type does not know',
      { claims: { ...claims, age_equal_or_over: { '21': true } } },
      'unknown_claim',
    ],
    [
      'a missing mandatory claim',
      { claims: { real_person: 'document' } },
      'mandatory_claim_missing',
    ],
    ['a claim the engine sets', { claims: { ...claims, exp: 1 } }, 'claim_invalid'],
    [
      'a scalar where claims nest',
      { claims: { ...claims, age_equal_or_over: 18 } },
      'claim_invalid',
    ],
    [
      'a reserved name',
      { claims: { ...claims, platform_number: { _sd: [] } } },
      'reserved_name_misuse',
    ],
    [
      'a reserved name in an array',
      { claims: { ...claims, platform_number: [{ '...': 'x' }] } },
      'reserved_name_misuse',
    ],
    ['a value JSON cannot carry', { claims: { ...claims, sex: Number.NaN } }, 'claim_invalid'],
    ['half a surrogate pair', { claims: { ...claims, sex: '\ud800' } }, 'claim_invalid'],
    [
      'a status on a type without one',
      {
        type: certificateType(GATE_PASS),
        claims: {
          real_person: 'document',
          age_over_14: true,
          age_over_18: true,
          age_over_60: false,
        },
      },
      'claim_invalid',
    ],
    [
      'a negative status index',
      { status: { uri: 'https://s.example/1', index: -1 } },
      'claim_invalid',
    ],
    ['an end before the start', { expiresAt: new Date('2027-01-15T08:59:00Z') }, 'claim_invalid'],
    [
      'a portrait too large to present',
      { claims: { ...claims, portrait: 'x'.repeat(70_000) } },
      'too_large',
    ],
    ['a private holder key', { holderJwk: { ...holder.jwk, d: 'AAAA' } }, 'invalid_jwk'],
  ])('refuses %s', async (_name, changes, code) => {
    expect(await codeOf(changes as Partial<CreateCredentialOptions>)).toBe(code)
  })

  it('refuses claims nested too deep without deep recursion', async () => {
    let deep: JsonValue = 1
    for (let level = 0; level < 20_000; level += 1) deep = [deep]
    expect(await codeOf({ claims: { ...claims, platform_number: deep } })).toBe('too_deep')
  })

  it('gives the holder every claim back', async () => {
    const value = fc.string({ unit: 'binary', maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(value, value, fc.boolean(), async (region, name, over) => {
        const chosen = {
          network_number: 'A',
          real_person: 'document',
          residence_region: region,
          family_name: name,
          age_equal_or_over: { '18': over },
        }
        const held = await inspectCredential(await createCredential(options({ claims: chosen })))
        const seen = Object.fromEntries(
          held.claims.filter(({ path }) => path.length === 1).map((it) => [it.path[0], it.value]),
        )
        expect(seen).toEqual(chosen)
      }),
      { numRuns: 40 },
    )
  })
})
