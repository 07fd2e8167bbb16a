import { createJws, generateSigner, type PublicJwk } from '@netcert/credential'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import {
  accreditationContent,
  accredited,
  listedRegistrar,
  PLATFORM_ID,
  platformKey,
  REGISTRAR_STATUS_URI,
  registrar,
  signAccreditation,
  signMembers,
  signRegistrarStatus,
} from '../../../test/registrar-ground.js'
import { at, DAY, HOUR, NOW, stranger } from '../../../test/trust-ground.js'
import { accreditationOf, parseAccreditation, verifyAccreditation } from './accreditation.js'
import { readAccreditationStatusList, withAccreditationStatus } from './accreditation-status.js'
import { ProtocolError } from './errors.js'
import { publishedPlatformSchema } from './published-platform-schemas.js'

const registrars = [listedRegistrar()]
const codeOf = (error: unknown) =>
  error instanceof ProtocolError ? error.code : `fault: ${String(error)}`

/** `good`, `unknown`, or the code of the refusal. */
async function verdictOf(
  token: string,
  {
    lists = [],
    now = NOW,
    trusted = registrars,
  }: Readonly<{
    lists?: readonly string[]
    now?: Date
    trusted?: typeof registrars
  }> = {},
): Promise<string> {
  let statusLists: Parameters<typeof verifyAccreditation>[1]['statusLists'] = new Map()
  for (const list of lists) {
    const held = await readAccreditationStatusList(list, { registrars: trusted, now })
    statusLists = withAccreditationStatus(statusLists, held)
  }
  return verifyAccreditation(token, { registrars: trusted, statusLists, now }).then(
    ({ status }) => status,
    codeOf,
  )
}

const formOf = (token: string): string => {
  try {
    parseAccreditation(token)
    return 'read'
  } catch (error) {
    return codeOf(error)
  }
}

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
    expect(await late.then(({ status }) => status, codeOf)).toBe('accreditation_revoked')
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

describe('the claims of an accreditation', () => {
  const credential = (members: object) => ({
    credentials: [{ format: 'dc+sd-jwt', meta: { vct_values: ['urn:a'] }, ...members }],
  })
  const claimsOf = async (members: object) =>
    parseAccreditation(await signMembers(credential(members))).accreditation.credentials[0]?.claims

  it('are read from claim and from claims, as lists of steps and as one name', async () => {
    const paths = [{ path: ['a', null, 0] }, { path: 'b' }]
    const read = [['a', null, 0], ['b']]
    expect(await claimsOf({ claim: paths })).toEqual(read)
    expect(await claimsOf({ claims: paths })).toEqual(read)
    expect(await claimsOf({ claim: paths, claims: paths })).toEqual(read)
  })

  it('make an error where none can be read, never an empty list', async () => {
    const refused = [
      {},
      { claim: [] },
      { claims: [] },
      { claim: null },
      { claim: {} },
      { claim: [{}] },
      { claim: [{ path: [] }] },
      { claim: [{ path: '' }] },
      { claim: [{ path: [true] }] },
      { claim: [{ path: [-1] }] },
      { claim: [{ path: [1.5] }] },
      { claim: ['a'] },
      { claim: [{ path: ['a'] }, { paths: ['b'] }] },
    ]
    for (const members of refused) {
      expect(formOf(await signMembers(credential(members)))).toBe('accreditation_malformed')
    }
    expect(formOf(await signMembers({ credentials: [] }))).toBe('accreditation_malformed')
    expect(formOf(await signMembers({ credentials: undefined }))).toBe('accreditation_malformed')
  })

  it('are refused where claim says one thing and claims another', async () => {
    const both = credential({
      claim: [{ path: ['a'] }],
      claims: [{ path: ['a'] }, { path: ['b'] }],
    })
    expect(formOf(await signMembers(both))).toBe('accreditation_malformed')
    const hidden = credential({ claim: [{ path: ['a'] }], claims: [] })
    expect(formOf(await signMembers(hidden))).toBe('accreditation_malformed')
  })

  it('are bounded', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, at) => ({ path: [`c${at}`] }))
    expect(formOf(await signMembers(credential({ claim: many(64) })))).toBe('read')
    expect(formOf(await signMembers(credential({ claim: many(65) })))).toBe(
      'accreditation_malformed',
    )
    const deep = (steps: number) => ({
      claim: [{ path: Array.from({ length: steps }, () => 'a') }],
    })
    expect(formOf(await signMembers(credential(deep(32))))).toBe('read')
    expect(formOf(await signMembers(credential(deep(33))))).toBe('accreditation_malformed')
    const { credentials } = credential({ claim: [{ path: ['a'] }] })
    const repeated = (count: number) => ({ credentials: Array(count).fill(credentials[0]) })
    expect(formOf(await signMembers(repeated(16)))).toBe('read')
    expect(formOf(await signMembers(repeated(17)))).toBe('accreditation_malformed')
  })

  it('stand beside other formats, but our own needs its types', async () => {
    const mdoc = { format: 'mso_mdoc', meta: { doctype_value: 'a' }, claim: [{ path: ['a', 'b'] }] }
    const ours = { format: 'dc+sd-jwt', meta: {}, claim: [{ path: ['a'] }] }
    expect(formOf(await signMembers({ credentials: [mdoc] }))).toBe('read')
    expect(formOf(await signMembers({ credentials: [ours] }))).toBe('accreditation_malformed')
  })
})

describe('the members of an accreditation', () => {
  const privateJwk: PublicJwk & { readonly d: string } = { ...platformKey.jwk, d: 'A'.repeat(43) }
  const ed25519 = generateSigner('EdDSA').then(({ jwk }) => jwk)

  it.each([
    ['a platform without a name', { sub: '' }],
    ['a platform identifier of 129 characters', { sub: 'a'.repeat(129) }],
    ['a platform identifier with a blank', { sub: 'shop example' }],
    ['no key', { cnf: undefined }],
    ['a key by reference', { cnf: { jku: 'https://shop.example/keys' } }],
    ['a private key', { cnf: { jwk: privateJwk } }],
    ['a key off the curve', { cnf: { jwk: { ...platformKey.jwk, y: 'A'.repeat(43) } } }],
    ['a registrar that is no did:key', { iss: 'https://registrar.example' }],
    ['no legal basis', { legal_basis: undefined }],
    ['a legal basis nobody knows', { legal_basis: 'because' }],
    ['a law that is not named', { legal_basis: 'law:' }],
    ['no bound of claims', { max_claims: undefined }],
    ['no claims at all', { max_claims: 0 }],
    ['a retention without an end', { retention_seconds: Number.MAX_SAFE_INTEGER }],
    ['a retention that is no number', { retention_seconds: '30 days' }],
    ['an address of another scheme', { deletion_uri: 'javascript:alert(1)' }],
    ['no address for reports', { report_uri: undefined }],
    ['a status without an index', { status: { status_list: { uri: REGISTRAR_STATUS_URI } } }],
    ['a vc about another platform', { vc: { type: ['a'], credentialSubject: { id: 'other' } } }],
    ['a name that turns the text around it', { name: 'moc.knab\u202ebank.com' }],
    ['a name with a line break', { name: 'Shop\nVerified by the bank' }],
    ['a purpose of 201 characters', { purpose: [{ lang: 'en', value: 'a'.repeat(201) }] }],
    ['no purpose', { purpose: [] }],
  ])('are refused: %s', async (_, members) => {
    expect(formOf(await signMembers(members))).toBe('accreditation_malformed')
  })

  it('take an Ed25519 key, 128 characters of platform and 200 of purpose', async () => {
    const value = '网'.repeat(200)
    const token = await signMembers({
      sub: 'a'.repeat(128),
      cnf: { jwk: await ed25519 },
      purpose: [{ lang: 'zh', value }],
      display_name: undefined,
      legal_basis: 'law:《网络安全法》第二十四条',
    })
    const { accreditation } = parseAccreditation(token)
    expect(accreditation.purpose).toEqual({ 'zh-CN': value, en: value })
    expect(accreditation.name).toEqual({ 'zh-CN': '示例商店', en: '示例商店' })
    expect(accreditation.legalBasis).toBe('law:《网络安全法》第二十四条')
  })
})

describe('the status list of a registrar', () => {
  const take = async (token: string, now = NOW): Promise<string> =>
    readAccreditationStatusList(token, { registrars, now }).then(() => 'taken', codeOf)

  it('is refused from anybody else, past its end, and from the future', async () => {
    expect(await take(await signRegistrarStatus())).toBe('taken')
    expect(await take(await signRegistrarStatus({ signer: stranger.signer }))).toBe(
      'accreditation_status',
    )
    expect(await take(await signRegistrarStatus(), at(8 * DAY))).toBe('accreditation_status')
    expect(await take(await signRegistrarStatus({ issuedAt: at(2 * DAY) }))).toBe(
      'accreditation_status',
    )
    const forged = await signRegistrarStatus({
      signer: { ...stranger.signer, keyId: registrar.signer.keyId },
    })
    expect(await take(forged)).toBe('accreditation_status')
    expect(await take(await signAccreditation())).toBe('accreditation_status')
  })

  it('does not go back to an older one', async () => {
    const read = async (issuedAt: Date) =>
      readAccreditationStatusList(await signRegistrarStatus({ issuedAt }), { registrars, now: NOW })
    const [older, newer] = [await read(at(-2 * HOUR)), await read(at(-HOUR))]
    const lists = withAccreditationStatus(new Map(), newer)
    expect(() => withAccreditationStatus(lists, older)).toThrow(ProtocolError)
    expect(withAccreditationStatus(lists, newer).get(newer.uri)).toBe(newer)
    expect(withAccreditationStatus(new Map([[older.uri, older]]), newer).get(newer.uri)).toBe(newer)
  })

  it('counts for the registrar that signed it, and for entries it has', async () => {
    const token = await signAccreditation()
    const trusted = [listedRegistrar(), listedRegistrar({ did: stranger.signer.did })]
    const theirs = await signRegistrarStatus({ signer: stranger.signer, revoked: [7] })
    expect(await verdictOf(token, { trusted, lists: [theirs] })).toBe('unknown')
    const short = await signAccreditation({ status: { uri: REGISTRAR_STATUS_URI, index: 5000 } })
    expect(await verdictOf(short, { lists: [await signRegistrarStatus()] })).toBe(
      'accreditation_status',
    )
  })

  it('says nothing any more after its end', async () => {
    const token = await signAccreditation()
    const held = await readAccreditationStatusList(await signRegistrarStatus(), {
      registrars,
      now: NOW,
    })
    const statusLists = new Map([[held.uri, held]])
    const later = await verifyAccreditation(token, { registrars, statusLists, now: at(8 * DAY) })
    expect(later.status).toBe('unknown')
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
