import { issuedResponseSchema } from '@netcert/protocol'
import { describe, expect, it } from 'vitest'
import { claimsOf } from '../../../../test/numbered-copies.js'
import {
  agree,
  type Authorized,
  authorizeUrl,
  CLIENT_ID,
  locationOf,
  logIn,
  postToken,
  pushRequest,
  redeem,
} from '../../../../test/oauth-flow.js'
import { createBrowser, createDpopKey, type DpopKey } from '../../../../test/oauth-wallet.js'
import { openedForAll } from '../../../../test/opened-for-all.js'
import {
  askCredential,
  fetchNumberedCopy,
  redeemWardOffer,
  serveFamily,
  type WardToken,
  wardTokenOf,
} from '../../../../test/ward-ground.js'

const served = openedForAll(serveFamily)

const redeemOffer = (guardian: string, ward: string, type: string, key?: DpopKey) =>
  redeemWardOffer(served, { guardian, ward, type, key })

const numberedCopy = (token: Pick<WardToken, 'accessToken'>, identifier: string, key?: DpopKey) =>
  fetchNumberedCopy(served, { token, identifier, key })

const opaque = (identifier: string): string => identifier.split(':')[1] ?? ''

/** The whole way of a guardian who signs in. */
async function signIn(
  member: 'mother' | 'father' | 'stranger',
  changes: Readonly<Record<string, string | null>>,
) {
  const asking = await pushRequest(served, changes)
  const browser = createBrowser()
  const start = authorizeUrl(served, asking.requestUri)
  const consent = await logIn(served, browser, start, served.family[member])
  return { asking, browser, consent }
}

async function tokenBySignIn(
  member: 'mother' | 'father',
  changes: Readonly<Record<string, string | null>>,
) {
  const { asking, browser, consent } = await signIn(member, changes)
  const redirect = new URL(locationOf(await agree(browser, consent)))
  const code = redirect.searchParams.get('code') ?? ''
  const authorized: Authorized = { ...asking, browser, redirect, code }
  return { ...wardTokenOf((await redeem(served, authorized)).body), key: asking.key }
}

describe('a guardian with an offer', () => {
  it("fetches a ward's certificate with the ward's platform number", async () => {
    const { mother, father, daughter } = served.family
    const one = await redeemOffer(mother.reference, daughter.reference, 'ward-certificate')
    expect(one.identifiers).toEqual([expect.stringMatching(/^ward-certificate:[\w-]{22}$/)])
    const copy = await numberedCopy(one, one.identifiers[0]!)
    expect(copy.claims.get('rep')).toBe('guardian')
    expect(copy.claims.get('given_name')).toBe('daughter')
    // Each guardian has copies of their own; the number is the ward's in all of them.
    const two = await redeemOffer(father.reference, daughter.reference, 'ward-certificate')
    expect(opaque(two.identifiers[0]!)).not.toBe(opaque(one.identifiers[0]!))
    expect((await numberedCopy(two, two.identifiers[0]!)).number).toBe(copy.number)
  })

  it('fetches a guardianship certificate that holds nothing of the minor but the number', async () => {
    const { mother, teen } = served.family
    const token = await redeemOffer(mother.reference, teen.reference, 'guardianship')
    const { claims, number } = await numberedCopy(token, token.identifiers[0]!)
    expect(number).toMatch(/^P/)
    const named = ['given_name', 'birthdate', 'network_number', 'age_band']
    expect(named.filter((name) => claims.has(name))).toEqual([])
  })

  it('fetches again after a refresh, by the same identifier', async () => {
    const { mother, son } = served.family
    const key = await createDpopKey()
    const first = await redeemOffer(mother.reference, son.reference, 'ward-certificate', key)
    const form = { grant_type: 'refresh_token', refresh_token: first.refreshToken }
    const again = wardTokenOf((await postToken(served, form, key)).body)
    expect(again.identifiers).toEqual(first.identifiers)
    const copy = await numberedCopy(again, again.identifiers[0]!, key)
    expect(copy.claims.get('given_name')).toBe('son')
  })

  it('is refused by configuration, by the identifier of another ward, and by one made up', async () => {
    const { mother, daughter, son } = served.family
    const other = await redeemOffer(mother.reference, son.reference, 'ward-certificate')
    const { accessToken } = await redeemOffer(
      mother.reference,
      daughter.reference,
      'ward-certificate',
    )
    const ask = async (request: Readonly<Record<string, unknown>>) => {
      const answer = await askCredential(served, { accessToken, clientId: null, request })
      return [answer.status, answer.body['error']]
    }
    expect(await ask({ credential_configuration_id: 'ward-certificate' })).toEqual([
      400,
      'invalid_credential_request',
    ])
    for (const identifier of [other.identifiers[0]!, `ward-certificate:${'A'.repeat(22)}`]) {
      expect(await ask({ credential_identifier: identifier })).toEqual([
        400,
        'unknown_credential_identifier',
      ])
    }
    expect(await ask({ credential_identifier: 'ward-certificate:own' })).toEqual([
      400,
      'unknown_credential_identifier',
    ])
  })
})

describe('an offer about a ward', () => {
  it.each([
    ['to nobody', 'daughter', null, ['ward-certificate'], 'guardian_needed'],
    ['to somebody else', 'daughter', 'stranger', ['ward-certificate'], 'guardian_not_linked'],
    ['to the one guardian of two', 'teen', 'father', ['guardianship'], 'guardian_not_linked'],
    ['that is too old for it', 'teen', 'mother', ['ward-certificate'], 'age_not_allowed'],
    ['that is too young for it', 'son', 'mother', ['guardianship'], 'age_not_allowed'],
    ['who is no ward', 'stranger', 'mother', ['ward-certificate'], 'age_not_allowed'],
    [
      'together with own certificates',
      'daughter',
      'mother',
      ['ward-certificate', 'gate-pass'],
      'offer_mixed',
    ],
    ['of own certificates to a guardian', 'teen', 'mother', ['gate-pass'], 'offer_mixed'],
    ['of own certificates to a child', 'son', null, ['gate-pass'], 'age_not_allowed'],
  ] as const)('is not made %s', async (...[, ward, guardian, types, code]) => {
    const options = {
      citizen: served.family[ward].reference,
      guardian: guardian === null ? null : served.family[guardian].reference,
      types,
    }
    await expect(served.offer(options)).rejects.toMatchObject({ code })
  })
})

describe('a guardian who signs in', () => {
  it('is granted each of their wards by name, the same name in every configuration', async () => {
    const scope = 'ward-certificate guardianship'
    const token = await tokenBySignIn('mother', { scope })
    expect(token.identifiers.map((it) => it.split(':')[0]).toSorted()).toEqual([
      'guardianship',
      'ward-certificate',
      'ward-certificate',
    ])
    expect(new Set(token.identifiers.map(opaque)).size).toBe(3)
    const details = JSON.stringify([
      { type: 'openid_credential', credential_configuration_id: 'ward-certificate' },
    ])
    const rich = await tokenBySignIn('mother', { scope: null, authorization_details: details })
    expect(token.identifiers).toEqual(expect.arrayContaining([...rich.identifiers]))
    const names: string[] = []
    for (const identifier of rich.identifiers) {
      const request = { credential_identifier: identifier }
      const { accessToken, key } = rich
      const asked = { accessToken, key, clientId: CLIENT_ID, request }
      const { body } = await askCredential(served, asked)
      const [first] = issuedResponseSchema.parse(body).credentials
      const claims = await claimsOf(first!.credential)
      names.push(JSON.stringify(claims.get('given_name')))
    }
    expect(new Set(names)).toEqual(new Set(['"daughter"', '"son"']))
  })

  it('takes up an offer about one ward, and gets that one only', async () => {
    const { daughter } = served.family
    const { secret } = await served.offer({
      ...{ citizen: daughter.reference, types: ['ward-certificate'] },
      grant: 'authorization-code',
    })
    const changes = { scope: 'ward-certificate', issuer_state: secret }
    expect((await tokenBySignIn('father', changes)).identifiers).toHaveLength(1)
    const { browser, consent } = await signIn('stranger', changes)
    expect((await browser.get(`${consent}?lang=en`)).text).toContain('guardian')
    const refused = new URL(locationOf(await agree(browser, consent)))
    expect(refused.searchParams.get('error')).toBe('access_denied')
  })

  it('is told so where there is no ward, and gets nothing', async () => {
    const { browser, consent } = await signIn('stranger', { scope: 'ward-certificate' })
    const page = await browser.get(`${consent}?lang=zh-CN`)
    expect(page.text).toContain('没有由您监护')
    const refused = new URL(locationOf(await agree(browser, consent)))
    expect(refused.searchParams.get('error')).toBe('access_denied')
  })
})

describe('a guardian by a token of their own', () => {
  const pause = (accessToken: string, body: unknown) =>
    fetch(`${served.url}/ward-pause`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
      body: JSON.stringify(body),
    })

  it('pauses everything about a ward; another guardian fetches nothing meanwhile', async () => {
    const { mother, father, son } = served.family
    const mine = await redeemOffer(mother.reference, son.reference, 'ward-certificate')
    const [identifier = ''] = mine.identifiers
    await numberedCopy(mine, identifier)
    const until = Math.floor(Date.now() / 1000) + 3600
    const paused = await pause(mine.accessToken, { credential_identifier: identifier, until })
    expect(paused.status).toBe(204)
    const theirs = await redeemOffer(father.reference, son.reference, 'ward-certificate')
    const request = { credential_identifier: theirs.identifiers[0] }
    const asked = { accessToken: theirs.accessToken, clientId: null, request }
    expect(await askCredential(served, asked)).toMatchObject({
      status: 400,
      body: { error: 'credential_request_denied' },
    })
  })

  it('pauses nobody else, and nothing without a ward', async () => {
    const { mother, daughter, son } = served.family
    const token = await redeemOffer(mother.reference, daughter.reference, 'ward-certificate')
    const other = await redeemOffer(mother.reference, son.reference, 'ward-certificate')
    const refused = async (body: unknown) => {
      const answer = await pause(token.accessToken, body)
      return [answer.status, ((await answer.json()) as { error: string }).error]
    }
    const [identifier] = token.identifiers
    expect(await refused({ credential_identifier: other.identifiers[0] })).toEqual([
      400,
      'credential_request_denied',
    ])
    expect(await refused({})).toEqual([400, 'invalid_credential_request'])
    expect(await refused({ credential_identifier: identifier, until: 1 })).toEqual([
      400,
      'invalid_credential_request',
    ])
    const unknown = { credential_identifier: identifier, citizen: son.reference }
    expect(await refused(unknown)).toEqual([400, 'invalid_credential_request'])
    expect((await pause('nonsense-of-a-token-123', {})).status).toBe(401)
  })
})
