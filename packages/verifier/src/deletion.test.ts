import { freshnessPolicies, generateSigner } from '@netcert/credential'
import {
  deletionClaims,
  parseAccreditation,
  parseDeletionReply,
  verifyDeletionAnswer,
} from '@netcert/protocol'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  accreditedPlatform,
  accreditedToSignIn,
  createPerson,
  type NumberedCopy,
  numberedCopy,
  presentNumbered,
} from '../../../test/accreditation-ground.js'
import { openedForAll } from '../../../test/opened-for-all.js'
import { later, testNow } from '../../../test/trust-domain.js'
import { createVpGround } from '../../../test/vp-platform-ground.js'
import { hear, postForm } from '../../../test/vp-wallet-ground.js'
import type { AccountKey } from './account-key.js'
import { createDeletionDesk } from './deletion-desk.js'
import { memoryReplays } from './replay.js'

const nonce = () => crypto.getRandomValues(Buffer.alloc(16)).toString('base64url')
const person = createPerson()

let copy: NumberedCopy
let url = ''
let forgotten: AccountKey[] = []
let outcome: 'deleted' | 'scheduled' | 'fails' = 'deleted'

const ground = openedForAll(() =>
  createVpGround({
    accredit: accreditedToSignIn,
    parts: {
      forget: (account) => {
        forgotten.push(account)
        if (outcome === 'fails') throw new Error('the shop database is gone')
        if (outcome === 'deleted') return { state: 'deleted' }
        return { state: 'scheduled', dueAt: later(86_400), reason: null }
      },
    },
  }),
)
beforeAll(async () => {
  copy = await numberedCopy(ground.domain, person)
  url = `${ground.baseUrl}/deletion`
})
beforeEach(() => {
  ground.setNow(testNow)
  forgotten = []
  outcome = 'deleted'
})

type Changes = Partial<Parameters<typeof presentNumbered>[1]>

/** A deletion request as a wallet makes it. */
const requestBy = (of: NumberedCopy, changes: Changes = {}): Promise<string> =>
  presentNumbered(of, {
    ...{ audience: url, nonce: nonce(), paths: [['platform_number']] },
    bindingClaims: deletionClaims({ platformNumberR: of.r }),
    ...changes,
  })

const post = (presentation: string) => postForm(url, { presentation })

async function verified(presentation: string, body: Record<string, unknown>) {
  const { accreditations } = await accreditedPlatform(ground.domain, ground.requestJwk)
  return verifyDeletionAnswer(parseDeletionReply(JSON.stringify(body)), {
    ...{ accreditation: accreditations[0]!, presentation, now: testNow },
  })
}

describe('a deletion request', () => {
  it('reaches the account of the number it shows, and is answered with a signature', async () => {
    const presentation = await requestBy(copy)
    const { status, body } = await post(presentation)
    expect(status).toBe(200)
    expect(await verified(presentation, body)).toMatchObject({
      ...{ platformId: 'https://shop.example', outcome: { state: 'deleted' } },
    })
    expect(forgotten).toHaveLength(1)
    expect(forgotten[0]).toMatch(/^self\|P/)
  })

  it('may be answered with a date', async () => {
    outcome = 'scheduled'
    const presentation = await requestBy(copy)
    const { body } = await post(presentation)
    expect((await verified(presentation, body)).outcome).toEqual({
      ...{ state: 'scheduled', dueAt: later(86_400), reason: null },
    })
  })

  it('that arrives twice gets the same answer, and deletes once', async () => {
    const presentation = await requestBy(copy)
    const first = await post(presentation)
    expect(await post(presentation)).toEqual(first)
    expect(forgotten).toHaveLength(1)
  })

  it('can be made again, by any copy of the person', async () => {
    await post(await requestBy(copy))
    await post(await requestBy(await numberedCopy(ground.domain, person)))
    expect(forgotten).toHaveLength(2)
    expect(forgotten[0]).toBe(forgotten[1])
  })

  it('of a guardian reaches the guardian’s account alone', async () => {
    const vct = 'urn:netcert:ward-certificate:1'
    await post(await requestBy(await numberedCopy(ground.domain, person, { vct })))
    await post(await requestBy(copy))
    expect(forgotten.map((key) => key.split('|')[0])).toEqual(['guardian', 'self'])
  })

  it('that the platform fails to carry out is not answered with "deleted"', async () => {
    outcome = 'fails'
    const heard = await post(await requestBy(copy))
    expect(heard.status).toBe(500)
    expect(JSON.stringify(heard.body)).not.toContain('shop database')
  })

  it('is refused by signature where the platform deletes nothing by itself', async () => {
    const bare = await createVpGround({ accredit: accreditedToSignIn })
    const of = await numberedCopy(bare.domain, person)
    const presentation = await requestBy(of, { audience: `${bare.baseUrl}/deletion` })
    const { body } = await postForm(`${bare.baseUrl}/deletion`, { presentation })
    const token = (await accreditedPlatform(bare.domain, bare.requestJwk)).accreditations[0]!.token
    const answer = await verifyDeletionAnswer(parseDeletionReply(JSON.stringify(body)), {
      ...{ accreditation: parseAccreditation(token).accreditation, presentation, now: testNow },
    })
    bare.close()
    expect(answer.outcome).toMatchObject({ state: 'refused' })
  })
})

describe('what is no deletion request deletes nothing', () => {
  const refused = async (changes: Changes, of = copy) => {
    const { status, body } = await post(await requestBy(of, changes))
    expect(forgotten).toEqual([])
    return [status, body['code']]
  }

  it('a presentation to a request of the same platform', async () => {
    const bindingClaims = { platform_number_r: copy.r }
    expect(await refused({ bindingClaims })).toEqual([400, 'deletion_malformed'])
  })

  it('one that was made for another address, or another platform', async () => {
    const audience = 'https://other.example/deletion'
    expect(await refused({ audience })).toEqual([422, 'kb_aud'])
    const elsewhere = await numberedCopy(ground.domain, person, {
      platformId: 'https://other.example',
    })
    expect(await refused({}, elsewhere)).toEqual([422, 'platform_number_mismatch'])
  })

  it('one that is old, from the future, or has a nonce of another form', async () => {
    expect(await refused({ issuedAt: later(-301) })).toEqual([422, 'kb_iat'])
    expect(await refused({ issuedAt: later(61) })).toEqual([422, 'kb_iat'])
    expect(await refused({ nonce: 'short' })).toEqual([400, 'deletion_malformed'])
  })

  it('one that shows no number, or another r', async () => {
    expect(await refused({ paths: [['real_person']] })).toEqual([422, 'query_unsatisfied'])
    const { r } = await numberedCopy(ground.domain, person)
    const bindingClaims = deletionClaims({ platformNumberR: r })
    expect(await refused({ bindingClaims })).toEqual([422, 'platform_number_mismatch'])
  })

  it('one of an issuer nobody trusts', async () => {
    const other = await createVpGround()
    const stranger = await numberedCopy(other.domain, person)
    other.close()
    expect(await refused({}, stranger)).toEqual([422, 'issuer_untrusted'])
  })

  it('one that was answered before by another process, or long ago', async () => {
    const presentation = await requestBy(copy)
    const replays = memoryReplays({ clock: () => testNow })
    const accredited = await accreditedPlatform(ground.domain, ground.requestJwk)
    const { signer } = await generateSigner('ES256')
    const deskOfAnotherProcess = () =>
      createDeletionDesk({
        ...{ identity: { signer }, baseUrl: ground.baseUrl, trust: () => ground.trust, replays },
        ...{ clock: () => testNow, platform: () => accredited },
        freshness: freshnessPolicies['grace-24h'],
      })
    await deskOfAnotherProcess().answer({ presentation })
    await expect(deskOfAnotherProcess().answer({ presentation })).rejects.toMatchObject({
      code: 'presentation_replayed',
    })
    ground.setNow(later(301))
    expect((await post(presentation)).body['code']).toBe('kb_iat')
    expect(forgotten).toEqual([])
  })

  it.each([
    ['no form', 'application/json', '{}', 400],
    ['nothing', 'application/x-www-form-urlencoded', '', 400],
    [
      'the parameter twice',
      'application/x-www-form-urlencoded',
      'presentation=a&presentation=b',
      400,
    ],
    ['text', 'application/x-www-form-urlencoded', 'presentation=hello', 400],
    ['too much', 'application/x-www-form-urlencoded', `presentation=${'a'.repeat(70_000)}`, 413],
  ])('%s', async (_what, type, body, status) => {
    const headers = { 'content-type': type }
    const heard = await hear(await fetch(url, { method: 'POST', headers, body }))
    expect(heard.status).toBe(status)
    expect(forgotten).toEqual([])
  })

  it('and one to a platform that nobody accredited is refused', async () => {
    const plain = await createVpGround()
    const to = `${plain.baseUrl}/deletion`
    const presentation = await requestBy(await numberedCopy(plain.domain, person), { audience: to })
    const heard = await postForm(to, { presentation })
    plain.close()
    expect(heard).toMatchObject({ status: 400, body: { code: 'unaccredited' } })
  })
})
