/** Takes the write lock of an SQLite file, says so, and holds it until its standard input ends. */
import sqlite3 from 'sqlite3'

const database = new sqlite3.Database(process.argv[2] ?? '', sqlite3.OPEN_READWRITE, (refused) => {
  if (refused !== null) throw refused
  database.exec('PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE', (failed) => {
    if (failed !== null) throw failed
    process.stdout.write('locked\n')
  })
})

process.stdin.resume().once('end', () => {
  database.exec('ROLLBACK', () => database.close())
})
