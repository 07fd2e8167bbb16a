import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { openVault } from '@netcert/agent'
import { describe, expect, it } from 'vitest'
import { databasesOn } from '../../../test/database-engines.js'
import { holderKeys } from '../../../test/issuer-ground.js'
import { signingGround } from '../../../test/signing-ground.js'
import { openIssuer } from './open.js'
import { openSigner, separateSigner } from './signer-open.js'

describe('a signer', () => {
  const ground = signingGround(databasesOn('sqlite'))

  it('does not open on the database of another folder, nor without its key', async () => {
    const other = join(ground.family.folder, 'other')
    await cp(ground.family.test.dir, other, { recursive: true })
    await rm(join(other, 'secrets/signer.key'))
    const options = { dir: other, clock: () => ground.family.now, log: () => {} }
    await expect(openSigner(options)).rejects.toMatchObject({ code: 'signer_key_missing' })
    const signer = ground.opened.ground.certificates
    const foreign = {
      ...signer,
      describe: async () => ({ ...(await signer.describe()), environment: 'e_' }),
    }
    await expect(
      openIssuer({ dir: ground.family.test.dir, clock: options.clock, certificates: foreign }),
    ).rejects.toMatchObject({ code: 'environment_mismatch' })
  })

  it('is made for a folder from before there were signers, also after an interruption', async () => {
    const { dir } = ground.family.test
    const file = join(dir, 'secrets/signer.key')
    const { keyStore, vault, database } = ground.opened.ground
    await keyStore.signer('issuer-1')
    const row = database.kysely.selectFrom('keys').selectAll().where('alias', '=', 'issuer-1')
    const { sealed, type } = await row.executeTakeFirstOrThrow()
    const context = `netcert/key/v1|${type}|issuer-1`
    const apart = await openVault({ masterKeyFile: file })
    const asBefore = vault.seal(apart.unseal(sealed, context), context)
    const { batch } = await ground.plan('platform', 1)
    const reopened = async () => {
      const options = { dir, clock: () => ground.family.now, log: () => {} }
      const { signer, close } = await openSigner(options)
      try {
        const holderJwks = await holderKeys(1)
        return await signer.sign({ batch, holderJwks, blinded: null, namesKey: true })
      } finally {
        await close()
      }
    }
    for (const hasFile of [false, true]) {
      await database.kysely
        .updateTable('keys')
        .set({ sealed: asBefore })
        .where('alias', '=', 'issuer-1')
        .execute()
      if (!hasFile) await rm(file)
      const code = hasFile ? 'sealed_wrong' : 'signer_key_missing'
      await expect(reopened()).rejects.toMatchObject({ code })
      await separateSigner({ dir })
    }
    expect(await reopened()).toHaveLength(1)
    await expect(separateSigner({ dir })).rejects.toMatchObject({ code: 'signer_key_exists' })
    expect((await row.executeTakeFirstOrThrow()).sealed).not.toBe(asBefore)
  })
})
