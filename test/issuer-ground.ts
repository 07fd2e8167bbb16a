import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { createMasterKey, openVault } from '@netcert/agent'
import { generateSigner, type PublicJwk } from '@netcert/credential'
import { initIssuer, type Issuer, openIssuer, sampleCitizens } from '@netcert/issuer'
import {
  type CitizenRegister,
  createCitizenRegister,
} from '../packages/issuer/src/authentic-source.js'
import {
  createSourceStore,
  type SourceSchema,
  sourceMigrations,
} from '../packages/issuer/src/source-store.js'
import type { TestDatabases } from './database-engines.js'

/** The day the citizens in files are made for. */
export const TODAY = '2026-11-21'
export const testClock = (): Date => new Date('2026-11-21T04:00:00Z')

/** A folder that is removed with `remove`. */
export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'netcert-issuer-'))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

/** An empty authentic source on a database of the test; close it before the databases. */
export async function openTestRegister(databases: TestDatabases): Promise<CitizenRegister> {
  const folder = await temporaryFolder()
  const masterKeyFile = join(folder.path, 'master.key')
  await createMasterKey(masterKeyFile)
  const vault = await openVault({ masterKeyFile })
  await folder.remove()
  const database = await databases.open<SourceSchema>({
    location: await databases.location(),
    migrations: sourceMigrations,
    create: true,
  })
  return createCitizenRegister({ store: createSourceStore(database), vault })
}

export type TestIssuer = {
  readonly dir: string
  readonly issuer: Issuer
  readonly rootDid: string
  readonly issuerDid: string
  readonly issuers: readonly string[]
  /** References of the imported sample citizens. */
  readonly citizens: readonly string[]
  close(): Promise<void>
}

/** A whole issuer in `dir`, with sample citizens, on either engine. */
export async function startTestIssuer(options: {
  readonly dir: string
  readonly databases: TestDatabases
  readonly citizens?: number
  readonly clock?: () => Date
  readonly algorithm?: 'ES256' | 'EdDSA'
  readonly keyMode?: 'did:key' | 'x5c'
  readonly keyModes?: Readonly<Record<string, 'did:key' | 'x5c'>>
}): Promise<TestIssuer> {
  const { dir, databases, clock = testClock, algorithm = 'ES256', keyMode = 'did:key' } = options
  const urls = {
    ...(await urlFile(databases, `${dir}.issuer-url`, 'databaseUrlFile')),
    ...(await urlFile(databases, `${dir}.source-url`, 'sourceDatabaseUrlFile')),
  }
  const baseUrl = 'https://issuer.example'
  const { keyModes = {} } = options
  const names = { keyMode, keyModes }
  const report = await initIssuer({ dir, baseUrl, now: clock(), algorithm, ...names, ...urls })
  const { issuer, close } = await openIssuer({ dir, clock })
  const count = options.citizens ?? 0
  if (count > 0) {
    const input = Readable.from([
      Buffer.from([...sampleCitizens({ count, today: TODAY })].join('')),
    ])
    await issuer.importCitizens({ input })
  }
  const { citizens } = await issuer.listCitizens({ limit: 1000 })
  const references = citizens.map(({ reference }) => reference)
  let closed: Promise<void> | undefined
  // A test may close it before its ground does.
  const closeOnce = () => (closed ??= close())
  return { dir, issuer, ...report, citizens: references, close: closeOnce }
}

export async function urlFile<Name extends string>(
  databases: TestDatabases,
  file: string,
  name: Name,
): Promise<Partial<Record<Name, string>>> {
  const location = await databases.location()
  if ('sqlite' in location) return {}
  await writeFile(file, `${location.postgres}\n`, { mode: 0o600 })
  return { [name]: file } as Record<Name, string>
}

/** Public keys of holders who keep their private halves to themselves. */
export async function holderKeys(count: number): Promise<PublicJwk[]> {
  const keys = await Promise.all(Array.from({ length: count }, () => generateSigner('ES256')))
  return keys.map(({ jwk }) => jwk)
}
