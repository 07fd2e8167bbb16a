import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { generateSigner } from '@netcert/credential'
import { openIssuer } from '@netcert/issuer'
import { type OpenedRegistrar, openRegistrar } from '@netcert/issuer/registrar'
import type { SectorName } from '@netcert/schemas'
import type { TestDatabases } from './database-engines.js'
import { startTestIssuer, temporaryFolder, testClock } from './issuer-ground.js'
import { exampleRegistration } from './platform-ground.js'

/** Platforms as a register could have them. */
const PLATFORMS: readonly (readonly [
  host: string,
  zh: string,
  en: string,
  operator: string,
  sectors: readonly SectorName[],
])[] = [
  ['tickets.example', '好票网', 'Good Tickets', '91440300MA5TICKETS', ['ticketing', 'age-check']],
  ['mobile.example', '华信移动', 'Huaxin Mobile', '91110000MA5MOBILE', ['telecom']],
  ['bank.example', '江南银行', 'Jiangnan Bank', '91320000MA5BANK', ['bank-account', 'payment']],
  ['friends.example', '老友圈', 'Old Friends', '91310000MA5FRIENDS', ['social-network']],
  ['arena.example', '东湖体育馆', 'East Lake Arena', '91420000MA5ARENA', ['venue-entry']],
]

export type TestRegistrar = OpenedRegistrar & {
  readonly dir: string
  /** Where `publish` wrote. */
  readonly out: string
  publish(): Promise<void>
  /** What the clock says; tests move it. */
  readonly now: { value: Date }
  remove(): Promise<void>
}

/** A registrar with five platforms, all accredited but the last, which is removed. */
export async function startTestRegistrar(databases: TestDatabases): Promise<TestRegistrar> {
  const folder = await temporaryFolder()
  const dir = join(folder.path, 'issuer')
  const out = join(folder.path, 'published')
  await mkdir(out)
  const now = { value: testClock() }
  const clock = () => now.value
  await (await startTestIssuer({ dir, databases, clock, citizens: 60 })).close()
  const opened = await openRegistrar({ dir, clock })
  const { registrar } = opened
  for (const [host, zh, en, operator, sectors] of PLATFORMS) {
    const { jwk: requestJwk } = await generateSigner('ES256')
    const platform = { id: `https://${host}`, name: { 'zh-CN': zh, en }, operator, sectors }
    const value = exampleRegistration({ requestJwk, ...platform })
    await registrar.register({ value, update: false })
    for (const purpose of sectors) await registrar.accredit({ platform: platform.id, purpose })
  }
  await registrar.remove({ platform: 'https://arena.example', reason: 'ceased' })
  const publish = async (): Promise<void> => {
    const { issuer, close } = await openIssuer({ dir, clock })
    await issuer.publish({ out })
    await close()
  }
  return {
    ...opened,
    dir,
    out,
    now,
    publish,
    remove: async () => {
      await opened.close()
      await folder.remove()
    },
  }
}
