import { setTimeout as sleep } from 'node:timers/promises'
import { openIssuer } from '@netcert/issuer'
import { describe, expect, it } from 'vitest'
import {
  newHolderKeys,
  proofsOf,
  startCredentialIssuer,
} from '../../../test/credential-issuer-ground.js'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { openedForAll } from '../../../test/opened-for-all.js'

const PLATFORM = 'network-certificate-platform'
const ROUNDS = 12

describe.each(engines)('a request that is under way while its person cancels, on %s', (engine) => {
  const databases = databasesOn(engine)
  const test = openedForAll(() => startCredentialIssuer({ databases }))

  const deferredOffer = async () => {
    const offer = { citizen: test.adult, types: [PLATFORM], grant: 'pre-authorized' } as const
    return (await test.offers.createOffer({ ...offer, deferred: true })).offer
  }
  const prepared = async (token: string) => {
    const jwt = await proofsOf(await newHolderKeys(1), {
      nonce: await test.nonce(),
      now: test.now,
    })
    const body = { credential_configuration_id: PLATFORM, proofs: { jwt } }
    return () => test.post('/credential', { token, body })
  }
  const statusOf = async (asking: Promise<Response>) => {
    const response = await asking
    await response.text()
    return response.status
  }
  const kysely = () => test.ground.database.kysely
  const people = () => kysely().selectFrom('persons').select('id').execute()
  const putOff = () => kysely().selectFrom('vci_deferred').select('citizen').execute()
  const batches = () =>
    kysely().selectFrom('batches').select(['id', 'person', 'status', 'list']).execute()

  it('enrols nobody anew and leaves nothing behind, after the token was found good', async () => {
    expect(await statusOf((await prepared(test.grant({})))())).toBe(200)
    const late = await Promise.all([
      prepared(test.grant({})),
      prepared(test.grant({ offer: await deferredOffer() })),
    ])
    const other = test.grant({ grantId: 'of somebody else', citizen: test.child })
    await (await prepared(other))()
    const before = (await batches()).length
    await test.issuer.erasure.cancel(test.adult)
    for (const ask of late) expect(await statusOf(ask())).toBe(401)
    expect([await people(), await putOff()]).toEqual([[], []])
    expect(await batches()).toHaveLength(before)
    // A grant that came after is one.
    expect(await statusOf((await prepared(test.grant({})))())).toBe(200)
    await test.issuer.erasure.cancel(test.adult)
  })

  it('is refused or ended with all the others, whichever comes first', async () => {
    const { issuer, close } = await openIssuer({ dir: test.dir, clock: () => test.now })
    const outcomes: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      expect(await statusOf((await prepared(test.grant({})))())).toBe(200)
      const asking = await Promise.all([
        ...Array.from({ length: 4 }, () => prepared(test.grant({}))),
        prepared(test.grant({ offer: await deferredOffer() })),
      ])
      const answers = asking.map((ask) => statusOf(ask()))
      await sleep(round)
      await issuer.erasure.cancel(test.adult)
      outcomes.push(...(await Promise.all(answers)))
      expect([await people(), await putOff()]).toEqual([[], []])
    }
    await close()
    // Signed or not: whatever was planned is nobody's, and revoked.
    const planned = await batches()
    expect(planned.filter(({ person, status }) => person !== null || status !== 1)).toEqual([])
    for (const outcome of outcomes) expect([200, 202, 400, 401]).toContain(outcome)
    expect(outcomes.some((outcome) => outcome >= 400)).toBe(true)
  })
})
