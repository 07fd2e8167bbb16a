import { NETWORK_CERTIFICATE } from '@netcert/credential'
import { deferredResponseSchema } from '@netcert/protocol'
import { describe, expect, it } from 'vitest'
import { newHolderKeys, startCredentialIssuer } from '../../../test/credential-issuer-ground.js'
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
import { hashOf } from './vci-issuance.js'
import { deferredContext } from './vci-sealed-columns.js'

describe.each(engines)('a put-off copy with a blinded platform, %s', (engine) => {
  const databases = databasesOn(engine)
  const test = openedForAll(() => startCredentialIssuer({ databases }))

  const ask = copyAsker(test)
  const deferredToken = async () => {
    const types = [PLATFORM_COPY]
    const offer = { citizen: test.adult, types, grant: 'pre-authorized', deferred: true } as const
    return test.grant({ offer: (await test.offers.createOffer(offer)).offer })
  }
  const putOff = async () => {
    const token = await deferredToken()
    const blinding = blindFor(SHOP)
    const begun = await ask({ platform_number_blinded: blinding.b }, { token })
    const { transaction_id } = deferredResponseSchema.parse(await begun.json())
    test.now = new Date(test.now.getTime() + 5000)
    const idHash = hashOf(transaction_id)
    const row = () =>
      test.ground.database.kysely
        .selectFrom('vci_deferred')
        .selectAll()
        .where('id_hash', '=', idHash)
        .executeTakeFirstOrThrow()
    const set = (
      values: Partial<Awaited<ReturnType<typeof row>>>,
      { kysely } = test.ground.database,
    ) => kysely.updateTable('vci_deferred').set(values).where('id_hash', '=', idHash).execute()
    const poll = () => test.post('/deferred-credential', { token, body: { transaction_id } })
    return { blinding, idHash, row, set, poll }
  }
  const numberOf = async () => {
    const blinding = blindFor(SHOP)
    const credential = await issuedCopy(await ask({ platform_number_blinded: blinding.b }))
    return blinding.open(credential)
  }

  it('is signed with its point, from the plan, after a crash before the signature', async () => {
    const { blinding, idHash, row, poll } = await putOff()
    const [key] = await newHolderKeys(1)
    const { batch } = await test.issuer.plan(
      {
        citizen: test.adult,
        type: NETWORK_CERTIFICATE,
        copies: 'platform',
        holderJwks: [key!.jwk],
      },
      {
        stands: async () => {},
        also: async (trx, planned) => {
          const at = trx.updateTable('vci_deferred').set({ batch: planned })
          await at.where('id_hash', '=', idHash).execute()
        },
      },
    )
    const credential = await issuedCopy(await poll())
    expect(await blinding.open(credential)).toBe(await numberOf())
    await expect.poll(row).toMatchObject({ batch, holder_keys: null, credentials: null })
  })

  it('is the very same after a crash before the answer left', async () => {
    const { blinding, idHash, row, set, poll } = await putOff()
    const before = await row()
    const first = await issuedCopy(await poll())
    await expect.poll(async () => (await row()).holder_keys).toBeNull()
    // What was signed is kept in the transaction that counts it: there is no moment in between.
    const kept = new TextEncoder().encode(JSON.stringify([first]))
    const credentials = test.ground.vault.seal(kept, deferredContext(idHash, 'credentials'))
    const { batch } = await row()
    await set({ ...before, batch, credentials })
    const again = await issuedCopy(await poll())
    expect(again).toBe(first)
    expect(await blinding.open(again)).toBe(await numberOf())
    await expect.poll(async () => (await row()).credentials).toBeNull()
  })

  it('from before there were numbers has keys alone, which are still understood', async () => {
    const token = await deferredToken()
    const begun = await ask({}, { token })
    const { transaction_id } = deferredResponseSchema.parse(await begun.json())
    const { kysely } = test.ground.database
    const [key] = await newHolderKeys(1)
    const idHash = hashOf(transaction_id)
    const keys = new TextEncoder().encode(JSON.stringify([key!.jwk]))
    await kysely
      .updateTable('vci_deferred')
      .set({ holder_keys: test.ground.vault.seal(keys, `vci_deferred|${idHash}|holder_keys`) })
      .where('id_hash', '=', idHash)
      .execute()
    test.now = new Date(test.now.getTime() + 5000)
    const answer = await test.post('/deferred-credential', { token, body: { transaction_id } })
    const credential = await issuedCopy(answer)
    expect((await claimsOf(credential)).has('platform_number')).toBe(false)
  })
})
