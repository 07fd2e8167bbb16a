import { createJws } from '@netcert/credential'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { formOf, protocolCode, registrars, verdictOf } from '../../../test/accreditation-verdict.js'
import {
  accreditationContent,
  accredited,
  listedRegistrar,
  PLATFORM_ID,
  registrar,
  signAccreditation,
  signMembers,
  signRegistrarStatus,
} from '../../../test/accreditation-tokens.js'
import { at, DAY, HOUR, NOW, stranger } from '../../../test/trust-ground.js'
import { accreditationOf, parseAccreditation, verifyAccreditation } from './accreditation.js'
import { readAccreditationStatusList } from './accreditation-status.js'
import { publishedPlatformSchema } from './published-platform-schemas.js'

describe('an accreditation', () => {
  it('says what the registrar put into it', async () => {
    const token = await signAccreditation()
    const { accreditation, jws } = parseAccreditation(token)
    expect(accreditation).toEqual({ ...accreditationContent(), token })
    expect(jws.header).toMatchObject({ typ: 'rc-wrp+jwt', alg: 'ES256' })
  })

  it('is a W3C VC-JWT and a registration certificate of ETSI TS 119 475 at once', async () => {
    const { payload } = parseAccreditation(await signAccreditation()).jws
    expect(payload).toMatchObject({
      iss: registrar.signer.did,
      sub: PLATFORM_ID,
      nbf: payload['iat'],
      name: '示例商店',
      purpose: [
        { lang: 'zh-CN', value: '确认购买者年满十八周岁' },
        { lang: 'en', value: 'Make sure that a buyer is 18' },
      ],
      entitlements: ['https://uri.etsi.org/19475/Entitlement/Service_Provider'],
      credentials: [{ format: 'dc+sd-jwt', claim: [{ path: ['platform_number'] }, {}, {}, {}] }],
      vc: { type: ['VerifiableCredential', 'PlatformAccreditation'] },
    })
  })

  it('fits the JSON Schema that is published for it', async () => {
    const text = publishedPlatformSchema('accreditation')
    await expect(text).toMatchFileSnapshot('../../../schemas/accreditation.schema.json')
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(text) as object)
    expect(validate(parseAccreditation(await signAccreditation()).jws.payload)).toBe(true)
    expect(validate({})).toBe(false)
  })

  it('is believed from a listed registrar, now', async () => {
    const token = await signAccreditation()
    expect(await verdictOf(token)).toBe('unknown')
    expect(await verdictOf(token, { lists: [await signRegistrarStatus()] })).toBe('good')
    expect(await verdictOf(await signAccreditation({ status: null }))).toBe('good')
  })
})

describe('an accreditation is refused', () => {
  it('from a registrar that is not on the trust list, or was not, or is no more', async () => {
    const theirs = await signAccreditation({ registrar: stranger.signer.did }, stranger.signer)
    expect(await verdictOf(theirs)).toBe('accreditation_untrusted')
    const token = await signAccreditation()
    const listed = (changes: Parameters<typeof listedRegistrar>[0]) => ({
      trusted: [listedRegistrar(changes)],
    })
    expect(await verdictOf(token, listed({ notBefore: at(-HOUR) }))).toBe('accreditation_untrusted')
    expect(await verdictOf(token, listed({ notAfter: at(-HOUR) }))).toBe('accreditation_untrusted')
    expect(await verdictOf(token, { trusted: [] })).toBe('accreditation_untrusted')
  })

  it('when it is forged: signed by another key in the name of the registrar, or altered', async () => {
    const forged = await signAccreditation({}, stranger.signer)
    expect(await verdictOf(forged)).toBe('accreditation_signature')
    const withKey = await signMembers({}, { jwk: stranger.jwk as never }, stranger.signer)
    expect(await verdictOf(withKey)).toBe('accreditation_signature')
    const [header, , signature] = (await signAccreditation()).split('.')
    const [, more] = (await signAccreditation({ maxClaims: 20 })).split('.')
    expect(await verdictOf(`${header}.${more}.${signature}`)).toBe('accreditation_signature')
  })

  it('when it is over, or from the future', async () => {
    const token = await signAccreditation()
    expect(await verdictOf(token, { now: at(20 * DAY) })).toBe('accreditation_expired')
    expect(await verdictOf(token, { now: at(20 * DAY - 1) })).toBe('unknown')
    const future = await signAccreditation({ issuedAt: at(120), expiresAt: at(DAY) })
    const early = [listedRegistrar()]
    expect(await verdictOf(future, { trusted: early })).toBe('accreditation_expired')
  })

  it('before the time it is for, where that is later than its making', async () => {
    const now = Math.floor(NOW.getTime() / 1000)
    expect(await verdictOf(await signMembers({ nbf: now + HOUR }))).toBe('accreditation_expired')
    expect(await verdictOf(await signMembers({ nbf: now + HOUR }), { now: at(HOUR) })).toBe(
      'unknown',
    )
    expect(await verdictOf(await signMembers({ nbf: now + 60 }))).toBe('unknown')
  })

  it('when it lives longer than 30 days, or not at all', async () => {
    const iat = Math.floor(NOW.getTime() / 1000)
    expect(formOf(await signMembers({ iat, exp: iat + 30 * DAY }))).toBe('read')
    expect(formOf(await signMembers({ iat, exp: iat + 30 * DAY + 1 }))).toBe(
      'accreditation_malformed',
    )
    expect(formOf(await signMembers({ iat, exp: iat }))).toBe('accreditation_malformed')
    expect(formOf(await signMembers({ exp: undefined }))).toBe('accreditation_malformed')
  })

  it('when the registrar took it back, by an old list too', async () => {
    const token = await signAccreditation()
    const revoked = await signRegistrarStatus({ revoked: [7] })
    expect(await verdictOf(token, { lists: [revoked] })).toBe('accreditation_revoked')
    const others = await signRegistrarStatus({ revoked: [6, 8] })
    expect(await verdictOf(token, { lists: [others] })).toBe('good')
    const held = await readAccreditationStatusList(revoked, { registrars, now: NOW })
    const statusLists = new Map([[held.uri, held]])
    const late = verifyAccreditation(token, { registrars, statusLists, now: at(8 * DAY) })
    expect(await late.then(({ status }) => status, protocolCode)).toBe('accreditation_revoked')
  })

  it('as another kind of token, with none of our algorithms, and as no token at all', async () => {
    const payload = parseAccreditation(await signAccreditation()).jws.payload
    const { signer } = registrar
    const other = await createJws({ header: { typ: 'JWT', kid: signer.keyId }, payload, signer })
    expect(formOf(other)).toBe('accreditation_malformed')
    for (const text of ['', 'a.b.c', `${'a'.repeat(64 * 1024 + 1)}`]) {
      expect(formOf(text)).toBe('accreditation_malformed')
    }
  })

  it('when it is longer than 64 KiB, and not a character before', async () => {
    const token = await signMembers({ filler: 'x'.repeat(40_000) })
    expect(formOf(token)).toBe('read')
    expect(formOf(await signMembers({ filler: 'x'.repeat(50_000) }))).toBe(
      'accreditation_malformed',
    )
  })
})

describe('verifier_info', () => {
  it('brings accreditations as registration_cert and nothing else', async () => {
    const { token } = await accredited()
    const info = [
      { format: 'registration_cert', data: token },
      { format: 'jwt', data: 'a.b.c' },
      { format: 'registration_cert', data: { a: 1 } },
      { format: 'registration_cert' },
      null,
      'registration_cert',
    ]
    expect(accreditationOf(info)).toEqual([token])
    expect(accreditationOf(undefined)).toEqual([])
    expect(accreditationOf({ format: 'registration_cert', data: token })).toEqual([])
  })
})
