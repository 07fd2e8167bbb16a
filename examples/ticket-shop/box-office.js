// What the shop keeps of its own: who has a ticket for what. Not one line of it is about certificates.
import { randomUUID } from 'node:crypto'
import sqlite3 from 'sqlite3'

/**
 * @typedef {{ show: string, customer: string, number: string | null, adult: boolean }} Sale
 * @typedef {{ id: string, show: string, bought_at: number }} Ticket
 */

/** @param {string} file */
export async function openBoxOffice(file) {
  const database = await connect(file)
  // Who has an account deleted is gone from the file as well, and not only from the table.
  await run(database, 'pragma secure_delete = on')
  // One ticket of a show for each customer: the database says so, whatever is clicked at once.
  await run(
    database,
    `create table if not exists tickets (
      id text primary key,
      show text not null,
      customer text not null,
      number text,
      adult integer not null,
      bought_at integer not null,
      unique (show, customer)
    ) strict`,
  )
  return {
    /** @param {Sale} sale @returns {Promise<string | null>} the ticket's id; null: they have one */
    async sell({ show, customer, number, adult }) {
      const id = randomUUID()
      const row = [id, show, customer, number, adult ? 1 : 0, Math.floor(Date.now() / 1000)]
      const sql = 'insert into tickets values (?, ?, ?, ?, ?, ?) on conflict do nothing'
      return (await run(database, sql, row)) === 1 ? id : null
    },
    /** @param {string} customer @returns {Promise<readonly Ticket[]>} */
    of: (customer) =>
      all(database, 'select id, show, bought_at from tickets where customer = ?', [customer]),
    /** Numbers for the gate: `netcert gate tickets --numbers FILE`. @param {string} show */
    numbers: async (show) => {
      const sql = 'select number from tickets where show = ? and number is not null'
      return (await all(database, sql, [show])).map(({ number }) => String(number))
    },
    /** @param {string} customer */
    forget: (customer) => run(database, 'delete from tickets where customer = ?', [customer]),
    close: () => new Promise((resolve) => database.close(resolve)),
  }
}

/**
 * Every table of a database that says anything about visitors, with a hundred of its rows. Left out: the shop's own
 * keys, sealed, and the history of the schema.
 *
 * @param {string} file
 */
export async function readEverything(file) {
  const database = await connect(file, sqlite3.OPEN_READONLY)
  try {
    const tables = await all(
      database,
      "select name from sqlite_schema where name = 'tickets' or name like 'verifier!_%' escape '!' and type = 'table' order by name",
    )
    const found = []
    for (const { name } of tables) {
      found.push({
        name: String(name),
        rows: await all(database, `select * from "${name}" limit 100`),
      })
    }
    return found
  } finally {
    await new Promise((resolve) => database.close(resolve))
  }
}

/** @param {string} file @param {number} [mode] @returns {Promise<import('sqlite3').Database>} */
function connect(file, mode = sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE) {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(file, mode, (error) =>
      error ? reject(error) : resolve(database),
    )
  })
}

/** @param {import('sqlite3').Database} database @param {string} sql @param {unknown[]} [values] */
function run(database, sql, values = []) {
  return new Promise((resolve, reject) => {
    database.run(sql, values, function done(error) {
      if (error) reject(error)
      else resolve(this.changes)
    })
  })
}

/**
 * @param {import('sqlite3').Database} database @param {string} sql @param {unknown[]} [values]
 * @returns {Promise<any[]>}
 */
function all(database, sql, values = []) {
  return new Promise((resolve, reject) => {
    database.all(sql, values, (error, rows) => (error ? reject(error) : resolve(rows)))
  })
}
