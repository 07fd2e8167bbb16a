import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { generateSigner, NETWORK_CERTIFICATE } from '@netcert/credential'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildChildProgram, runChildProgram } from '../../../test/child-program.js'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { rotationGround } from '../../../test/rotation-ground.js'
import { openIssuer, openIssuerGround } from './open.js'

const MODES = ['did:key', 'x5c'] as const
const grounds = engines.flatMap((engine) => MODES.map((mode) => [engine, mode] as const))
const use = 'credential' as const

describe.each(grounds)('the steps of a rotation on %s with %s', (engine, mode) => {
  const ground = rotationGround(databasesOn(engine), mode)
  const { family, minted, received, refreshed, states } = ground

  let program = ''
  beforeAll(async () => {
    program = await buildChildProgram('test/key-rotation-program.ts')
  })

  it('can be killed at any moment, and taken up again', async () => {
    const old = await minted()
    const run = () => runChildProgram(program, [family.test.dir, join(family.folder, 'public')])
    for (const [wait, line] of [
      [0, 'opened'],
      [3, 'opened'],
      [8, 'opened'],
      [0, 'next'],
      [0, 'published'],
    ] as const) {
      const { child, ended } = run()
      child.stdout?.on('data', (text: Buffer) => {
        if (text.toString().includes(line)) setTimeout(() => child.kill('SIGKILL'), wait)
      })
      expect(['SIGKILL', 0]).toContain(await ended)
      // Whatever was cut off, one key signs, and everybody with the newest list believes it.
      const trust = await refreshed()
      await received(trust, await minted())
      await received(trust, old)
    }
    expect(await run().ended).toBe(0)
    const now = await states()
    expect(now.filter((state) => state.endsWith('active'))).toHaveLength(2)
    expect(now.some((state) => state.endsWith('next'))).toBe(false)
    const trust = await refreshed()
    await received(trust, await minted())
    await received(trust, old)
  })

  it('go one way, whatever statement tries otherwise', async () => {
    const { keys } = family.issuer
    await keys.next({ use })
    await keys.activate({ use, emergency: true })
    await keys.revoke({ alias: 'issuer-1' })
    const { ground, close } = await openIssuerGround({
      dir: family.test.dir,
      clock: () => family.now,
    })
    const row = (alias: string) =>
      ground.database.kysely.updateTable('issuer_keys').where('alias', '=', alias)
    const refused = { code: 'constraint_violation' }
    for (const state of ['next', 'active', 'retired']) {
      await expect(row('issuer-1').set({ state }).execute()).rejects.toMatchObject(refused)
    }
    await expect(row('issuer-2').set({ did: 'did:key:z' }).execute()).rejects.toMatchObject(refused)
    await expect(row('issuer-2').set({ not_after: 9_999_999_999 }).execute()).rejects.toMatchObject(
      refused,
    )
    await expect(ground.database.kysely.deleteFrom('issuer_keys').execute()).rejects.toMatchObject(
      refused,
    )
    await close()
  })

  it('can be made again after an interruption, at each step', async () => {
    const { dir } = family.test
    const options = { dir, clock: () => family.now }
    const { ground, close } = await openIssuerGround(options)
    // The key was made, and the process ended.
    const { did } = await ground.keyStore.create({ alias: 'issuer-2', type: 'P-256' })
    await close()
    expect(await states()).toEqual(['issuer-1 active', 'status-1 active'])
    const again = await openIssuer(options)
    expect((await again.issuer.keys.next({ use })).did).toBe(did)
    await again.close()
    await family.issuer.keys.activate({ use, emergency: true })
    await received(await refreshed(), await minted())
  })

  it('are made by one of two processes that rotate at once', async () => {
    const second = await openIssuer({ dir: family.test.dir, clock: () => family.now })
    const both = [family.issuer.keys, second.issuer.keys]
    const outcome = async (step: (keys: (typeof both)[number]) => Promise<unknown>) =>
      (await Promise.allSettled(both.map(step))).filter(({ status }) => status === 'fulfilled')
        .length
    expect(await outcome((keys) => keys.next({ use }))).toBe(1)
    expect(await outcome((keys) => keys.activate({ use, emergency: true }))).toBe(1)
    // The other process signs with the new key, too, without being opened again.
    expect(await states()).toEqual(['issuer-1 retired', 'issuer-2 active', 'status-1 active'])
    const trust = await refreshed()
    await received(trust, await minted())
    const { jwk } = await generateSigner('ES256')
    const asked = { citizen: family.person('parent'), type: NETWORK_CERTIFICATE, holderJwks: [jwk] }
    const theirs = await second.issuer.mint({ ...asked, copies: 'platform' })
    await received(trust, { credential: theirs.credentials[0] ?? '', jwk })
    await second.close()
  })

  it('are sealed apart, like the first', async () => {
    const { dir } = family.test
    await family.issuer.keys.next({ use })
    await rename(join(dir, 'secrets/signer.key'), join(dir, 'secrets/away'))
    const { ground, issuer, close } = await openIssuerGround({ dir, clock: () => family.now })
    await expect(ground.keyStore.signer('issuer-2')).rejects.toMatchObject({
      code: 'signer_key_missing',
    })
    const step = issuer.keys.activate({ use, emergency: true })
    await expect(step).rejects.toMatchObject({ code: 'signer_key_missing' })
    await close()
  })

  it.runIf(mode === 'x5c')('need the authority, and no other', async () => {
    const { dir } = family.test
    const file = join(dir, 'secrets/ca.key')
    const away = join(family.folder, 'ca.key')
    await rename(file, away)
    const { keys } = family.issuer
    await expect(keys.next({ use })).rejects.toMatchObject({ code: 'ca_key_needed' })
    const wrong = keys.next({ use, caKeyFile: join(dir, 'secrets/root.key') })
    await expect(wrong).rejects.toMatchObject({ code: 'ca_key_wrong' })
    expect(await states()).toHaveLength(2)
    await keys.next({ use, caKeyFile: away })
    await rm(join(dir, 'issuer-2.pem'))
    await keys.activate({ use, emergency: true })
    await expect(minted()).rejects.toMatchObject({ code: 'certificate_missing' })
  })
})
