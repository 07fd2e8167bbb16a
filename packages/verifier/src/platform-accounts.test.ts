import { parseQuery } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { beforeAll, describe, expect, expectTypeOf, it } from 'vitest'
import {
  accreditedToSignIn,
  createPerson,
  type NumberedCopy,
  numberedCopy,
  presentNumbered,
} from '../../../test/accreditation-ground.js'
import { openedForAll } from '../../../test/opened-for-all.js'
import { later } from '../../../test/trust-domain.js'
import { createVpGround } from '../../../test/vp-platform-ground.js'
import { membersOf, postForm, readVpRequest } from '../../../test/vp-wallet-ground.js'
import { type AccountKey, accountKeyOf, isSameAccount } from './account-key.js'
import type { PresentationResult } from './vp-outcome.js'
import type { VpRequestOptions } from './vp-verifier.js'

const vct_values = ['urn:netcert:network-certificate:1', 'urn:netcert:ward-certificate:1']
const signIn = parseQuery({
  credentials: [{ ...parseQuery(queries['sign-in']).credentials[0]!, meta: { vct_values } }],
})
const recently = parseQuery({
  credentials: [
    {
      ...signIn.credentials[0],
      claims: [{ path: ['platform_number'] }, { path: ['presence_at'] }],
    },
  ],
})
const refusal = (code: string) => expect.objectContaining({ code })
const seconds = (date: Date) => Math.floor(date.getTime() / 1000)
const person = createPerson()
const friend = createPerson()

const ground = openedForAll(() => createVpGround({ accredit: accreditedToSignIn }))
let copy: NumberedCopy
beforeAll(async () => {
  copy = await numberedCopy(ground.domain, person)
})

type Shown = Partial<Parameters<typeof presentNumbered>[1]>

/** Asks, lets somebody answer with a copy, and gives the result or the refusal. */
async function signInWith(
  shown: NumberedCopy,
  options: { readonly ask?: Partial<VpRequestOptions>; readonly present?: Shown } = {},
): Promise<PresentationResult> {
  const { requestUri, session } = await ground.engine.createRequest({
    ...{ query: signIn, clientId: 'did', mode: 'direct_post' },
    ...options.ask,
  })
  const read = await readVpRequest(requestUri)
  const presentation = await presentNumbered(shown, {
    ...{ audience: read.clientId, nonce: read.request.nonce },
    ...options.present,
  })
  const members = membersOf(read.request, { certificate: [presentation] })
  await postForm(read.request.response_uri ?? '', members)
  return ground.engine.result(session, null)
}

describe('an account', () => {
  it('is opened by its platform number, and nothing blinded is left in the result', async () => {
    const result = await signInWith(copy)
    expect(result.platformNumber).toMatch(/^P[0-9A-HJKMNP-TV-Z]{22}$/)
    expect(result.assurance).toBe('document+face')
    expect(JSON.stringify(result)).not.toContain('platform_number')
  })

  it('survives a new phone, a new copy and a new certificate', async () => {
    const first = accountKeyOf(await signInWith(copy))
    const second = accountKeyOf(await signInWith(await numberedCopy(ground.domain, person)))
    expect(isSameAccount(first, second)).toBe(true)
    expect(second).toBe(first)
  })

  it('is not opened by a friend', async () => {
    const theirs = accountKeyOf(await signInWith(await numberedCopy(ground.domain, friend)))
    expect(isSameAccount(theirs, accountKeyOf(await signInWith(copy)))).toBe(false)
  })

  it('of a young person is never opened by a guardian’s copy with the same number', async () => {
    const vct = 'urn:netcert:ward-certificate:1'
    const ward = await numberedCopy(ground.domain, person, { vct })
    const guardian = await signInWith(ward)
    const own = await signInWith(copy)
    expect(guardian.role).toBe('guardian')
    expect(guardian.platformNumber).toBe(own.platformNumber)
    expect(isSameAccount(accountKeyOf(guardian), accountKeyOf(own))).toBe(false)
    const asOwner = signInWith(ward, { ask: { expectedAccount: accountKeyOf(own) } })
    await expect(asOwner).rejects.toEqual(refusal('different_holder'))
  })

  it('has a key of its own for each issuer, role and number', () => {
    const key = (issuer: string, platformNumber: string, role: 'self' | 'guardian') =>
      accountKeyOf({ issuer, platformNumber, role })
    const keys = [
      key('did:key:a', 'P1', 'self'),
      key('did:key:b', 'P1', 'self'),
      key('did:key:a', 'P2', 'self'),
      key('did:key:a', 'P1', 'guardian'),
      key('P1|did:key:a', 'P1', 'self'),
    ]
    expect(new Set(keys).size).toBe(keys.length)
    expectTypeOf<string>().not.toExtend<AccountKey>()
    expect(() => accountKeyOf({ issuer: 'did:key:a', role: 'self' })).toThrow(
      refusal('account_unnumbered'),
    )
  })
})

describe('a number that is not for this platform', () => {
  it('is refused with a copy that was made for another one', async () => {
    const elsewhere = await numberedCopy(ground.domain, person, {
      platformId: 'https://other.example',
    })
    await expect(signInWith(elsewhere)).rejects.toEqual(refusal('platform_number_mismatch'))
  })

  it('is refused with the r of another copy, with none, or with one that is no scalar', async () => {
    const { r } = await numberedCopy(ground.domain, person, { platformId: 'https://other.example' })
    const tries: [object, string][] = [
      [{ platform_number_r: r }, 'platform_number_mismatch'],
      [
        { platform_number_r: (await numberedCopy(ground.domain, person)).r },
        'platform_number_mismatch',
      ],
      [{ platform_number_r: 'A'.repeat(43) }, 'platform_number_invalid'],
      [{}, 'platform_number_r_missing'],
    ]
    for (const [bindingClaims, code] of tries) {
      const present = { bindingClaims: bindingClaims as Record<string, string> }
      await expect(signInWith(copy, { present })).rejects.toEqual(refusal(code))
    }
  })

  it('is refused as the answer of another session, and a second time', async () => {
    const ask = () =>
      ground.engine.createRequest({ query: signIn, clientId: 'did', mode: 'direct_post' })
    const relayed = await readVpRequest((await ask()).requestUri)
    const victim = await ask()
    const read = await readVpRequest(victim.requestUri)
    const shown = { audience: relayed.clientId, nonce: relayed.request.nonce }
    const presentation = await presentNumbered(copy, shown)
    const members = membersOf(read.request, { certificate: [presentation] })
    const heard = await postForm(read.request.response_uri ?? '', members)
    expect(heard).toMatchObject({ status: 422, body: { code: 'kb_nonce' } })
    expect(heard.body).not.toHaveProperty('netcert_receipt')
    const right = membersOf(relayed.request, { certificate: [presentation] })
    expect((await postForm(relayed.request.response_uri ?? '', right)).status).toBe(200)
    expect((await postForm(relayed.request.response_uri ?? '', right)).status).toBe(409)
  })
})

describe('a request for one account', () => {
  it('takes the answer of its holder, with any copy', async () => {
    const expectedAccount = accountKeyOf(await signInWith(copy))
    const anew = await numberedCopy(ground.domain, person)
    expect((await signInWith(anew, { ask: { expectedAccount } })).verified).toBe(true)
  })

  it('refuses somebody else with a valid certificate', async () => {
    const expectedAccount = accountKeyOf(await signInWith(copy))
    const theirs = await numberedCopy(ground.domain, friend)
    await expect(signInWith(theirs, { ask: { expectedAccount } })).rejects.toEqual(
      refusal('different_holder'),
    )
  })

  it('cannot be made where no answer could be held to it', async () => {
    const expectedAccount = accountKeyOf(await signInWith(copy))
    const asked = { clientId: 'did', mode: 'direct_post' } as const
    const facts = parseQuery(queries['real-person'])
    const { engine } = ground
    await expect(
      engine.createRequest({ query: facts, ...asked, expectedAccount }),
    ).rejects.toBeInstanceOf(TypeError)
    await expect(
      engine.createRequest({ query: signIn, ...asked, maxPresenceAgeSeconds: 300 }),
    ).rejects.toBeInstanceOf(TypeError)
  })
})

describe('a request for presence', () => {
  const paths = [['platform_number'], ['presence_at']]
  const at = async (seen: number | null, of = person) =>
    numberedCopy(ground.domain, of, { claims: seen === null ? {} : { presence_at: seen } })
  const ask = { query: recently, maxPresenceAgeSeconds: 300 }

  it.each([
    ['now', 0],
    ['as old as may be', -300],
    ['a minute ahead of this clock', 60],
  ])('takes a check of %s', async (_when, offset) => {
    const shown = await at(seconds(later(offset)))
    const result = await signInWith(shown, { ask, present: { paths } })
    expect(result.facts).toEqual({ presence_at: seconds(later(offset)) })
  })

  it.each([
    ['a minute too old', -360],
    ['of yesterday', -86_400],
    ['from the future', 120],
  ])('refuses a check %s', async (_when, offset) => {
    const shown = await at(seconds(later(offset)))
    await expect(signInWith(shown, { ask, present: { paths } })).rejects.toEqual(
      refusal('presence_too_old'),
    )
  })

  it('refuses a copy without one', async () => {
    await expect(
      signInWith(await at(null), { ask, present: { paths: [['platform_number']] } }),
    ).rejects.toEqual(refusal('query_unsatisfied'))
  })

  it('can take only certificates with a status', async () => {
    const strict = { freshness: { ...STRICT }, query: signIn }
    await expect(signInWith(copy, { ask: strict })).rejects.toEqual(refusal('status_required'))
    const listed = await numberedCopy(ground.domain, person, { status: 7 })
    expect((await signInWith(listed, { ask: strict })).freshness.verdict).toBe('valid')
  })
})

const STRICT = {
  ...{ name: 'strict', graceSeconds: 0, trustListGraceSeconds: 0, statusRequired: true },
  stale: 'refuse',
} as const
