import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createPlatform, readBlindedNumber } from '@netcert/credential/platform-number'
import { deferredResponseSchema } from '@netcert/protocol'
import { describe, expect, it } from 'vitest'
import {
  newHolderKeys,
  proofsOf,
  startCredentialIssuer,
} from '../../../test/credential-issuer-ground.js'
import { databasesOn, engines } from '../../../test/database-engines.js'
import {
  blindFor,
  claimsOf,
  copyAsker,
  issuedCopy,
  PLATFORM_COPY,
  SHOP,
} from '../../../test/numbered-copies.js'
import { openedForAll } from '../../../test/opened-for-all.js'
import { encodingsFound } from '../../../test/value-encodings.js'
import { hashOf } from './vci-issuance.js'

describe.each(engines)('a credential request with a blinded platform, %s', (engine) => {
  const databases = databasesOn(engine)
  const test = openedForAll(() => startCredentialIssuer({ databases }))

  const ask = copyAsker(test)
  const batches = () => test.ground.database.kysely.selectFrom('batches').selectAll().execute()

  it('is answered with a copy that carries the point and the number of the person', async () => {
    const [one, two] = [blindFor(SHOP), blindFor(SHOP)]
    const first = await issuedCopy(await ask({ platform_number_blinded: one.b }))
    const second = await issuedCopy(await ask({ platform_number_blinded: two.b }))
    const shown = (await claimsOf(first)).get('platform_number')
    expect(shown).toEqual({ b: one.b, e: expect.any(String) })
    const { e } = readBlindedNumber((await claimsOf(second)).get('platform_number'))
    expect(readBlindedNumber(shown).e).not.toBe(e)
    expect(await one.open(first)).toBe(await two.open(second))
  })

  it('is what a wallet of others leaves out: its copy has no number', async () => {
    const credential = await issuedCopy(await ask({}))
    expect((await claimsOf(credential)).has('platform_number')).toBe(false)
  })

  it.each([
    ['one-time copies', { credential_configuration_id: 'network-certificate' }, 'one platform'],
    ['a gate pass', { credential_configuration_id: 'gate-pass' }, 'one platform'],
    ['a number', { platform_number_blinded: 7 }, 'compressed point'],
    ['null', { platform_number_blinded: null }, 'compressed point'],
    ['the name of a platform', { platform_number_blinded: SHOP }, 'compressed point'],
    ['the identity', { platform_number_blinded: 'A'.repeat(44) }, 'compressed point'],
    ['padding', { platform_number_blinded: `${blindFor(SHOP).b.slice(0, 43)}=` }, 'compressed'],
    ['a point off the curve', { platform_number_blinded: `A${'_'.repeat(43)}` }, 'compressed'],
  ])('is refused with %s, before anything is planned', async (_name, request, cause) => {
    const before = await batches()
    const response = await ask({ platform_number_blinded: blindFor(SHOP).b, ...request })
    expect(response.status).toBe(400)
    const answer = (await response.json()) as Record<string, string>
    expect(answer['error']).toBe('invalid_credential_request')
    expect(answer['error_description']).toContain(cause)
    expect(answer['error_description']).not.toContain(SHOP)
    expect(await batches()).toEqual(before)
  })

  it('is refused with two key proofs: nobody could say which copy the number is for', async () => {
    const response = await ask({ platform_number_blinded: blindFor(SHOP).b }, { keys: 2 })
    const answer = (await response.json()) as Record<string, string>
    expect([response.status, answer['error']]).toEqual([400, 'invalid_credential_request'])
    expect(answer['error_description']).toContain('one key proof')
  })
})

describe('what the issuer has of a platform number', () => {
  const databases = databasesOn('sqlite')
  const test = openedForAll(() => startCredentialIssuer({ databases }))

  it('is one random point while it answers, and afterwards nothing in any file', async () => {
    const blinding = blindFor(SHOP)
    const received: string[] = []
    const token = test.grant({})
    const nonce = await test.nonce()
    const jwt = await proofsOf(await newHolderKeys(1), { nonce, now: test.now })
    const body = JSON.stringify({
      credential_configuration_id: PLATFORM_COPY,
      platform_number_blinded: blinding.b,
      proofs: { jwt },
    })
    received.push(body)
    const response = await test.post('/credential', { token, body })
    const credential = await issuedCopy(response)
    const number = await blinding.open(credential)
    const { e } = (await claimsOf(credential)).get('platform_number') as { e: string }
    const files = await kept(test.dir)
    expect(files.length).toBeGreaterThan(10_000)
    for (const mark of [blinding.b, e, number, number.slice(1, 21), SHOP]) {
      expect([mark, encodingsFound(files, mark)]).toEqual([mark, []])
    }
    for (const mark of [SHOP, number, e]) {
      expect(encodingsFound(Buffer.from(received.join('\n')), mark)).toEqual([])
    }
    // The search would find what is there.
    expect(encodingsFound(files, test.adult)).toContain('utf-8')
    expect(encodingsFound(Buffer.from(body), blinding.b)).toContain('utf-8')
  })

  it('is a fresh point each time: two requests for one platform share nothing', () => {
    const points = Array.from({ length: 50 }, () => blindFor(SHOP).b)
    expect(new Set(points).size).toBe(50)
    expect(createPlatform(SHOP).id).toBe(SHOP)
  })

  it('is gone from a put-off issuance once that is delivered', async () => {
    const offer = await test.offers.createOffer({
      citizen: test.adult,
      types: [PLATFORM_COPY],
      grant: 'pre-authorized',
      deferred: true,
    })
    const token = test.grant({ offer: offer.offer })
    const blinding = blindFor(SHOP)
    const begun = await copyAsker(test)({ platform_number_blinded: blinding.b }, { token })
    const { transaction_id } = deferredResponseSchema.parse(await begun.json())
    expect(encodingsFound(await kept(test.dir), blinding.b)).toEqual([])
    test.now = new Date(test.now.getTime() + 5000)
    const answer = await test.post('/deferred-credential', { token, body: { transaction_id } })
    const credential = await issuedCopy(answer)
    const { e } = (await claimsOf(credential)).get('platform_number') as {
      e: string
    }
    const row = () =>
      test.ground.database.kysely
        .selectFrom('vci_deferred')
        .select(['holder_keys', 'credentials'])
        .where('id_hash', '=', hashOf(transaction_id))
        .executeTakeFirstOrThrow()
    await expect.poll(row).toEqual({ holder_keys: null, credentials: null })
    const files = await kept(test.dir)
    for (const mark of [blinding.b, e]) expect(encodingsFound(files, mark)).toEqual([])
  })
})

/** Every byte of database and log. */
async function kept(dir: string): Promise<Buffer> {
  const names = (await readdir(dir)).filter((name) => /\.sqlite/.test(name))
  return Buffer.concat(await Promise.all(names.map((name) => readFile(join(dir, name)))))
}
