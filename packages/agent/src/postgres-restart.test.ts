import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresCluster, startPostgresCluster } from '../../../test/postgres-cluster.js'
import { type StampRows, stamp, stamps } from '../../../test/stamps-schema.js'
import { openDatabase } from './database.js'

let cluster: PostgresCluster

beforeAll(async () => {
  cluster = await startPostgresCluster()
})
afterAll(() => cluster.stop())

const open = (postgres: string) =>
  openDatabase<StampRows>({ location: { postgres }, migrations: [stamps], create: true })

describe('PostgreSQL', () => {
  it('may be restarted under us: what was acknowledged is there and work goes on', async () => {
    const database = await open(await cluster.createDatabase())
    const acknowledged: string[] = []
    let next = 0
    let stop = false
    const write = async () => {
      while (!stop) {
        const id = `n${next++}`
        const written = database.kysely.insertInto('stamps').values(stamp(id)).execute()
        const failed: unknown = await written.then(
          () => undefined,
          (error: unknown) => error,
        )
        if (failed === undefined) acknowledged.push(id)
        else expect(failed).toMatchObject({ code: 'database_unreachable' })
      }
    }
    const writers = Array.from({ length: 8 }, write)
    await cluster.restart()
    const before = acknowledged.length
    while (acknowledged.length < before + 100) await new Promise((done) => setTimeout(done, 5))
    stop = true
    await Promise.all(writers)
    const rows = await database.kysely.selectFrom('stamps').select('id').execute()
    const stored = new Set(rows.map((row) => row.id))
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([])
    await database.close()
  })

  it('is refused with a code when it is not there', async () => {
    const nobody = open('postgres://nobody@127.0.0.1:1/nothing')
    await expect(nobody).rejects.toMatchObject({ code: 'database_unreachable' })
  })

  it('is refused with a code when the database does not exist, without the address in it', async () => {
    const url = `postgres://netcert:not-shown@127.0.0.1:${cluster.port}/missing`
    const error: unknown = await open(url).catch((refused: unknown) => refused)
    expect(error).toMatchObject({ code: 'database_missing' })
    expect(String(error)).not.toContain('not-shown')
  })

  it.each(['synchronous_commit', 'fsync'])('is refused when %s is off', async (name) => {
    const url = await cluster.createDatabase()
    // What an address sets wins over what we set at the start of a connection.
    const weak = `${url}?options=${encodeURIComponent(`-c ${name}=off`)}`
    if (name === 'fsync') {
      // Only the server's own configuration can turn it off; a connection that tries is refused.
      await expect(open(weak)).rejects.toMatchObject({ name: 'AgentError' })
    } else {
      await expect(open(weak)).rejects.toMatchObject({ code: 'database_settings' })
    }
  })
})
