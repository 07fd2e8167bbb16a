import { createJws, type JsonObject } from '@netcert/credential'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { protocolCode } from '../../../test/accreditation-verdict.js'
import { accredited, platformKey } from '../../../test/accreditation-tokens.js'
import { at, DAY, mint, NOW, present, stranger } from '../../../test/trust-ground.js'
import type { Accreditation } from './accreditation-content.js'
import {
  type CreateDisclosureReceiptOptions,
  createDisclosureReceipt,
  verifyDisclosureReceipt,
} from './disclosure-receipt.js'
import { presentedClaims, shownClaims } from './presented-claims.js'
import { publishedPlatformSchema } from './published-platform-schemas.js'
import { readSigned } from './signed-message.js'

const AGE = ['age_equal_or_over', '18']
let accreditation: Accreditation
let sent: readonly string[] = []
let another = ''
beforeAll(async () => {
  accreditation = await accredited()
  const certificate = await mint()
  sent = [
    await present(certificate, { paths: [AGE, ['residence_region']] }),
    await present(certificate, { paths: [['real_person']] }),
  ]
  another = await present(certificate, { paths: [AGE] })
})

const receipt = (changes: Partial<CreateDisclosureReceiptOptions> = {}): Promise<string> =>
  createDisclosureReceipt({
    signer: platformKey.signer,
    platformId: accreditation.platformId,
    accreditationId: accreditation.id,
    purposeId: accreditation.purposeId,
    presentations: sent,
    issuedAt: at(-1),
    retentionEndsAt: at(30 * DAY - 1),
    ...changes,
  })
const payloadOf = (token: string): JsonObject =>
  readSigned(token, { typ: 'netcert-receipt+jwt', what: '', code: 'receipt_invalid' }).payload

/** `accepted`, or the code of the refusal. */
const verdictOf = (token: string, presentations = sent, now = NOW): Promise<string> =>
  verifyDisclosureReceipt(token, { accreditation, presentations, now }).then(
    () => 'accepted',
    protocolCode,
  )

describe('what a presentation shows', () => {
  it('is read from its text: the disclosed claims, and no value', () => {
    const { vct, claims, hash } = presentedClaims(sent[0] ?? '')
    expect(vct).toBe('urn:netcert:network-certificate:1')
    expect(new Set(claims)).toEqual(new Set([AGE, ['residence_region']]))
    expect(hash).toMatch(/^[\w-]{43}$/)
    expect(shownClaims(sent)).toHaveLength(3)
  })

  it('is nothing where nothing was disclosed, and the whole where all was', async () => {
    const bare = await present(await mint(), { paths: [] })
    expect(presentedClaims(bare).claims).toEqual([])
    const whole = await present(await mint(), { paths: [['age_equal_or_over']] })
    // The claim itself came by Disclosure, none of its parts did.
    expect(presentedClaims(whole).claims).toEqual([['age_equal_or_over']])
  })
})

describe('a disclosure receipt', () => {
  it('says who received which claims, for what, and until when', async () => {
    const token = await receipt()
    const verified = await verifyDisclosureReceipt(token, {
      accreditation,
      presentations: sent,
      now: NOW,
    })
    expect(verified).toMatchObject({
      platformId: 'shop.example',
      accreditationId: accreditation.id,
      purposeId: 'age-check',
      issuedAt: at(-1),
      retentionEndsAt: at(30 * DAY - 1),
      presentations: sent.map(presentedClaims),
      token,
    })
  })

  it('holds no value, and fits the JSON Schema that is published for it', async () => {
    const payload = payloadOf(await receipt())
    expect(JSON.stringify(payload)).not.toMatch(/"GD"|document\+face|\btrue\b/)
    const text = publishedPlatformSchema('disclosure-receipt')
    await expect(text).toMatchFileSnapshot('../../../schemas/disclosure-receipt.schema.json')
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(text) as object)
    expect(validate(payload)).toBe(true)
    expect(validate({ ...payload, presentations: [] })).toBe(false)
  })

  it('may name the presentations in another order', async () => {
    expect(await verdictOf(await receipt(), sent.toReversed())).toBe('accepted')
  })
})

describe('a disclosure receipt is refused', () => {
  it.each([
    ['by another key', { signer: stranger.signer }],
    ['of another platform', { platformId: 'bank.example' }],
    ['for another accreditation', { accreditationId: 'urn:uuid:other' }],
    ['for another purpose', { purposeId: 'marketing' }],
    ['from the future', { issuedAt: at(120) }],
    ['from before the accreditation', { issuedAt: at(-DAY - 120), retentionEndsAt: at(0) }],
    ['that keeps longer than accredited', { retentionEndsAt: at(30 * DAY + 120) }],
  ] satisfies [string, Partial<CreateDisclosureReceiptOptions>][])('%s', async (_, changes) => {
    expect(await verdictOf(await receipt(changes))).toBe('receipt_invalid')
  })

  it('for other presentations than were sent: fewer, more, or another', async () => {
    const [first = '', second = ''] = sent
    expect(await verdictOf(await receipt({ presentations: [first] }))).toBe('receipt_invalid')
    expect(await verdictOf(await receipt({ presentations: [...sent, another] }))).toBe(
      'receipt_invalid',
    )
    expect(await verdictOf(await receipt({ presentations: [first, another] }))).toBe(
      'receipt_invalid',
    )
    expect(await verdictOf(await receipt({ presentations: [first, first] }))).toBe(
      'receipt_invalid',
    )
    expect(await verdictOf(await receipt(), [first])).toBe('receipt_invalid')
    expect(await verdictOf(await receipt(), [first, second, another])).toBe('receipt_invalid')
    expect(await verdictOf(await receipt(), ['no presentation'])).toBe('receipt_invalid')
  })

  it('when it leaves a claim out that was shown, or adds one', async () => {
    const payload = payloadOf(await receipt())
    const signed = (claims: (claims: readonly unknown[]) => readonly unknown[]) =>
      createJws({
        header: { typ: 'netcert-receipt+jwt' },
        payload: JSON.parse(
          JSON.stringify({
            ...payload,
            presentations: sent.map(presentedClaims).map((one) => ({
              ...one,
              claims: claims(one.claims),
            })),
          }),
        ) as JsonObject,
        signer: platformKey.signer,
      })
    expect(await verdictOf(await signed((claims) => claims))).toBe('accepted')
    expect(await verdictOf(await signed((claims) => claims.slice(1)))).toBe('receipt_invalid')
    expect(await verdictOf(await signed((claims) => [...claims, ['birthdate']]))).toBe(
      'receipt_invalid',
    )
  })

  it('as another kind of token, altered, too large, and as no token at all', async () => {
    const { signer } = platformKey
    const payload = payloadOf(await receipt())
    const other = await createJws({ header: { typ: 'netcert-deletion+jwt' }, payload, signer })
    const [header, , signature] = (await receipt()).split('.')
    const [, later] = (await receipt({ retentionEndsAt: at(DAY) })).split('.')
    const refused = [other, `${header}.${later}.${signature}`, 'a'.repeat(16_385), '', 'a.b.c']
    for (const token of refused) expect(await verdictOf(token)).toBe('receipt_invalid')
  })
})
