import { join } from 'node:path'
import fc from 'fast-check'
import sqlite3 from 'sqlite3'
import { describe, expect, it } from 'vitest'
import {
  newHolderKeys,
  proofsOf,
  startCredentialIssuer,
} from '../../../test/credential-issuer-ground.js'
import { databasesOn } from '../../../test/database-engines.js'
import { openedForAll } from '../../../test/opened-for-all.js'

describe('a credential issuer in trouble', () => {
  const databases = databasesOn('sqlite')
  const test = openedForAll(() => startCredentialIssuer({ databases }))

  const request = async () => {
    const jwt = await proofsOf(await newHolderKeys(1), { nonce: await test.nonce(), now: test.now })
    return { credential_configuration_id: 'gate-pass', proofs: { jwt } }
  }

  it('answers 503 while another process holds the database, and the same request afterwards', async () => {
    const token = test.grant({})
    const body = await request()
    // The first enrols the person, so that the second waits for nothing but its plan.
    expect((await test.post('/credential', { token, body: await request() })).status).toBe(200)
    const stranger = new sqlite3.Database(join(test.dir, 'issuer.sqlite'))
    const run = (sql: string) =>
      new Promise<void>((done, failed) => {
        stranger.run(sql, (error) => (error ? failed(error) : done()))
      })
    await run('BEGIN IMMEDIATE')
    const busy = await test.post('/credential', { token, body })
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, '2'])
    expect(await busy.json()).toEqual({ error: 'temporarily_unavailable' })
    await run('COMMIT')
    await new Promise<void>((closed) => stranger.close(() => closed()))
    expect((await test.post('/credential', { token, body })).status).toBe(200)
  }, 30_000)

  it('has an answer of the standard for whatever JSON it is sent', async () => {
    const token = test.grant({})
    const names = fc.constantFrom(
      'credential_configuration_id',
      'credential_identifier',
      'proofs',
      'jwt',
      'attestation',
      'credential_response_encryption',
      'transaction_id',
      'notification_id',
      'event',
    )
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom('gate-pass', 'credential_accepted', 'e30.e30.AA'),
        fc.jsonValue({ maxDepth: 1 }),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(names, tie('value'), { maxKeys: 5 }),
      ),
    }))
    const paths = fc.constantFrom('/credential', '/deferred-credential', '/notification')
    const batches = () => test.ground.database.kysely.selectFrom('batches').select('id').execute()
    const before = await batches()
    await fc.assert(
      fc.asyncProperty(paths, fc.dictionary(names, value, { maxKeys: 5 }), async (path, body) => {
        const response = await test.post(path, { token, body })
        const answer = (await response.json()) as { error: string }
        expect([response.status, answer.error]).toEqual([
          400,
          expect.stringMatching(/^(invalid|unknown)_[a-z_]+$/),
        ])
      }),
      { numRuns: 300 },
    )
    expect(await batches()).toEqual(before)
  }, 30_000)
})
