import {
  freshnessPolicies,
  GATE_PASS,
  type JsonObject,
  NETWORK_CERTIFICATE,
  verifyPresentation,
} from '@netcert/credential'
import { parseAnswer } from '@netcert/protocol'
import { describe, expect, it } from 'vitest'
import { adultClaims } from '../../../test/trust-domain.js'
import { vpGround } from '../../../test/vp-ground.js'
import { linkOf, NONCE, requestOf } from '../../../test/vp-verifier-ground.js'
import type { ConsentDecision } from './vp-consent.js'

const vp = vpGround({ copies: 0 })
const ages = { age_over_14: true, age_over_18: true, age_over_60: false }
const gateClaims = { real_person: 'document', ...ages }
async function receive(
  copies: number,
  vct = NETWORK_CERTIFICATE,
  claims: JsonObject = adultClaims,
) {
  const keys = await vp.wallet.createHolderKeys(copies)
  const { domain } = vp.ground
  const credentials = await Promise.all(keys.map((jwk) => domain.mint({ jwk, vct, claims })))
  await vp.wallet.receive({ credentials, kind: 'one-time' })
}
const ask = (id: string, path: string[], changes: object = {}) => ({
  id,
  format: 'dc+sd-jwt',
  meta: { vct_values: [NETWORK_CERTIFICATE] },
  claims: [{ path }],
  ...changes,
})
const adult = ask('adult', ['age_equal_or_over', '18'])
const real = ask('real', ['real_person'])
const gate = ask('gate', ['age_over_18'], { meta: { vct_values: [GATE_PASS] } })
const mdoc = { id: 'mdoc', format: 'mso_mdoc', meta: { doctype_value: 'org.iso.18013.5.1.mDL' } }

async function answer(dcql_query: object, decision: ConsentDecision = 'share') {
  const request = await linkOf(vp.asker, requestOf(vp.server, { dcql_query }))
  const code = await vp.wallet.answerRequest({ request, consent: () => decision }).then(
    () => 'answered',
    (error: unknown) =>
      error instanceof Error && 'code' in error ? String(error.code) : `fault: ${String(error)}`,
  )
  const told = parseAnswer(vp.server.answers.at(-1) ?? {})
  return { code, token: told.kind === 'presentations' ? told.vpToken : told.error }
}

async function claimsIn(presentation: string | undefined, path: string[]) {
  const verified = await verifyPresentation(await vp.ground.domain.trust(), presentation ?? '', {
    audience: vp.asker.clientId,
    nonce: NONCE,
    now: vp.ground.now,
    keyBindingMaxAgeSeconds: 300,
    freshness: freshnessPolicies['grace-24h'],
    types: [NETWORK_CERTIFICATE, GATE_PASS],
    claimSets: [[{ path }]],
    platform: null,
  })
  return { claims: verified.claims, key: verified.holderKey }
}

describe('a query for several certificates', () => {
  it('is answered by all of them, each from a copy of its own with only its claims', async () => {
    await receive(3)
    await receive(1, GATE_PASS, gateClaims)
    const { code, token } = await answer({ credentials: [adult, real, gate] })
    expect(code).toBe('answered')
    if (typeof token === 'string') throw new TypeError(token)
    expect(Object.keys(token)).toEqual(['adult', 'real', 'gate'])
    const shown = [
      await claimsIn(token['adult']?.[0], ['age_equal_or_over', '18']),
      await claimsIn(token['real']?.[0], ['real_person']),
      await claimsIn(token['gate']?.[0], ['age_over_18']),
    ]
    expect(shown.map(({ claims }) => claims)).toEqual([
      { age_equal_or_over: { '18': true } },
      { real_person: 'document+face' },
      { age_over_18: true },
    ])
    expect(new Set(shown.map(({ key }) => key)).size).toBe(3)
    await expect(claimsIn(token['adult']?.[0], ['real_person'])).rejects.toMatchObject({
      code: 'query_unsatisfied',
    })
    expect(await vp.wallet.ledger()).toHaveLength(3)
  })

  it('is answered by nothing when one is missing, or its copies do not suffice', async () => {
    await receive(1)
    expect(await answer({ credentials: [adult, gate] })).toEqual({
      code: 'query_unanswered',
      token: 'access_denied',
    })
    expect((await answer({ credentials: [adult, real] })).token).toBe('access_denied')
    expect((await answer({ credentials: [adult, mdoc] })).token).toBe('access_denied')
    expect((await vp.wallet.list())[0]?.remaining).toBe(1)
  })
})

describe('credential sets', () => {
  it('are answered by the first option that can be, in the order of the verifier', async () => {
    await receive(3)
    const credentials = [adult, real, gate, mdoc]
    const options = [['mdoc'], ['gate', 'adult'], ['real'], ['adult']]
    const { token } = await answer({ credentials, credential_sets: [{ options }] })
    expect(Object.keys(token)).toEqual(['real'])
  })

  it('that are optional are shared only when the citizen says so, and never missed', async () => {
    await receive(3)
    const credentials = [adult, real, gate]
    const optional = { options: [['gate'], ['real']], required: false }
    const query = { credentials, credential_sets: [{ options: [['adult']] }, optional] }
    expect(Object.keys((await answer(query)).token)).toEqual(['adult'])
    expect(Object.keys((await answer(query, 'share-optional')).token)).toEqual(['adult', 'real'])
    const missing = { options: [['gate']], required: false }
    const without = { credentials, credential_sets: [{ options: [['adult']] }, missing] }
    expect((await answer(without, 'share-optional')).token).toBe('access_denied')
  })

  it('are not answered when a required one cannot be', async () => {
    await receive(3)
    const credentials = [adult, gate]
    const credential_sets = [{ options: [['adult']] }, { options: [['gate']] }]
    expect((await answer({ credentials, credential_sets })).token).toBe('access_denied')
    expect((await vp.wallet.list())[0]?.remaining).toBe(3)
  })
})

describe('multiple', () => {
  it('takes one presentation of each certificate that differs, and one otherwise', async () => {
    await receive(2)
    await receive(2)
    await receive(2, NETWORK_CERTIFICATE, { ...adultClaims, real_person: 'document' })
    const several = await answer({
      credentials: [ask('real', ['real_person'], { multiple: true })],
    })
    if (typeof several.token === 'string') throw new TypeError(several.token)
    const shown = await Promise.all(
      (several.token['real'] ?? []).map((one) => claimsIn(one, ['real_person'])),
    )
    const values = shown.map(({ claims }) => claims['real_person'])
    expect(new Set(values)).toEqual(new Set(['document', 'document+face']))
    expect(values).toHaveLength(2)
    const one = await answer({ credentials: [real] })
    expect(typeof one.token === 'string' ? 0 : one.token['real']).toHaveLength(1)
  })
})

describe('a query without claims', () => {
  it('is answered with what is visible in any certificate, and nothing else', async () => {
    await receive(1)
    const { claims: _, ...any } = adult
    const { token } = await answer({ credentials: [any] })
    if (typeof token === 'string') throw new TypeError(token)
    expect(token['adult']?.[0]?.split('~')).toHaveLength(2)
  })

  it('may name what is visible anyway, which costs no disclosure', async () => {
    await receive(2)
    const issuer = ask('issuer', ['iss'])
    const { token } = await answer({ credentials: [issuer] })
    if (typeof token === 'string') throw new TypeError(token)
    expect(token['issuer']?.[0]?.split('~')).toHaveLength(2)
    const wrong = { ...issuer, claims: [{ path: ['iss'], values: ['https://other.example'] }] }
    expect((await answer({ credentials: [wrong] })).token).toBe('access_denied')
  })
})

describe('trusted authorities', () => {
  it('are not met by an issuer that no certificate authority stands behind', async () => {
    await receive(1)
    const trusted_authorities = [{ type: 'aki', values: ['s9tIpPmhxdiuNkHMEWNpYim8S8Y'] }]
    expect((await answer({ credentials: [{ ...adult, trusted_authorities }] })).token).toBe(
      'access_denied',
    )
    expect((await vp.wallet.list())[0]?.remaining).toBe(1)
  })
})
