import { beforeAll, describe, expect, it } from 'vitest'
import {
  AUDIENCE,
  at,
  codeOf,
  demands,
  holder,
  issuer,
  mint,
  NONCE,
  NOW,
  present,
  signStatusList,
  stranger,
  trustWith,
} from '../../../test/trust-ground.js'
import {
  certificateType,
  createJws,
  createKeyBinding,
  credentialLimits,
  decodeTextBase64Url,
  digestDisclosure,
  encodeDisclosure,
  type JsonObject,
  type JsonValue,
  joinSdJwt,
  NETWORK_CERTIFICATE,
  parseJsonObject,
  type Signer,
  splitSdJwt,
  type Trust,
  verifyPresentation,
  verifyReceivedCredential,
} from './index.js'

/** A certificate that our own issuer would never mint, presented rightly all the same. */
type Forgery = {
  readonly header?: JsonObject
  /** Changes to the payload; undefined takes a member out. */
  readonly payload?: { readonly [name: string]: JsonValue | undefined }
  /** Claims that come by Disclosure, whatever the type says. */
  readonly disclosed?: { readonly [name: string]: JsonValue }
  readonly signer?: Signer
}

let trust: Trust
let usual: JsonObject

beforeAll(async () => {
  trust = await trustWith([await signStatusList()])
  const [, payload = ''] = splitSdJwt(await mint(), credentialLimits).jwt.split('.')
  usual = parseJsonObject(decodeTextBase64Url(payload), { maxDepth: 32 })
})

async function forge(forgery: Forgery): Promise<string> {
  const { disclosed = {}, signer = issuer.signer } = forgery
  const disclosures = Object.entries(disclosed).map(([name, value], position) =>
    encodeDisclosure({ salt: `salt-of-16-bytes-${position}`, name, value }),
  )
  const digests = ['decoy', ...disclosures].map((text) => digestDisclosure('sha-256', text))
  const payload: { [name: string]: JsonValue } = { ...usual, _sd: digests }
  for (const [name, value] of Object.entries(forgery.payload ?? {})) {
    if (value === undefined) delete payload[name]
    else payload[name] = value
  }
  const header = { typ: 'dc+sd-jwt', kid: issuer.signer.keyId, ...forgery.header }
  return joinSdJwt(await createJws({ header, payload, signer }), disclosures)
}

async function codeOfForgery(forgery: Forgery): Promise<string> {
  const boundText = await forge(forgery)
  const binding = await createKeyBinding({
    boundText,
    hashAlgorithm: 'sha-256',
    audience: AUDIENCE,
    nonce: NONCE,
    issuedAt: NOW,
    signer: holder.signer,
    claims: {},
  })
  return verifyPresentation(trust, boundText + binding, demands({ claimSets: [[]] })).then(
    () => 'accepted',
    codeOf,
  )
}

const relative = ({ signer }: { readonly signer: { readonly keyId: string } }) =>
  signer.keyId.slice(signer.keyId.indexOf('#'))

describe('a certificate the issuer’s key did sign', () => {
  it('is accepted when it keeps the rules', async () => {
    expect(await codeOfForgery({})).toBe('accepted')
    expect(await codeOfForgery({ disclosed: { nationality: 'CHN' } })).toBe('accepted')
    expect(await codeOfForgery({ disclosed: { shoe_size: 43 } })).toBe('accepted')
  })

  it.each(['iss', 'vct', 'iat', 'exp', 'cnf', 'vct#integrity'])('must show %s', async (name) => {
    const value = usual[name] ?? null
    const withheld = await codeOfForgery({ payload: { [name]: undefined } })
    const disclosed = await codeOfForgery({
      payload: { [name]: undefined },
      disclosed: { [name]: value },
    })
    const missing = name === 'vct#integrity' ? 'mandatory_claim_missing' : 'required_claim_missing'
    expect(withheld).toBe(missing)
    expect(disclosed).toBe(name === 'vct#integrity' ? 'sd_forbidden_claim' : missing)
  })

  it.each([
    ['status', { status_list: { idx: 0, uri: 'https://issuer.example/status/1' } }],
    ['nbf', 0],
    ['aka_vcts', ['urn:example:other']],
  ])('must not bring %s by Disclosure', async (name, value) => {
    const forgery = { payload: { [name]: undefined }, disclosed: { [name]: value } }
    expect(await codeOfForgery(forgery)).toBe('sd_forbidden_claim')
  })

  it('must not carry digests inside cnf or status', async () => {
    const hidden = { _sd: ['A'.repeat(43)] }
    const cnf = { ...(usual['cnf'] as JsonObject), ...hidden }
    expect(await codeOfForgery({ payload: { cnf } })).toBe('sd_forbidden_claim')
    const status = { ...(usual['status'] as JsonObject), more: [{ '...': 'B'.repeat(43) }] }
    expect(await codeOfForgery({ payload: { status } })).toBe('sd_forbidden_claim')
  })

  it('must hide what its type hides, and show what its type shows', async () => {
    expect(await codeOfForgery({ payload: { family_name: '于' } })).toBe('sd_rule_violated')
    expect(await codeOfForgery({ payload: { network_number: 'x' } })).toBe('sd_rule_violated')
    const ages = { age_equal_or_over: { '18': true } }
    expect(await codeOfForgery({ disclosed: ages })).toBe('sd_rule_violated')
    expect(await codeOfForgery({ payload: ages })).toBe('sd_rule_violated')
  })

  it('must be of the published type', async () => {
    const of = (integrity: JsonValue) => codeOfForgery({ payload: { 'vct#integrity': integrity } })
    const right = certificateType(NETWORK_CERTIFICATE).integrity
    expect(await of(right.replace('sha256-', 'sha256-A'))).toBe('integrity_mismatch')
    expect(await of(`${right} sha512-AAAA`)).toBe('integrity_mismatch')
    expect(await of(5)).toBe('integrity_malformed')
    expect(await of('md5-AAAA')).toBe('integrity_unsupported')
    expect(await of(`md5-AAAA ${right}`)).toBe('accepted')
  })

  it('says on whose behalf it is shown in one way only', async () => {
    expect(await codeOfForgery({ payload: { rep: 'guardian' } })).toBe('accepted')
    expect(await codeOfForgery({ payload: { rep: 'owner' } })).toBe('claim_invalid')
    expect(await codeOfForgery({ payload: { rep: true } })).toBe('claim_invalid')
  })

  it.each([
    ['typ vc+sd-jwt', { typ: 'vc+sd-jwt' }, 'typ_mismatch'],
    ['typ JWT', { typ: 'JWT' }, 'typ_mismatch'],
    ['a key of its own', { jwk: { kty: 'EC' } }, 'header_invalid'],
    ['a certificate chain', { x5c: ['AAAA'] }, 'header_invalid'],
    ['an address of keys', { jku: 'https://issuer.example/jwks' }, 'header_invalid'],
    ['a critical extension', { crit: ['exp'] }, 'crit_unsupported'],
    ['another key’s name', { kid: stranger.signer.keyId }, 'key_not_of_issuer'],
    ['a key name without DID', { kid: '#key-1' }, 'key_not_of_issuer'],
    ['another key’s name without its DID', { kid: relative(stranger) }, 'key_not_of_issuer'],
  ])('is refused with %s in its header', async (_, header, code) => {
    expect(await codeOfForgery({ header })).toBe(code)
  })

  it('may name its key without the DID before it (DID Core §3.2.2)', async () => {
    expect(await codeOfForgery({ header: { kid: relative(issuer) } })).toBe('accepted')
  })

  it('may leave its key unnamed', async () => {
    expect(await codeOfForgery({ header: { kid: undefined } as never })).toBe('accepted')
  })

  it.each([
    ['a text as exp', { exp: '1800000000' }, 'time_malformed'],
    ['a text as iat', { iat: 'now' }, 'time_malformed'],
    ['a list as iss', { iss: ['did:key:z'] }, 'issuer_untrusted'],
    ['an nbf that is ahead', { nbf: at(1).getTime() / 1000 }, 'time_not_yet_valid'],
    ['an aud that is somebody else', { aud: 'https://bank.example' }, 'aud_mismatch'],
    ['an empty vct', { vct: '' }, 'vct_invalid'],
    [
      'further types that repeat the first',
      { aka_vcts: [NETWORK_CERTIFICATE] },
      'aka_vcts_invalid',
    ],
    ['a status without place', { status: { status_list: {} } }, 'status_claim_malformed'],
    ['another kind of status', { status: { other: {} } }, 'status_unsupported'],
    ['a weak hash', { _sd_alg: 'md5' }, 'sd_alg_unsupported'],
    ['a holder key by address', { cnf: { jku: 'https://x.example' } }, 'cnf_unsupported'],
    ['an empty digest list and nothing to disclose', { _sd: [] }, 'reserved_name_misuse'],
  ])('is refused with %s', async (_, payload, code) => {
    expect(await codeOfForgery({ payload })).toBe(code)
  })

  it('is refused when somebody else signed it in the issuer’s name', async () => {
    expect(await codeOfForgery({ signer: stranger.signer })).toBe('bad_signature')
  })

  it('is refused for answering another request before any signature is looked at', async () => {
    const forged = await present(await forge({ signer: stranger.signer }), { paths: [] })
    const code = (changes: object) =>
      verifyPresentation(trust, forged, demands(changes)).then(() => 'accepted', codeOf)
    expect(await code({ nonce: 'another' })).toBe('kb_nonce')
    expect(await code({ audience: 'another' })).toBe('kb_aud')
    expect(await code({})).toBe('bad_signature')
  })
})

describe('a certificate that arrives at its holder', () => {
  const receive = async (credential: string, holderJwk = holder.jwk) =>
    verifyReceivedCredential(trust, credential, { now: NOW, holderJwk })

  it('is verified and read', async () => {
    expect(await receive(await mint())).toMatchObject({
      issuer: issuer.signer.did,
      vct: NETWORK_CERTIFICATE,
      status: { index: 5 },
      claims: { age_equal_or_over: { '18': true }, family_name: '于' },
    })
  })

  it('is refused for another key, with a key binding, without a mandatory claim, or altered', async () => {
    const credential = await mint()
    const code = (text: string, key = holder.jwk) => receive(text, key).then(() => 'ok', codeOf)
    expect(await code(credential, stranger.jwk)).toBe('cnf_invalid_key')
    expect(await code(await present(credential))).toBe('kb_unexpected')
    const parts = splitSdJwt(credential, credentialLimits)
    expect(await code(joinSdJwt(parts.jwt, []))).toBe('mandatory_claim_missing')
    const more = encodeDisclosure({ salt: 'salt', name: 'age_over_99', value: true })
    expect(await code(joinSdJwt(parts.jwt, [...parts.disclosures, more]))).toBe(
      'disclosure_unreferenced',
    )
    expect(await code(await mint({ signer: stranger.signer }))).toBe('issuer_untrusted')
  })
})
