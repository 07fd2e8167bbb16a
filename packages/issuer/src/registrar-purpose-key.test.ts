import { join } from 'node:path'
import { generateSigner } from '@netcert/credential'
import { parseAccreditation } from '@netcert/protocol'
import { expect, it, onTestFinished } from 'vitest'
import { databasesOn } from '../../../test/database-engines.js'
import { startTestIssuer, temporaryFolder, testClock } from '../../../test/issuer-ground.js'
import { exampleRegistration } from '../../../test/platform-ground.js'
import { openRegistrar } from './registrar-open.js'

const newKey = async () => (await generateSigner('ES256')).jwk

const databases = databasesOn('sqlite')

it('accredits a purpose with a key of its own by that key, and revokes it alone', async () => {
  const folder = await temporaryFolder()
  const dir = join(folder.path, 'issuer')
  await (await startTestIssuer({ dir, databases })).close()
  const { registrar, close } = await openRegistrar({ dir, clock: testClock })
  onTestFinished(async () => {
    await close()
    await folder.remove()
  })
  const [requestJwk, gateJwk] = [await newKey(), await newKey()]
  const example = exampleRegistration({ requestJwk, sectors: ['ticketing', 'venue-entry'] })
  const { id: platform } = example
  const purposes = example.purposes.map((one, at) =>
    at === 1 ? { ...one, request_jwk: gateJwk } : one,
  )
  await registrar.register({ value: { ...example, purposes }, update: false })
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
