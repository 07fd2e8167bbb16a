import { describe, expect, it } from 'vitest'
import {
  at,
  DAY,
  HOUR,
  NOW,
  STATUS_URI,
  signStatusList,
  statusKey,
  stranger,
} from '../../../test/trust-ground.js'
import {
  assertHistorical,
  checkStatus,
  createJws,
  createStatusList,
  importDidKeyIssuers,
  type JsonObject,
  type JsonValue,
  parseJws,
  parseStatusListToken,
  type StatusPolicy,
  statusTokenLimits,
  verifyStatusListToken,
} from './index.js'
import { encodeStatusList, encodeStatuses } from './status-list.js'

const refusal = (code: string) => expect.objectContaining({ code })
const now = NOW.getTime() / 1000
const signers = [...(await importDidKeyIssuers([statusKey.signer.did])).values()]
const claim = (index: JsonValue, uri: JsonValue = STATUS_URI) => ({
  status_list: { idx: index, uri },
})

const policy = (token: string | null, changes: Partial<StatusPolicy> = {}): StatusPolicy => ({
  source: async () => token,
  signers,
  algorithms: ['ES256', 'EdDSA'],
  window: { now, clockSkewSeconds: 0, maxFutureSeconds: 60, maxAgeSeconds: null },
  limits: statusTokenLimits,
  accepted: [0],
  ...changes,
})
const payload: JsonObject = {
  sub: STATUS_URI,
  iat: now - HOUR,
  exp: now + DAY,
  ttl: HOUR,
  status_list: encodeStatusList({ bits: 2, bytes: encodeStatuses(2, [0, 1, 2, 3]) }),
}
const sign = (changes: { readonly [name: string]: JsonValue } = {}, header: JsonObject = {}) =>
  createJws({
    header: { typ: 'statuslist+jwt', kid: statusKey.signer.keyId, ...header },
    payload: { ...payload, ...changes },
    signer: statusKey.signer,
  })

describe('a status list token', () => {
  it('has the members of the standard', async () => {
    const jws = parseJws(await signStatusList(), { algorithms: ['ES256'], maxDepth: 32 })
    expect(jws.header).toEqual({
      alg: 'ES256',
      typ: 'statuslist+jwt',
      kid: statusKey.signer.keyId,
    })
    expect(jws.payload).toEqual({
      sub: STATUS_URI,
      iat: now - HOUR,
      exp: now - HOUR + 7 * DAY,
      ttl: 12 * HOUR,
      status_list: { bits: 2, lst: expect.stringMatching(/^e[JN][\w-]+$/) },
    })
  })

  it('is not signed without a life-time, a ttl, or beyond its bound', async () => {
    await expect(signStatusList({ expiresAt: at(-HOUR) })).rejects.toThrow(TypeError)
    await expect(signStatusList({ ttlSeconds: 0 })).rejects.toThrow(TypeError)
    const entries = new Uint8Array(16 * 1024 * 1024 + 1)
    const long = createStatusList({
      uri: STATUS_URI,
      bits: 1,
      entries,
      signer: statusKey.signer,
      issuedAt: NOW,
      expiresAt: at(DAY),
      ttlSeconds: HOUR,
    })
    await expect(long).rejects.toThrow(TypeError)
  })

  it.each([
    ['INVALID', 1, 'status_invalid'],
    ['SUSPENDED', 2, 'status_suspended'],
    ['application specific', 3, 'status_application_specific'],
    ['beyond the list', 4, 'status_index_out_of_range'],
  ])('refuses an entry that is %s, and takes one that is VALID', async (_, index, code) => {
    const token = await sign()
    await expect(checkStatus(claim(index), policy(token))).rejects.toThrow(refusal(code))
    await expect(checkStatus(claim(0), policy(token))).resolves.toBe(0)
  })

  it('passes an application specific entry only where it is accepted by name', async () => {
    const token = await sign()
    await expect(checkStatus(claim(3), policy(token, { accepted: [0, 3] }))).resolves.toBe(3)
    await expect(checkStatus(claim(0), policy(token, { accepted: [3] }))).rejects.toThrow(
      refusal('status_application_specific'),
    )
  })

  it.each([
    ['no object', 'x', 'status_claim_malformed'],
    ['nothing', {}, 'status_claim_malformed'],
    ['another mechanism', { other: {} }, 'status_unsupported'],
    ['a negative place', claim(-1), 'status_claim_malformed'],
    ['a place as text', claim('0'), 'status_claim_malformed'],
    ['a relative URI', claim(0, '/status/1'), 'status_claim_malformed'],
    ['a URI with a blank', claim(0, 'https://a.example/ 1'), 'status_claim_malformed'],
  ])('is not asked for with a claim of %s', async (_, status, code) => {
    let asked = 0
    const source = async () => {
      asked += 1
      return null
    }
    await expect(checkStatus(status, policy(null, { source }))).rejects.toThrow(refusal(code))
    expect(asked).toBe(0)
  })

  it.each([
    ['for another list', { sub: `${STATUS_URI}/` }, 'status_sub_mismatch'],
    ['without sub', { sub: null }, 'status_sub_mismatch'],
    ['with a time as text', { iat: '1' }, 'time_malformed'],
    ['with a negative time', { exp: -1 }, 'time_malformed'],
    ['from the future', { iat: now + 61 }, 'time_not_yet_valid'],
    ['not valid yet', { nbf: now + 1 }, 'time_not_yet_valid'],
    ['past its end', { exp: now }, 'time_expired'],
    ['with ttl 0', { ttl: 0 }, 'status_ttl_malformed'],
    ['with ttl -1', { ttl: -1 }, 'status_ttl_malformed'],
    ['with ttl as text', { ttl: 'x' }, 'status_ttl_malformed'],
  ])('is refused %s', async (_, changes, code) => {
    await expect(checkStatus(claim(0), policy(await sign(changes)))).rejects.toThrow(refusal(code))
  })

  it.each([
    ['under another typ', { typ: 'JWT' }, 'typ_mismatch'],
    ['with a key of its own', { jwk: {} }, 'header_invalid'],
    ['with an unknown key’s name', { kid: stranger.signer.keyId }, 'status_issuer_untrusted'],
    ['with a critical extension', { crit: ['x'] }, 'crit_unsupported'],
  ])('is refused %s in its header', async (_, header, code) => {
    await expect(checkStatus(claim(0), policy(await sign({}, header)))).rejects.toThrow(
      refusal(code),
    )
  })

  it('is taken at the bounds of its times', async () => {
    for (const changes of [{ iat: now + 60 }, { nbf: now }, { exp: now + 1 }, { ttl: 0.5 }]) {
      await expect(checkStatus(claim(0), policy(await sign(changes)))).resolves.toBe(0)
    }
    const window = { now, clockSkewSeconds: 0, maxFutureSeconds: 60, maxAgeSeconds: HOUR }
    const aged = (age: number) =>
      sign({ iat: now - age }).then((token) => policy(token, { window }))
    await expect(checkStatus(claim(0), await aged(HOUR))).resolves.toBe(0)
    await expect(checkStatus(claim(0), await aged(HOUR + 1))).rejects.toThrow(
      refusal('status_list_stale'),
    )
  })

  it('is refused from somebody else, too long, or when there is none', async () => {
    const forged = await signStatusList({ signer: stranger.signer })
    const short = { ...statusTokenLimits, maxTokenBytes: forged.length - 1 }
    await expect(checkStatus(claim(0), policy(forged))).rejects.toThrow(
      refusal('status_issuer_untrusted'),
    )
    await expect(checkStatus(claim(0), policy(forged, { limits: short }))).rejects.toThrow(
      refusal('too_large'),
    )
    await expect(checkStatus(claim(0), policy(null))).rejects.toThrow(refusal('status_unavailable'))
  })
})

describe('a question about the past', () => {
  const answer = async (time: number, changes: { readonly [name: string]: JsonValue } = {}) => {
    const jwt = parseStatusListToken(await sign(changes), ['ES256'], statusTokenLimits)
    const token = await verifyStatusListToken(jwt, signers, statusTokenLimits)
    assertHistorical(token, STATUS_URI, time)
  }

  it('is answered from iat to the second before exp', async () => {
    await expect(answer(now - HOUR)).resolves.toBeUndefined()
    await expect(answer(now + DAY - 1)).resolves.toBeUndefined()
    await expect(answer(now - HOUR - 1)).rejects.toThrow(refusal('status_history_mismatch'))
    await expect(answer(now + DAY)).rejects.toThrow(refusal('time_expired'))
  })

  it('is not answered by another list', async () => {
    const other = { sub: `${STATUS_URI}0` }
    await expect(answer(now, other)).rejects.toThrow(refusal('status_sub_mismatch'))
  })
})
