import { deferredResponseSchema } from '@netcert/protocol'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildChildProgram, runChildProgram } from '../../../test/child-program.js'
import {
  newHolderKeys,
  proofsOf,
  startCredentialIssuer,
} from '../../../test/credential-issuer-ground.js'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { openedForAll } from '../../../test/opened-for-all.js'
import { hashOf } from './vci-issuance.js'

const TRANSACTIONS = 60
const KILLS = 12

describe.each(engines)('a process killed while it delivers, %s', (engine) => {
  const databases = databasesOn(engine)
  const test = openedForAll(() => startCredentialIssuer({ databases }))
  let program = ''
  beforeAll(async () => {
    program = await buildChildProgram('test/deferred-delivering-program.ts')
  })

  const begin = async (token: string) => {
    const nonce = await test.nonce()
    const jwt = await proofsOf(await newHolderKeys(1), { nonce, now: test.now })
    const body = { credential_configuration_id: 'network-certificate-platform', proofs: { jwt } }
    const response = await test.post('/credential', { token, body })
    return deferredResponseSchema.parse(await response.json()).transaction_id
  }

  it('has one plan and one status index for each transaction, however often it is delivered', async () => {
    const { offer } = await test.offers.createOffer({
      citizen: test.adult,
      types: ['network-certificate-platform'],
      grant: 'pre-authorized',
      deferred: true,
    })
    const token = test.grant({ offer, grantId: 'grant' })
    const names: string[] = []
    for (let count = 0; count < TRANSACTIONS; count += 1) names.push(await begin(token))
    const seen = new Map<string, Set<string>>()
    for (let kill = 0; kill <= KILLS; kill += 1) {
      const child = runChildProgram(program, [test.dir, 'grant', ...names])
      // The last one is left to finish; the others die soon after their first delivery.
      if (kill < KILLS) {
        await expect
          .poll(() => child.lines.length, { interval: 1, timeout: 20_000 })
          .toBeGreaterThan(0)
        await new Promise((wait) => setTimeout(wait, kill % 5))
        child.child.kill('SIGKILL')
      }
      await child.ended
      for (const line of child.lines) {
        const [name = '', index = ''] = line.split(' ')
        if (name !== 'over') seen.set(name, (seen.get(name) ?? new Set()).add(index))
      }
    }
    expect(seen.size).toBe(TRANSACTIONS)
    const indices = [...seen.values()].map((each) => [...each])
    expect(indices.every((each) => each.length === 1)).toBe(true)
    expect(new Set(indices.flat()).size).toBe(TRANSACTIONS)
    const kysely = test.ground.database.kysely
    expect(await kysely.selectFrom('batches').select('id').execute()).toHaveLength(TRANSACTIONS)
    const row = await kysely
      .selectFrom('vci_deferred')
      .select(['holder_keys', 'credentials'])
      .where('id_hash', '=', hashOf(names[0]!))
      .executeTakeFirstOrThrow()
    expect(row).toEqual({ holder_keys: null, credentials: null })
  }, 60_000)
})
