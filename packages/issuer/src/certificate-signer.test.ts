import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createMasterKey, openKeyStore } from '@netcert/agent'
import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { holderKeys } from '../../../test/issuer-ground.js'
import { signingGround } from '../../../test/signing-ground.js'
import { openIssuerGround } from './open.js'
import { createTrigger } from './trigger-store.js'
import { KEY_ALIASES } from './trust-list-content.js'

describe.each(engines)('a signer of certificates on %s', (engine) => {
  const ground = signingGround(databasesOn(engine))
  const certificates = () => ground.opened.ground.certificates
  const sign = (batch: string, holderJwks: Awaited<ReturnType<typeof holderKeys>>) =>
    certificates().sign({ batch, holderJwks, blinded: null, namesKey: true })

  it('signs what is planned, and counts it before it gives it out', async () => {
    const { batch } = await ground.plan()
    expect(await ground.counted()).toEqual(new Map())
    const credentials = await sign(batch, await holderKeys(10))
    expect(credentials).toHaveLength(10)
    expect(await ground.counted()).toEqual(new Map([[batch, 10]]))
    expect(await certificates().describe()).toMatchObject({
      did: ground.family.test.issuerDid,
      made: 10,
    })
  })

  it('signs a batch once, however many ask at once and later', async () => {
    const { batch } = await ground.plan('platform', 1)
    const keys = await Promise.all(Array.from({ length: 12 }, () => holderKeys(1)))
    const outcomes = await Promise.allSettled(keys.map((key) => sign(batch, key)))
    const given = outcomes.filter(({ status }) => status === 'fulfilled')
    expect(given).toHaveLength(1)
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ code: 'batch_signed' })
    }
    await expect(sign(batch, await holderKeys(1))).rejects.toMatchObject({ code: 'batch_signed' })
    expect(await ground.counted()).toEqual(new Map([[batch, 1]]))
  })

  it('refuses a batch that nobody planned', async () => {
    const batch = `b_${'0'.repeat(26)}`
    await expect(sign(batch, await holderKeys(1))).rejects.toMatchObject({ code: 'batch_unknown' })
    expect(await ground.counted()).toEqual(new Map())
    expect((await certificates().describe()).made).toBe(0)
  })

  it('refuses more keys, fewer keys, and one key twice', async () => {
    const { batch } = await ground.plan('one-time', 3)
    const keys = await holderKeys(4)
    const code = 'holder_key_count'
    await expect(sign(batch, keys)).rejects.toMatchObject({ code })
    await expect(sign(batch, keys.slice(2))).rejects.toMatchObject({ code })
    await expect(sign(batch, [])).rejects.toMatchObject({ code })
    await expect(sign(batch, [keys[0]!, keys[1]!, keys[0]!])).rejects.toMatchObject({
      code: 'holder_key_repeated',
    })
    expect(await ground.counted()).toEqual(new Map())
  })

  it('refuses a batch that has ended, and one that was revoked before it was signed', async () => {
    const ended = await ground.plan('platform', 1)
    const revoked = await ground.plan('platform', 1)
    await ground.opened.issuer.certificates.setStatus({
      target: { batch: revoked.batch },
      status: 'revoked',
      reason: 'key_compromised',
    })
    const key = await holderKeys(1)
    await expect(sign(revoked.batch, key)).rejects.toMatchObject({ code: 'batch_not_valid' })
    ground.family.now = new Date(ended.expiresAt)
    await expect(sign(ended.batch, key)).rejects.toMatchObject({ code: 'batch_expired' })
    expect(await ground.counted()).toEqual(new Map())
  })

  it.each([
    ['more copies than the type has', 'one-time', { copies: 11 }],
    ['no copies', 'one-time', { copies: 0 }],
    ['a longer life', 'platform', { expires_at: 4_000_000_000 }],
    [
      'a beginning in the future',
      'one-time',
      { issued_at: 1_795_400_000, expires_at: 1_795_400_100 },
    ],
    ['no status where its type has one', 'platform', { list: null, first_sequence: null }],
    ['a status where its type has none', 'one-time', { list: 1, first_sequence: 9_000 }],
  ] as const)('refuses a plan in the database with %s', async (_what, copies, changes) => {
    const lawful = await ground.plan(copies, 1)
    const batch = await ground.forgePlan(lawful, changes)
    const code = 'plan_malformed'
    await expect(sign(batch, await holderKeys(1))).rejects.toMatchObject({ code })
    expect(await ground.counted()).toEqual(new Map())
  })

  it('refuses a plan for a type it does not mint, or for nobody', async () => {
    const lawful = await ground.plan('one-time', 1)
    const other = await ground.forgePlan(lawful, { vct: 'urn:netcert:something-else:1' })
    const keys = await holderKeys(1)
    await expect(sign(other, keys)).rejects.toMatchObject({ code: 'type_unknown' })
    const nobody = await ground.forgePlan(lawful, { id: `b_${'1'.repeat(26)}`, person: null })
    await expect(sign(nobody, keys)).rejects.toMatchObject({ code: 'batch_unknown' })
    expect(await ground.counted()).toEqual(new Map())
  })

  it('gives out nothing that it cannot count', async () => {
    const { batch } = await ground.plan('platform', 1)
    const { kysely } = ground.opened.ground.database
    const event = 'insert on signatures'
    await createTrigger(kysely as never, engine, { name: 'no_count', event, text: 'disk full' })
    await expect(sign(batch, await holderKeys(1))).rejects.toMatchObject({
      code: 'constraint_violation',
    })
    expect((await certificates().describe()).made).toBe(1)
    expect(await ground.counted()).toEqual(new Map())
    const planned = await kysely
      .selectFrom('batches')
      .select('id')
      .where('id', '=', batch)
      .execute()
    // What could have left could be revoked still.
    expect(planned).toHaveLength(1)
  })

  it('keeps its counts, whatever statement tries otherwise', async () => {
    const { batch } = await ground.plan('platform', 1)
    await sign(batch, await holderKeys(1))
    const { kysely } = ground.opened.ground.database
    const code = 'constraint_violation'
    await expect(kysely.deleteFrom('signatures').execute()).rejects.toMatchObject({ code })
    const less = kysely.updateTable('signatures').set({ copies: 0 })
    await expect(less.execute()).rejects.toMatchObject({ code })
    expect(await ground.counted()).toEqual(new Map([[batch, 1]]))
  })

  it('signs metadata made from its own configuration', async () => {
    const token = await certificates().signMetadata({ locales: ['en'], attestations: false })
    const payload = Buffer.from(token.split('.')[1]!, 'base64url').toString()
    expect(JSON.parse(payload)).toMatchObject({
      credential_issuer: 'https://issuer.example',
      credential_endpoint: 'https://issuer.example/credential',
    })
    expect((await certificates().describe()).made).toBe(0)
    expect(await ground.counted()).toEqual(new Map())
  })
})

describe('the key of a signer', () => {
  const ground = signingGround(databasesOn('sqlite'))
  const file = () => join(ground.family.test.dir, 'secrets/signer.key')
  const reopened = async () => {
    const opened = await openIssuerGround({
      dir: ground.family.test.dir,
      clock: () => ground.family.now,
    })
    try {
      const { batch } = await ground.plan('platform', 1)
      const holderJwks = await holderKeys(1)
      const { certificates } = opened.ground
      return await certificates.sign({ batch, holderJwks, blinded: null, namesKey: false })
    } finally {
      await opened.close()
    }
  }

  it('opens with its own file only: database and master key are not enough', async () => {
    const { database, vault, keyStore } = ground.opened.ground
    const without = await openKeyStore({ database, vault })
    await expect(without.signer(KEY_ALIASES.credential)).rejects.toMatchObject({
      code: 'sealed_wrong',
    })
    // The other keys are those of the master key, as before.
    await without.signer(KEY_ALIASES.status)
    await keyStore.signer(KEY_ALIASES.credential)
  })

  it('is missed by its name when the file is gone, damaged, open to others, or another', async () => {
    const kept = await readFile(file(), 'utf8')
    await rm(file())
    await expect(reopened()).rejects.toMatchObject({ code: 'signer_key_missing' })
    await writeFile(file(), 'netcert-master-key:1:short\n', { mode: 0o600 })
    await expect(reopened()).rejects.toMatchObject({ code: 'signer_key_malformed' })
    await rm(file())
    await createMasterKey(file())
    await expect(reopened()).rejects.toMatchObject({ code: 'sealed_wrong' })
    await writeFile(file(), kept, { mode: 0o600 })
    await expect(reopened()).resolves.toHaveLength(1)
  })

  it('is not needed for anything but signing', async () => {
    await rm(file())
    const { issuer, close } = await openIssuerGround({
      dir: ground.family.test.dir,
      clock: () => ground.family.now,
    })
    await issuer.publish({ out: join(ground.family.folder, 'public') })
    expect((await issuer.examine()).map(({ code }) => code)).toEqual([])
    await close()
  })
})
