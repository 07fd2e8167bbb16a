import { readFileSync } from 'node:fs'
import {
  certificateTypes,
  createTrust,
  type Demands,
  decideFreshness,
  digestDisclosure,
  encodeStatuses,
  formatNetworkNumber,
  freshnessPolicies,
  type JsonObject,
  type JsonValue,
  parseNetworkNumber,
  readStatus,
  splitSdJwt,
  credentialLimits,
  type StatusEvidence,
  verifyPresentation,
  withStatusLists,
} from '@netcert/credential'
import { describe, expect, it } from 'vitest'

/** The vectors of docs/formats: what a second implementation would be held to. */
const read = (name: string) =>
  JSON.parse(
    readFileSync(new URL(`../../docs/formats/vectors/${name}.json`, import.meta.url), 'utf8'),
  )
const refusal = (code: string) => expect.objectContaining({ code })

type PolicyName = keyof typeof freshnessPolicies
const trustLists: {
  policy: { root_dids: string[] }
  accept: { token: string }[]
} = read('trust-list')

const usualTrust = (now: number) =>
  createTrust({
    trustListToken: trustLists.accept[0]!.token,
    rootDids: trustLists.policy.root_dids,
    now: new Date(now * 1000),
    graceSeconds: 0,
    minimumSequence: 0,
  })

type TakeIn = {
  title: string
  tokens: string[]
  refused: [number, string][]
  entries?: [number, number][]
  time_floor: number
}
const statusLists: {
  now: number
  packing: { bits: 1 | 2; statuses: number[]; bytes_hex: string }[]
  take_in: TakeIn[]
} = read('status-list')

describe('docs/formats/status-list.md', () => {
  it.each(statusLists.packing)(
    'packs $bits bits into $bytes_hex',
    ({ bits, statuses, bytes_hex }) => {
      expect(Buffer.from(encodeStatuses(bits, statuses)).toString('hex')).toBe(bytes_hex)
    },
  )

  it.each(statusLists.take_in)('$title', async ({ tokens, refused, entries, time_floor }) => {
    const now = new Date(statusLists.now * 1000)
    const result = await withStatusLists(await usualTrust(statusLists.now), tokens, now)
    expect(result.refused.map(({ index, error }) => [index, error.code])).toEqual(refused)
    expect(result.trust.timeFloor).toBe(time_floor)
    const [issuer] = result.trust.issuers.values()
    const [held] = issuer!.statusLists.values()
    for (const [index, status] of entries ?? []) {
      expect(readStatus(held!.list, index)).toBe(status)
    }
  })
})

type FreshnessCase = {
  title: string
  policy: PolicyName
  now: number
  time_floor: number
  certificate: { iat: number; exp: number }
  list: 'none' | 'missing' | { status: number; iat: number; exp: number; ttl: number }
  expect: { verdict: string; reason: string; age_seconds: number }
}

describe('docs/formats/freshness-policy.md', () => {
  const cases: FreshnessCase[] = read('freshness').cases

  it.each(cases)('$title', ({ policy, now, time_floor, certificate, list, ...vector }) => {
    const evidence: StatusEvidence | 'none' | 'missing' =
      typeof list === 'string'
        ? list
        : { status: list.status, issuedAt: list.iat, expiresAt: list.exp, ttlSeconds: list.ttl }
    const result = decideFreshness({
      policy: freshnessPolicies[policy],
      now,
      timeFloor: time_floor,
      issuedAt: certificate.iat,
      expiresAt: certificate.exp,
      evidence,
    })
    const { verdict, reason, ageSeconds: age_seconds } = result
    expect({ verdict, reason, age_seconds }).toEqual(vector.expect)
    expect(result.asOf.getTime() / 1000).toBe(now - age_seconds)
  })
})

type PresentationVector = {
  title: string
  presentation: string
  demands?: { freshness?: PolicyName }
  code: string
  result: { claims: JsonObject; role: string; verdict: string; as_of: number }
}
const certificates: {
  now: number
  demands: {
    audience: string
    nonce: string
    key_binding_max_age_seconds: number
    freshness: PolicyName
    types: string[]
    claim_sets: Demands['claimSets']
  }
  network_numbers: { valid: string[][]; spelt: string[][]; invalid: string[] }
  type_integrity: Record<string, string>
  credential: string
  disclosures: { digest: string; contents: JsonValue[] }[]
  accept: PresentationVector[]
  reject: PresentationVector[]
} = read('network-certificate')

describe('docs/formats/network-certificate.md', () => {
  const verify = async ({ presentation, demands }: PresentationVector) => {
    const now = new Date(certificates.now * 1000)
    const tokens = statusLists.take_in[0]!.tokens
    const { trust } = await withStatusLists(await usualTrust(certificates.now), tokens, now)
    const merged = { ...certificates.demands, ...demands }
    return verifyPresentation(trust, presentation, {
      audience: merged.audience,
      nonce: merged.nonce,
      keyBindingMaxAgeSeconds: merged.key_binding_max_age_seconds,
      now,
      freshness: freshnessPolicies[merged.freshness],
      types: merged.types,
      claimSets: merged.claim_sets,
      platform: null,
    })
  }

  it.each(certificates.accept)('accepts $title', async (vector) => {
    const { claims, role, freshness } = await verify(vector)
    const as_of = freshness.asOf.getTime() / 1000
    expect({ claims, role, verdict: freshness.verdict, as_of }).toEqual(vector.result)
  })

  it.each(certificates.reject)('refuses $title', async (vector) => {
    await expect(verify(vector)).rejects.toThrow(refusal(vector.code))
  })

  it('has the disclosures and digests of its example', () => {
    const { disclosures } = splitSdJwt(certificates.credential, credentialLimits)
    const read = disclosures.map((encoded) => ({
      digest: digestDisclosure('sha-256', encoded),
      contents: JSON.parse(Buffer.from(encoded, 'base64url').toString()) as JsonValue,
    }))
    expect(read).toEqual(certificates.disclosures)
  })

  it('has the integrity values of the published types', () => {
    const types = [...certificateTypes.values()].map(({ vct, integrity }) => [vct, integrity])
    expect(Object.fromEntries(types)).toEqual(certificates.type_integrity)
  })

  it('has the network numbers of its examples', () => {
    const { valid, spelt, invalid } = certificates.network_numbers
    for (const [number = '', shown] of valid) expect(formatNetworkNumber(number)).toBe(shown)
    for (const [text = '', number] of spelt) expect(parseNetworkNumber(text)).toBe(number)
    for (const text of invalid) {
      expect(() => parseNetworkNumber(text)).toThrow(refusal('network_number_malformed'))
    }
  })
})
