import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTrust } from '@netcert/credential'
import { readAccreditationStatusList, verifyAccreditation } from '@netcert/protocol'
import { packSourceOf, readPack, readPackText } from '@netcert/protocol/offline-pack'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databasesOn } from '../../../../test/database-engines.js'
import { startTestRegistrar, type TestRegistrar } from '../../../../test/issuer-registrar-ground.js'
import { openIssuer } from '../index.js'

describe('an offline pack of an issuer with a registrar', () => {
  const databases = databasesOn('sqlite')
  let ground: TestRegistrar

  beforeAll(async () => {
    ground = await startTestRegistrar(databases)
  })
  afterAll(() => ground.remove())

  const build = async (name: string, since?: number) => {
    const { issuer, close } = await openIssuer({ dir: ground.dir, clock: () => ground.now.value })
    const out = join(ground.out, name)
    await issuer.packs.build({ out, ...(since === undefined ? {} : { since }) })
    await close()
    const source = packSourceOf(await readFile(out))
    return { source, pack: await readPack(source) }
  }
  type Opened = Awaited<ReturnType<typeof build>>
  const textOf = async ({ source, pack }: Opened, type: string) =>
    readPackText(source, pack.entries.find((entry) => entry.type === type)!)
  /** Whether an accreditation counts for somebody who has the pack alone. */
  const verdict = async (token: string, opened: Opened): Promise<string> => {
    const now = ground.now.value
    const trust = await createTrust({
      trustListToken: await textOf(opened, 'trust-list'),
      rootDids: [(await readFile(join(ground.dir, 'root.did'), 'utf8')).trim()],
      ...{ now, graceSeconds: 0, minimumSequence: 0 },
    })
    const { registrars } = trust.trustList
    const text = await textOf(opened, 'accreditation-status-list')
    const list = await readAccreditationStatusList(text, { registrars, now })
    const statusLists = new Map([[list.uri, list]])
    return verifyAccreditation(token, { registrars, now, statusLists }).then(
      ({ status }) => status,
      (error: unknown) => String((error as { code?: unknown }).code),
    )
  }

  it('tells which accreditations were taken back, and so does one of changes', async () => {
    const platform = 'https://bank.example'
    const { token } = await ground.registrar.accredit({ platform, purpose: 'payment' })
    const first = await build('1.ncpack')
    expect(await verdict(token, first)).toBe('good')
    await ground.registrar.revoke({ platform, reason: 'rules_broken' })
    const changes = await build('2.ncpack', 1)
    expect(changes.pack.manifest).toMatchObject({ kind: 'delta', base: 1 })
    expect(await verdict(token, changes)).toBe('accreditation_revoked')
  })
})
