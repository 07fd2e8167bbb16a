import { inspectCredential } from '@netcert/credential/holder'
import { deferredResponseSchema, issuedResponseSchema } from '@netcert/protocol'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import {
  newHolderKeys,
  proofsOf,
  startCredentialIssuer,
} from '../../../test/credential-issuer-ground.js'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { openedForAll } from '../../../test/opened-for-all.js'
import { hashOf } from './vci-issuance.js'

describe.each(engines)('deferred issuance and notifications on %s', (engine) => {
  const databases = databasesOn(engine)
  const test = openedForAll(() => startCredentialIssuer({ databases }))

  /** A token of a deferred offer. */
  const deferredToken = async () => {
    const created = await test.offers.createOffer({
      citizen: test.adult,
      types: ['network-certificate-platform'],
      grant: 'pre-authorized',
      deferred: true,
    })
    return test.grant({ offer: created.offer })
  }
  const ask = async (token: string, id = 'network-certificate-platform') => {
    const nonce = await test.nonce()
    const jwt = await proofsOf(await newHolderKeys(1), { nonce, now: test.now })
    const body = { credential_configuration_id: id, proofs: { jwt } }
    return test.post('/credential', { token, body })
  }
  const begin = async (token: string) => {
    const response = await ask(token)
    expect(response.status).toBe(202)
    return deferredResponseSchema.parse(await response.json()).transaction_id
  }
  const poll = (token: string, transaction_id: string) =>
    test.post('/deferred-credential', { token, body: { transaction_id, unknown: 1 } })
  const wait = (seconds: number) => {
    test.now = new Date(test.now.getTime() + seconds * 1000)
  }
  const errorOf = async (response: Response) => [
    response.status,
    ((await response.json()) as { error: string }).error,
  ]
  const batches = async () => {
    const rows = await sql<{ n: number }>`select count(*) as n from batches`.execute(
      test.ground.database.kysely,
    )
    return Number(rows.rows[0]!.n)
  }

  it('say when to come back, and then deliver once', async () => {
    const token = await deferredToken()
    const transaction = await begin(token)
    const early = await poll(token, transaction)
    expect(early.status).toBe(202)
    expect(await early.json()).toEqual({ transaction_id: transaction, interval: 5 })
    wait(5)
    const response = await poll(token, transaction)
    expect(response.status).toBe(200)
    const text = await response.text()
    expect(issuedResponseSchema.parse(JSON.parse(text)).credentials).toHaveLength(1)
    expect(text).not.toContain('notification_id')
    await expect
      .poll(async () => errorOf(await poll(token, transaction)))
      .toEqual([400, 'invalid_transaction_id'])
    const row = await test.ground.database.kysely
      .selectFrom('vci_deferred')
      .selectAll()
      .where('id_hash', '=', hashOf(transaction))
      .executeTakeFirstOrThrow()
    expect([row.holder_keys, row.credentials]).toEqual([null, null])
  })

  it('deliver the very same certificate again when the answer never left', async () => {
    const token = await deferredToken()
    const transaction = await begin(token)
    wait(5)
    const before = await batches()
    const text = await (await poll(token, transaction)).text()
    // As it stands when the process dies after signing and before it noted the delivery.
    await expect.poll(async () => (await poll(token, transaction)).status).toBe(400)
    const again = await begin(token)
    wait(5)
    const { vault, database } = test.ground
    const kept = vault.seal(
      new TextEncoder().encode(JSON.stringify(['kept.by.crash~'])),
      `vci_deferred|${hashOf(again)}|credentials`,
    )
    await database.kysely
      .updateTable('vci_deferred')
      .set({ credentials: kept })
      .where('id_hash', '=', hashOf(again))
      .execute()
    const redelivered = await (await poll(token, again)).json()
    expect(redelivered).toEqual({ credentials: [{ credential: 'kept.by.crash~' }] })
    expect(text).toContain('credentials')
    expect(await batches()).toBe(before + 1)
  })

  it('sign the committed plan when the process died between plan and signature', async () => {
    const token = await deferredToken()
    const transaction = await begin(token)
    wait(5)
    const kysely = test.ground.database.kysely
    const [key] = await newHolderKeys(1)
    const planned = await test.issuer.plan(
      {
        citizen: test.adult,
        type: 'urn:netcert:network-certificate:1',
        copies: 'platform',
        holderJwks: [key!.jwk],
      },
      {
        stands: async () => {},
        also: async (trx, batch) => {
          const idHash = hashOf(transaction)
          await trx
            .updateTable('vci_deferred')
            .set({ batch })
            .where('id_hash', '=', idHash)
            .execute()
        },
      },
    )
    const before = await batches()
    const response = await poll(token, transaction)
    const { credentials } = issuedResponseSchema.parse(await response.json())
    const copy = await inspectCredential(credentials[0]!.credential)
    expect(copy.status?.index).toBe(planned.status?.index)
    expect(await batches()).toBe(before)
    await kysely.selectFrom('vci_deferred').select('batch').execute()
  })

  it('deliver one set to many requests at once', async () => {
    const token = await deferredToken()
    const transaction = await begin(token)
    wait(5)
    const before = await batches()
    const responses = await Promise.all(Array.from({ length: 8 }, () => poll(token, transaction)))
    const texts = await Promise.all(
      responses.filter(({ status }) => status === 200).map((response) => response.text()),
    )
    expect(texts.length).toBeGreaterThan(0)
    expect(new Set(texts).size).toBe(1)
    expect(await batches()).toBe(before + 1)
  })

  it('refuse a transaction that is unknown, of another grant, too long, or missing', async () => {
    const token = await deferredToken()
    const transaction = await begin(token)
    wait(5)
    const unknown = [400, 'invalid_transaction_id']
    expect(await errorOf(await poll(token, 'x'.repeat(32)))).toEqual(unknown)
    expect(await errorOf(await poll(test.grant({}), transaction))).toEqual(unknown)
    expect(await errorOf(await poll(token, 'x'.repeat(200)))).toEqual(unknown)
    const bad = [400, 'invalid_credential_request']
    expect(await errorOf(await poll(token, 'x'.repeat(201)))).toEqual(bad)
    const none = await test.post('/deferred-credential', { token, body: {} })
    expect(await errorOf(none)).toEqual(bad)
    expect((await poll(token, transaction)).status).toBe(200)
  })

  it('keep a transaction for a refreshed token of the same grant', async () => {
    const created = await deferredToken()
    const transaction = await begin(created)
    wait(5)
    const refreshed = test.grant({ grantId: `grant-of-${created}` })
    expect((await poll(refreshed, transaction)).status).toBe(200)
  })

  it('use up the nonce of a deferred request, too', async () => {
    const token = await deferredToken()
    const nonce = await test.nonce()
    const jwt = await proofsOf(await newHolderKeys(1), { nonce, now: test.now })
    const body = { credential_configuration_id: 'gate-pass', proofs: { jwt } }
    expect((await test.post('/credential', { token, body })).status).toBe(202)
    const again = await test.post('/credential', { token, body })
    expect(await errorOf(again)).toEqual([400, 'invalid_nonce'])
  })

  describe('a notification', () => {
    const notify = (token: string, body: object) => test.post('/notification', { token, body })
    const issued = async (token: string) => {
      const answer = issuedResponseSchema.parse(await (await ask(token)).json())
      return answer.notification_id!
    }

    it('is taken, a hundred times over, and changes once', async () => {
      const token = test.grant({})
      const notification_id = await issued(token)
      const told = { notification_id, event: 'credential_accepted', more: true }
      const answers = await Promise.all(Array.from({ length: 50 }, () => notify(token, told)))
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]))
      const row = () =>
        test.ground.database.kysely
          .selectFrom('vci_notifications')
          .selectAll()
          .where('id_hash', '=', hashOf(notification_id))
          .executeTakeFirstOrThrow()
      const first = await row()
      wait(60)
      expect((await notify(token, told)).status).toBe(204)
      expect(await row()).toEqual(first)
      const gone = { notification_id, event: 'credential_deleted', event_description: 'by hand' }
      expect((await notify(token, gone)).status).toBe(204)
      expect((await row()).event).toBe('credential_deleted')
    })

    it('is refused for an unknown id, another grant, another event, and a wrong form', async () => {
      const token = test.grant({})
      const notification_id = await issued(token)
      const event = 'credential_accepted'
      const errors = async (sender: string, body: object) => errorOf(await notify(sender, body))
      const unknown = [400, 'invalid_notification_id']
      expect(await errors(token, { notification_id: 'nothing', event })).toEqual(unknown)
      expect(await errors(test.grant({}), { notification_id, event })).toEqual(unknown)
      const bad = [400, 'invalid_notification_request']
      expect(await errors(token, { notification_id, event: 'credential_sold' })).toEqual(bad)
      expect(await errors(token, { event })).toEqual(bad)
      expect(await errors(token, [])).toEqual(bad)
    })
  })
})
