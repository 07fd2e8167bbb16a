import { generateSigner } from '@netcert/credential'
import {
  accreditationOf,
  parseAccreditation,
  parseQuery,
  readRequestObject,
  requestObjectSchema,
} from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accreditedPlatform, type Accredited } from '../../../test/accreditation-ground.js'
import { later } from '../../../test/trust-domain.js'
import { createVerifierGround, type VerifierGround } from '../../../test/verifier-ground.js'
import { createVpGround, over18, type VpGround } from '../../../test/vp-platform-ground.js'
import { readVpRequest } from '../../../test/vp-wallet-ground.js'
import type { VerifierError } from './errors.js'

const signIn = parseQuery(queries['sign-in'])
const queryFor = (...paths: string[][]) =>
  parseQuery({
    credentials: [
      {
        id: 'c',
        format: 'dc+sd-jwt',
        meta: { vct_values: ['urn:netcert:network-certificate:1'] },
        claims: paths.map((path) => ({ path })),
      },
    ],
  })
const refusal = (code: string) => expect.objectContaining({ code })
const asked = { clientId: 'did', mode: 'direct_post' } as const

const grounds: VpGround[] = []
const groundWith = async (...purposes: Accredited[]): Promise<VpGround> => {
  const ground = await createVpGround({
    accredit: ({ domain, requestJwk }) => accreditedPlatform(domain, requestJwk, purposes),
  })
  grounds.push(ground)
  return ground
}
let plain: VpGround
let ground: VpGround
beforeAll(async () => {
  plain = await createVpGround()
  ground = await groundWith({}, { purposeId: 'age', claims: [['age_equal_or_over', '18']] })
  grounds.push(plain)
})
afterAll(() => {
  for (const one of grounds) one.close()
})

const caught = (promise: Promise<unknown>): Promise<VerifierError> =>
  promise.then(
    () => Promise.reject(new Error('it was sent')),
    (error: unknown) => error as VerifierError,
  )

describe('a verifier without accreditation', () => {
  it('asks for facts', async () => {
    const { requestUri } = await plain.engine.createRequest({ query: over18, ...asked })
    const { request } = await readVpRequest(requestUri)
    expect(request.verifier_info).toBeUndefined()
  })

  it.each([
    ['the network number', queryFor(['network_number'])],
    ['a platform number', signIn],
    ['a name', queryFor(['family_name'])],
    ['an ID number beside a fact', queryFor(['age_band'], ['id_number'])],
    ['a claim nobody knows', queryFor(['nickname'])],
  ])('does not ask for %s, over any way', async (_what, query) => {
    await expect(plain.engine.createRequest({ query, ...asked })).rejects.toEqual(
      refusal('unaccredited'),
    )
    const browser = { query, origin: plain.origin, mode: 'dc_api', clientId: 'did' } as const
    await expect(plain.engine.createDcApiRequest(browser)).rejects.toEqual(refusal('unaccredited'))
  })

  it('does not hand such a query over by itself, nor judge its answer', async () => {
    const offline: VerifierGround = await createVerifierGround()
    for (const query of [signIn, queryFor(['network_number']), queryFor(['family_name'])]) {
      const made = offline.verifierWith().createSession({ query })
      await expect(made).rejects.toEqual(refusal('unaccredited'))
    }
  })

  it('says which claim and why, and what would serve', async () => {
    const query = queryFor(['birthdate'])
    const error = await caught(plain.engine.createRequest({ query, ...asked }))
    expect(error.message).toContain('birthdate (unaccredited, age_equal_or_over.18 may serve')
    expect(error.findings).toMatchObject([
      { path: ['birthdate'], offer: ['age_equal_or_over', '18'], isOfferCovered: true },
    ])
  })
})

describe('an accredited verifier', () => {
  it('sends its accreditation by value, signed by the accredited key', async () => {
    const { requestUri } = await ground.engine.createRequest({ query: signIn, ...asked })
    const { request } = await readVpRequest(requestUri)
    expect(requestObjectSchema.parse(request).verifier_info).toEqual([
      { format: 'registration_cert', data: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) },
    ])
  })

  it('sends it over the browser too, and nothing of it unsigned', async () => {
    const browser = { query: signIn, origin: ground.origin, mode: 'dc_api' } as const
    const { request } = await ground.engine.createDcApiRequest({ ...browser, clientId: 'did' })
    const text = readRequestObject(request.data['request'] as string).payload
    expect(accreditationOf(text['verifier_info'])).toHaveLength(1)
    const unsigned = ground.engine.createDcApiRequest({ ...browser, clientId: null })
    await expect(unsigned).rejects.toEqual(refusal('unaccredited'))
    const byRedirect = { query: signIn, clientId: 'redirect_uri', mode: 'direct_post' } as const
    await expect(ground.engine.createRequest(byRedirect)).rejects.toEqual(refusal('unaccredited'))
  })

  it.each([
    ['a claim beside the covered ones', queryFor(['platform_number'], ['residence_region'])],
    ['the parent of a covered claim', queryFor(['age_equal_or_over'])],
    ['identity without a legal basis', queryFor(['platform_number'], ['family_name'])],
    ['the network number', queryFor(['network_number'])],
  ])('does not ask for %s', async (_what, query) => {
    await expect(ground.engine.createRequest({ query, ...asked })).rejects.toEqual(
      refusal('over_asking'),
    )
  })

  it('names the claim, the reason and the smaller claim', async () => {
    const query = queryFor(['platform_number'], ['birthdate'])
    const error = await caught(ground.engine.createRequest({ query, ...asked }))
    expect(error.message).toContain('accreditation "accreditation-sign-in" covers less')
    expect(error.message).toContain('birthdate (claim_uncovered, age_equal_or_over.18 may serve')
    expect(error.message).not.toContain('platform_number')
  })

  it('does not compare a number with values it has', async () => {
    const probing = {
      credentials: [
        { ...signIn.credentials[0], claims: [{ path: ['platform_number'], values: ['P1'] }] },
      ],
    }
    await expect(ground.engine.createRequest({ query: probing, ...asked })).rejects.toEqual(
      refusal('over_asking'),
    )
  })

  it('takes the accreditation that covers, or the one of the purpose and no other', async () => {
    const under = async (purpose?: string) => {
      const named = purpose === undefined ? {} : { purpose }
      const made = await ground.engine.createRequest({ query: over18, ...asked, ...named })
      const { request } = await readVpRequest(made.requestUri)
      const [token = ''] = accreditationOf(request.verifier_info)
      return parseAccreditation(token).accreditation.purposeId
    }
    expect(await under()).toBe('age')
    expect(await under('age')).toBe('age')
    expect(await under('a name of its own')).toBe('age')
    await expect(under('sign-in')).rejects.toEqual(refusal('over_asking'))
  })

  it('asks for identity where the accreditation names a law or a consent', async () => {
    for (const legalBasis of ['law:example act 12', 'consent'] as const) {
      const lawful = await groundWith({ claims: [['family_name']], legalBasis })
      const made = lawful.engine.createRequest({ query: queryFor(['family_name']), ...asked })
      expect((await made).requestUri).toContain('request_uri')
    }
  })

  it('does not ask under one that ends before the answer can come', async () => {
    const ending = await groundWith({ expiresAt: later(299) })
    const error = await caught(ending.engine.createRequest({ query: signIn, ...asked }))
    expect(error).toEqual(refusal('unaccredited'))
    expect(error.message).toContain('every accreditation has ended')
    const enough = await groundWith({ expiresAt: later(300) })
    await enough.engine.createRequest({ query: signIn, ...asked })
  })

  it('does not ask under one that was made for another key', async () => {
    const other = await generateSigner('ES256')
    const ours = await createVpGround({
      accredit: ({ domain }) => accreditedPlatform(domain, other.jwk),
    })
    grounds.push(ours)
    const error = await caught(ours.engine.createRequest({ query: signIn, ...asked }))
    expect(error).toEqual(refusal('over_asking'))
    expect(error.message).toContain('accreditation_key')
  })

  it('names what else serves as well', async () => {
    const alternatives = [{ 'zh-CN': '到柜台办理', en: 'Come to the counter' }]
    const made = await ground.engine.createRequest({ query: signIn, ...asked, alternatives })
    const { request } = await readVpRequest(made.requestUri)
    expect(request.netcert_alternatives).toEqual(alternatives)
  })

  it('is refused over HTTP by a code, and its pages learn nothing of the accreditation', async () => {
    const greedy = await createVpGround({ queries: { greedy: queryFor(['family_name']) } })
    grounds.push(greedy)
    const heard = await fetch(`${greedy.baseUrl}/start?query=greedy`, { method: 'POST' })
    expect(heard.status).toBe(400)
    const body = await heard.text()
    expect(JSON.parse(body)).toMatchObject({ error: 'unaccredited' })
    expect(body).not.toContain('family_name')
  })
})
