import { join } from 'node:path'
import { generateSigner, type PublicJwk } from '@netcert/credential'
import { parseAccreditation } from '@netcert/protocol'
import { expect, it, onTestFinished } from 'vitest'
import { databasesOn } from '../../../test/database-engines.js'
import { startTestIssuer, temporaryFolder, testClock } from '../../../test/issuer-ground.js'
import { exampleRegistration } from '../../../test/platform-ground.js'
import { openRegistrar } from './registrar-open.js'

const newKey = async () => (await generateSigner('ES256')).jwk

const databases = databasesOn('sqlite')

/** A registrar, and a platform whose second purpose has a key of its own. */
async function registered() {
  const folder = await temporaryFolder()
  const dir = join(folder.path, 'issuer')
  await (await startTestIssuer({ dir, databases })).close()
  const { registrar, close } = await openRegistrar({ dir, clock: testClock })
  onTestFinished(async () => {
    await close()
    await folder.remove()
  })
  const [requestJwk, gateJwk] = [await newKey(), await newKey()]
  const value = withKeys(requestJwk, gateJwk)
  await registrar.register({ value, update: false })
  return { registrar, value, requestJwk, gateJwk, platform: value.id }
}

function withKeys(requestJwk: PublicJwk, gateJwk: PublicJwk) {
  const example = exampleRegistration({ requestJwk, sectors: ['ticketing', 'venue-entry'] })
  const [first, ...rest] = example.purposes
  return { ...example, purposes: [first, ...rest.map((one) => ({ ...one, request_jwk: gateJwk }))] }
}

it('accredits a purpose with a key of its own by that key, and revokes it alone', async () => {
  const { registrar, requestJwk, gateJwk, platform } = await registered()
  const keyOf = async (purpose: string) =>
    parseAccreditation((await registrar.accredit({ platform, purpose })).token).accreditation
      .requestJwk
  expect(await keyOf('ticketing')).toEqual(requestJwk)
  expect(await keyOf('venue-entry')).toEqual(gateJwk)
  const gates = { platform, purpose: 'venue-entry', reason: 'rules_broken' } as const
  expect(await registrar.revoke(gates)).toEqual({ revoked: 1 })
  expect(await registrar.revoke(gates).catch((error: { code: string }) => error.code)).toBe(
    'nothing_to_change',
  )
})

it('gives no platform a key of another one, for itself or for a purpose', async () => {
  const { registrar, value, requestJwk, gateJwk } = await registered()
  const codeOf = (keys: ReturnType<typeof withKeys>) => {
    const other = {
      ...keys,
      id: 'https://other.example',
      name: { 'zh-CN': '另一家', en: 'Another' },
    }
    return registrar.register({ value: other, update: false }).then(
      () => null,
      (error: { code: string }) => error.code,
    )
  }
  for (const taken of [requestJwk, gateJwk]) {
    expect(await codeOf(withKeys(taken, await newKey()))).toBe('platform_key_taken')
    expect(await codeOf(withKeys(await newKey(), taken))).toBe('platform_key_taken')
  }
  expect(await codeOf(withKeys(await newKey(), await newKey()))).toBeNull()
  // Its own it keeps, and may use for all it does.
  expect(await registrar.register({ value, update: true })).toMatchObject({ outcome: 'unchanged' })
  const same = withKeys(requestJwk, requestJwk)
  expect(await registrar.register({ value: same, update: true })).toMatchObject({
    outcome: 'changed',
  })
})
