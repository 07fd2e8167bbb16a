import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Database, type OpenDatabaseOptions, openDatabase } from '@netcert/agent'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { type PostgresCluster, startPostgresCluster } from './postgres-cluster.js'

/** Both databases, for `describe.each(engines)`: store tests run on each. */
export const engines = ['sqlite', 'postgres'] as const
export type Engine = (typeof engines)[number]

/** Where a new, empty database is, and how to open it so that the test's end closes it. */
export type TestDatabases = {
  /** A place where no database was created yet. */
  location(): Promise<OpenDatabaseOptions['location']>
  open<S>(options: OpenDatabaseOptions): Promise<Database<S>>
}

/** Call inside a `describe`: its databases live until the end of it, open ones of each test's. */
export function databasesOn(engine: Engine): TestDatabases {
  let cluster: PostgresCluster | undefined
  let folder = ''
  const opened: { close(): Promise<void> }[] = []
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'netcert-databases-'))
    if (engine === 'postgres') cluster = await startPostgresCluster()
  })
  afterEach(async () => {
    for (const database of opened.splice(0)) await database.close()
  })
  afterAll(async () => {
    await cluster?.stop()
    await rm(folder, { recursive: true, force: true })
  })
  return {
    location: async () =>
      cluster === undefined
        ? { sqlite: join(folder, `${randomBytes(6).toString('hex')}.sqlite`) }
        : { postgres: await cluster.createDatabase() },
    open: async <S>(options: OpenDatabaseOptions) => {
      const database = await openDatabase<S>(options)
      opened.push(database)
      return database
    },
  }
}
