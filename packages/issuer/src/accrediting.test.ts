import { join } from 'node:path'
import { createJws, generateSigner, type JsonObject, type PublicJwk } from '@netcert/credential'
import { ACCREDITATION_TYP, parseAccreditation } from '@netcert/protocol'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { databasesOn, engines, type TestDatabases } from '../../../test/database-engines.js'
import { startTestIssuer, temporaryFolder, testClock } from '../../../test/issuer-ground.js'
import { exampleRegistration } from '../../../test/platform-ground.js'
import { type AccreditingParts, accredit, renewAccreditations } from './accrediting.js'
import { createAccreditationStore } from './accreditation-store.js'
import { openIssuerGround } from './open.js'
import { registerPlatform } from './platform-registering.js'
import { createPlatformStore } from './platform-store.js'

const DAY = 86_400_000
const ID = 'https://tickets.example'

/** A registrar whose signing takes time: `meanwhile` happens once before it ends. */
async function openParts(databases: TestDatabases) {
  const folder = await temporaryFolder()
  const dir = join(folder.path, 'issuer')
  const now = { value: testClock() }
  await (await startTestIssuer({ dir, databases })).close()
  const { ground, close } = await openIssuerGround({ dir, clock: () => now.value })
  onTestFinished(async () => {
    await close()
    await folder.remove()
  })
  const { signer } = await generateSigner('ES256')
  const platforms = createPlatformStore(ground.database)
  const accreditations = createAccreditationStore(ground.database)
  let meanwhile: () => Promise<unknown> = () => Promise.resolve()
  const parts: AccreditingParts = {
    ...{ platforms, accreditations, baseUrl: 'https://issuer.example' },
    registrar: async () => ({ alias: 'registrar-1', did: signer.did }),
    withdrawn: async () => new Set(),
    clock: () => now.value,
    sign: async (payload: JsonObject) => {
      const happens = meanwhile
      meanwhile = () => Promise.resolve()
      await happens()
      return createJws({ header: { typ: ACCREDITATION_TYP, kid: signer.keyId }, payload, signer })
    },
  }
  const before = (work: () => Promise<unknown>) => {
    meanwhile = work
  }
  return { parts, now, before }
}

describe.each(engines)('a platform that is changed while it is accredited, on %s', (engine) => {
  const databases = databasesOn(engine)
  let opened: Awaited<ReturnType<typeof openParts>>
  let keys: readonly [PublicJwk, PublicJwk]

  beforeEach(async () => {
    opened = await openParts(databases)
    keys = [(await generateSigner('ES256')).jwk, (await generateSigner('ES256')).jwk]
    await register(keys[0])
  })

  const register = (requestJwk: PublicJwk) =>
    registerPlatform(opened.parts.platforms, opened.now.value, {
      value: exampleRegistration({ requestJwk }),
      update: true,
    })
  const current = async () => {
    const at = opened.now.value.getTime() / 1000
    const rows = await opened.parts.accreditations.current(at, ID)
    return rows.map(({ token }) => parseAccreditation(token).accreditation.requestJwk)
  }

  it('is accredited for the new key and never for the old one', async () => {
    opened.before(() => register(keys[1]))
    const { token } = await accredit(opened.parts, { platform: ID, purpose: 'ticketing' })
    expect(parseAccreditation(token).accreditation.requestJwk).toMatchObject(keys[1])
    expect(await current()).toMatchObject([keys[1]])
  })

  it('is renewed at the next run, with what is registered then', async () => {
    await accredit(opened.parts, { platform: ID, purpose: 'ticketing', days: 2 })
    opened.now.value = new Date(testClock().getTime() + 1.5 * DAY)
    opened.before(() => register(keys[1]))
    expect((await renewAccreditations(opened.parts)).renewed).toEqual([])
    expect((await renewAccreditations(opened.parts)).renewed).toHaveLength(1)
    expect((await current())[0]).toMatchObject(keys[1])
  })

  it('is not accredited at all once it was removed', async () => {
    const at = opened.now.value.getTime() / 1000
    opened.before(() => opened.parts.platforms.remove(ID, at, 'merged'))
    await expect(
      accredit(opened.parts, { platform: ID, purpose: 'ticketing' }),
    ).rejects.toMatchObject({ code: 'platform_removed' })
    expect(await current()).toEqual([])
  })
})
