import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createNetcertAgent } from '@netcert/agent/veramo'
import { createTrust, type TrustedRegistrar } from '@netcert/credential'
import {
  type AccreditationStatusLists,
  readAccreditationStatusList,
  verifyAccreditation,
  withAccreditationStatus,
} from '@netcert/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { startTestRegistrar, type TestRegistrar } from '../../../test/issuer-registrar-ground.js'
import { openIssuerGround } from './open.js'
import { platformFileName } from './public-register.js'

const ID = 'https://tickets.example'
const DAY = 86_400_000

describe.each(engines)('what the registrar publishes on %s', (engine) => {
  const databases = databasesOn(engine)
  let ground: TestRegistrar

  beforeEach(async () => {
    ground = await startTestRegistrar(databases)
  })
  afterEach(() => ground.remove())

  const file = (path: string): Promise<string> => readFile(join(ground.out, path), 'utf8')
  const json = async <T>(path: string): Promise<T> => JSON.parse(await file(path)) as T
  const platformFile = (id: string) =>
    json<{ accreditations: string[]; removed_at: number | null; request_jwk: object }>(
      `register/platforms/${platformFileName(id)}`,
    )

  /** What a wallet knows: registrars of the published trust list, and the published status lists. */
  async function walletView() {
    const rootDid = (await readFile(join(ground.dir, 'root.did'), 'utf8')).trim()
    const trust = await createTrust({
      trustListToken: await file('trust-list.jwt'),
      rootDids: [rootDid],
      now: ground.now.value,
      graceSeconds: 0,
      minimumSequence: 0,
    })
    const registrars: readonly TrustedRegistrar[] = trust.trustList.registrars
    const options = { registrars, now: ground.now.value }
    const list = await readAccreditationStatusList(await file('registrar/status/1.jwt'), options)
    const statusLists: AccreditationStatusLists = withAccreditationStatus(new Map(), list)
    return { ...options, statusLists }
  }
  const verdict = async (token: string): Promise<string> =>
    verifyAccreditation(token, await walletView()).then(
      ({ status }) => status,
      (error: unknown) => String((error as { code?: unknown }).code),
    )

  it('holds under the published trust list, and for Veramo as a W3C credential', async () => {
    await ground.publish()
    const [token = ''] = (await platformFile(ID)).accreditations
    expect(await verdict(token)).toBe('good')
    const clock = () => ground.now.value
    const opened = await openIssuerGround({ dir: ground.dir, clock })
    const agent = createNetcertAgent({ ...opened.ground, clock })
    const policies = { now: ground.now.value.getTime() / 1000 }
    const result = await agent.verifyCredential({ credential: token, policies })
    await opened.close()
    expect(result.error).toBeUndefined()
    expect(result).toMatchObject({
      verified: true,
      verifiableCredential: { type: ['VerifiableCredential', 'PlatformAccreditation'] },
    })
  })

  it('revokes with the next publication, and never takes it back', async () => {
    await ground.publish()
    const [token = '', other = ''] = (await platformFile(ID)).accreditations
    const purpose = 'age-check'
    await ground.registrar.revoke({ platform: ID, purpose, reason: 'rules_broken' })
    expect([await verdict(token), await verdict(other)]).toEqual(['good', 'good'])
    await ground.publish()
    const verdicts = [await verdict(token), await verdict(other)]
    expect(verdicts.toSorted()).toEqual(['accreditation_revoked', 'good'])
    expect((await platformFile(ID)).accreditations).toHaveLength(1)
    ground.now.value = new Date(ground.now.value.getTime() + DAY)
    await ground.publish()
    expect([await verdict(token), await verdict(other)]).toEqual(verdicts)
  })

  it('dates no list before the one that was published', async () => {
    ground.now.value = new Date(ground.now.value.getTime() + DAY)
    await ground.publish()
    const before = await walletView()
    ground.now.value = new Date(ground.now.value.getTime() - 60_000)
    await ground.publish()
    const after = [...(await walletView()).statusLists.values()]
    expect(after.map(({ issuedAt }) => issuedAt)).toEqual(
      [...before.statusLists.values()].map(({ issuedAt }) => issuedAt),
    )
  })

  it('shows a removed platform as removed, without accreditations', async () => {
    await ground.publish()
    const arena = await platformFile('https://arena.example')
    expect(arena).toMatchObject({ accreditations: [], removed_at: expect.any(Number) as number })
    const register = await json<{ platforms: { id: string; file: string }[] }>(
      'register/register.json',
    )
    expect(register.platforms.map(({ id }) => id)).toEqual([
      'https://arena.example',
      'https://bank.example',
      'https://friends.example',
      'https://mobile.example',
      ID,
    ])
    for (const { file: name } of register.platforms) await json(`register/${name}`)
  })

  it('publishes renewed accreditations in the register', async () => {
    ground.now.value = new Date(ground.now.value.getTime() + 25 * DAY)
    expect((await ground.registrar.renew()).renewed).toHaveLength(6)
    await ground.publish()
    const { accreditations } = await platformFile('https://mobile.example')
    expect(accreditations).toHaveLength(2)
    expect(await verdict(accreditations[0] ?? '')).toBe('good')
  })

  it('is missed by the doctor when it was not published or renewed', async () => {
    const clock = () => ground.now.value
    const codes = async (): Promise<string[]> => {
      const { issuer, close } = await openIssuerGround({ dir: ground.dir, clock })
      const problems = await issuer.examine()
      await close()
      return [...new Set(problems.map(({ code }) => code))].filter((code) =>
        /^(registrar|accreditation)_/.test(code),
      )
    }
    expect(await codes()).toEqual(['registrar_list_unpublished'])
    await ground.publish()
    expect(await codes()).toEqual([])
    ground.now.value = new Date(ground.now.value.getTime() + 26 * DAY)
    expect(await codes()).toEqual(['registrar_list_stale', 'accreditation_ending'])
    await ground.registrar.renew()
    await ground.publish()
    expect(await codes()).toEqual([])
  })

  it('keeps rows as they are, whatever statement tries otherwise', async () => {
    await ground.registrar.revoke({ platform: ID, reason: 'ceased' })
    const clock = () => ground.now.value
    const { ground: open, close } = await openIssuerGround({ dir: ground.dir, clock })
    const { kysely } = open.database
    const refused = [
      kysely.deleteFrom('platforms').execute(),
      kysely.deleteFrom('accreditations').execute(),
      kysely.updateTable('platforms').set({ id: 'x' }).where('id', '=', ID).execute(),
      kysely.updateTable('platforms').set({ operator: 'X' }).where('id', '=', ID).execute(),
      kysely
        .updateTable('platforms')
        .set({ removed_at: null })
        .where('id', '=', 'https://arena.example')
        .execute(),
      kysely.updateTable('accreditations').set({ revoked_at: null }).execute(),
      kysely.updateTable('accreditations').set({ sequence: 7 }).execute(),
      kysely.updateTable('registrar_lists').set({ next_sequence: 0 }).execute(),
    ]
    for (const outcome of await Promise.allSettled(refused)) expect(outcome.status).toBe('rejected')
    await close()
  })
})
