import { createJws, epochSeconds, type JsonObject, nameSigner } from '@netcert/credential'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { protocolCode } from '../../../test/accreditation-verdict.js'
import {
  at,
  DAY,
  issuer,
  listedIssuer,
  listedKey,
  NOW,
  statusKey,
  stranger,
  STATUS_PREFIX,
  trustListContent,
} from '../../../test/trust-ground.js'
import {
  createErasureReceipt,
  ERASED_CLASSES,
  type ErasureContent,
  erasedNumberHash,
  KEPT_REASONS,
  verifyErasureReceipt,
} from './erasure-receipt.js'
import { ERASED_TEXTS, KEPT_TEXTS } from './erasure-texts.js'
import { publishedPlatformSchema } from './published-platform-schemas.js'
import { readSigned } from './signed-message.js'

const NUMBER = 'AB2CD3EF4GH5JK6MN7PQ10'
const signer = nameSigner(statusKey.signer, issuer.signer.did)
const content: ErasureContent = {
  networkNumber: NUMBER,
  erasedAt: at(-1),
  erased: [
    { class: 'person', count: 1 },
    { class: 'grants_and_tokens', count: 7 },
  ],
  kept: [
    { class: 'status_entries', count: 3, until: null },
    { class: 'cool_down', count: 1, until: at(30 * DAY) },
  ],
}
const trusting = (entries = [listedIssuer()]) => ({
  trustList: { ...trustListContent({ issuers: entries }), rootDid: 'did:key:root' },
})
const about = { issuer: issuer.signer.did, networkNumber: NUMBER, now: NOW }
const verdict = (
  token: string,
  changes: Partial<Parameters<typeof verifyErasureReceipt>[1]> = {},
): Promise<string> =>
  verifyErasureReceipt(token, { trust: trusting(), ...about, ...changes }).then(
    () => 'accepted',
    protocolCode,
  )
const payloadOf = (token: string): JsonObject =>
  readSigned(token, { typ: 'netcert-erasure+jwt', what: '', code: 'erasure_receipt_invalid' })
    .payload
const signed = async (changes: JsonObject, typ = 'netcert-erasure+jwt') => {
  const payload = { ...payloadOf(await createErasureReceipt(content, signer)), ...changes }
  return createJws({ header: { typ }, payload, signer })
}

describe('an erasure receipt', () => {
  it('says what was deleted, and what stays, why and until when', async () => {
    const token = await createErasureReceipt(content, signer)
    const { networkNumber: _number, ...said } = content
    expect(await verifyErasureReceipt(token, { trust: trusting(), ...about })).toMatchObject({
      ...said,
      erasedAt: new Date(epochSeconds(at(-1)) * 1000),
      issuer: issuer.signer.did,
      networkNumberHash: erasedNumberHash(NUMBER),
      token,
    })
  })

  it('holds no number, and fits the JSON Schema that is published for it', async () => {
    const payload = payloadOf(await createErasureReceipt(content, signer))
    expect(JSON.stringify(payload)).not.toContain(NUMBER)
    const text = publishedPlatformSchema('erasure-receipt')
    const schema = new Ajv2020({ strict: false }).compile(JSON.parse(text) as object)
    expect(schema(payload)).toBe(true)
    expect(schema({ ...payload, kept: [{ class: 'name', count: 1 }] })).toBe(false)
    await expect(text).toMatchFileSnapshot('../../../schemas/erasure-receipt.schema.json')
  })

  it('is said in both languages for every class there is', () => {
    expect(Object.keys(ERASED_TEXTS)).toEqual([...ERASED_CLASSES])
    expect(Object.keys(KEPT_TEXTS)).toEqual(Object.keys(KEPT_REASONS))
  })

  it('is of the same issuer under either of its two names', async () => {
    const url = STATUS_PREFIX.replace(/\/status\/$/, '')
    const token = await createErasureReceipt(content, nameSigner(statusKey.signer, url))
    const both = trusting([listedIssuer(), listedIssuer({ did: url, mechanism: 'x5c' })])
    expect(await verdict(token, { trust: both })).toBe('accepted')
    expect(await verdict(token)).toBe('erasure_receipt_invalid')
  })

  it('is refused from anybody else, of another number, or another time', async () => {
    const token = await createErasureReceipt(content, signer)
    expect(await verdict(token)).toBe('accepted')
    expect(await verdict(token, { issuer: null, networkNumber: null })).toBe('accepted')
    const wrong = [
      await verdict(await createErasureReceipt(content, nameSigner(stranger.signer, about.issuer))),
      // A key of the issuer, and of another use.
      await verdict(await createErasureReceipt(content, issuer.signer)),
      await verdict(token, { issuer: 'https://other.example' }),
      await verdict(token, { networkNumber: 'AB2CD3EF4GH5JK6MN7PQ11' }),
      await verdict(token, { now: at(-3600) }),
      await verdict(token, {
        trust: trusting([
          listedIssuer({ keys: [listedKey(statusKey, 'status', { notAfter: at(-DAY) })] }),
        ]),
      }),
    ]
    expect(new Set(wrong)).toEqual(new Set(['erasure_receipt_invalid']))
  })

  it('is refused where it was changed, or is of another form', async () => {
    expect(await verdict(await signed({}))).toBe('accepted')
    const token = await createErasureReceipt(content, signer)
    const [header, payload, signature] = token.split('.')
    const other = payloadOf(await createErasureReceipt({ ...content, kept: [] }, signer))
    const wrong = [
      `${header}.${Buffer.from(JSON.stringify(other)).toString('base64url')}.${signature}`,
      `${header}.${payload}.${'A'.repeat(86)}`,
      await signed({}, 'netcert-receipt+jwt'),
      await signed({ erased: [{ class: 'everything', count: 1 }] }),
      await signed({ erased: [{ class: 'person', count: -1 }] }),
      await signed({ kept: [{ class: 'cool_down', count: 1, reason: 'because' }] }),
      await signed({ network_number_hash: NUMBER }),
      await signed({ iat: 'now' }),
      'x'.repeat(20_000),
    ]
    for (const text of wrong) expect(await verdict(text)).toBe('erasure_receipt_invalid')
  })
})
