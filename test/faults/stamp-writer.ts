import { writeSync } from 'node:fs'
import { openDatabase } from '@netcert/agent'
import { type StampRows, stamp, stamps } from '../stamps-schema.js'

/**
 * A process that writes rows until it is killed or has written enough, and prints the id of each
 * row when, and only when, the database has acknowledged it.
 *
 * Arguments: `sqlite` or `postgres`, the place, a prefix for the ids, rows, callers at a time.
 */
const [engine, place = '', prefix = '', rows = '0', callers = '1'] = process.argv.slice(2)
const location = engine === 'sqlite' ? { sqlite: place } : { postgres: place }
const database = await openDatabase<StampRows>({ location, migrations: [stamps], create: true })

let next = 0

async function writeRows(): Promise<void> {
  while (next < Number(rows)) {
    const id = `${prefix}-${next++}`
    await database.kysely.insertInto('stamps').values(stamp(id)).execute()
    writeSync(1, `${id}\n`)
  }
}

/** Reads, adds one, writes: loses counts unless transactions of all processes exclude each other. */
async function countUp(): Promise<void> {
  const id = 'counter'
  await database.transaction(async (trx) => {
    const query = trx.selectFrom('stamps').select('value').where('id', '=', id).forUpdate()
    const { value } = await query.executeTakeFirstOrThrow()
    await trx
      .updateTable('stamps')
      .set({ value: value + 1 })
      .where('id', '=', id)
      .execute()
  })
}

async function prepareCounter(): Promise<void> {
  await database.kysely
    .insertInto('stamps')
    .values(stamp('counter', 0))
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
}

await prepareCounter()
await Promise.all(Array.from({ length: Number(callers) }, writeRows))
for (let turn = 0; turn < 50; turn += 1) await countUp()
await database.close()
