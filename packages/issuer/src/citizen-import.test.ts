import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { openTestRegister, TODAY, testClock } from '../../../test/issuer-ground.js'
import { importCitizens } from './citizen-import.js'
import { CITIZEN_COLUMNS } from './citizen-row.js'
import { rowFinding } from './row-refusal.js'
import { sampleCitizens } from './sample-citizens.js'

const HEADER = CITIZEN_COLUMNS.join(',')
const given = (name: string) =>
  fileURLToPath(new URL(`../../../../shared/data/${name}`, import.meta.url))
const own = fileURLToPath(new URL('../test-data/citizens-messy.csv', import.meta.url))

const bytes = (text: string) => Readable.from([Buffer.from(text)])
const samples = (count: number) => [...sampleCitizens({ count, today: TODAY })]

describe.each(engines)('an import of citizens on %s', (engine) => {
  const databases = databasesOn(engine)
  const openRegister = () => openTestRegister(databases)

  it('takes every row of a good file, and the same file again changes nothing', async () => {
    const register = await openRegister()
    const file = samples(1200).join('')
    const first = await importCitizens(register, testClock, { input: bytes(file) })
    expect(first).toMatchObject({ rows: 1200, accepted: 1200, unchanged: 0, refusedRows: 0 })
    const references = await register.list({ limit: 2000 })
    const again = await importCitizens(register, testClock, { input: bytes(file) })
    expect(again).toMatchObject({ rows: 1200, accepted: 0, unchanged: 1200, refusedRows: 0 })
    expect(await register.list({ limit: 2000 })).toEqual(references)
    expect(await register.count()).toBe(1200)
  })

  it('gives each row of a messy file the result its last column names', async () => {
    const register = await openRegister()
    const input = Readable.from([await readFile(own)])
    const report = await importCitizens(register, testClock, { input, expectColumn: true })
    expect(report.unexpected).toEqual([])
    expect(report.refusedRows).toBeGreaterThan(25)
    expect(await register.count()).toBe(report.accepted)
  })

  it.skipIf(!existsSync(given('citizens-messy.csv')))(
    'gives each row of ../shared/data/citizens-messy.csv the result its last column names',
    async () => {
      const register = await openRegister()
      const input = Readable.from([await readFile(given('citizens-messy.csv'))])
      const report = await importCitizens(register, testClock, { input, expectColumn: true })
      expect(report.unexpected).toEqual([])
      expect(report.rows).toBe(46)
    },
  )

  it.skipIf(!existsSync(given('citizens.csv')))(
    'takes ../shared/data/citizens.csv whole',
    async () => {
      const register = await openRegister()
      const input = Readable.from([await readFile(given('citizens.csv'))])
      const report = await importCitizens(register, testClock, { input })
      expect(report).toMatchObject({ rows: 2000, accepted: 2000, refused: [], normalised: [] })
    },
  )

  it('stores nothing of a refused row and lists it with line, code and reason', async () => {
    const register = await openRegister()
    const [header, good, second] = samples(2)
    const bad = second!.replace(/,CHN,/, ',ZZZ,')
    const report = await importCitizens(register, testClock, { input: bytes(header! + bad + good) })
    expect(report).toMatchObject({ rows: 2, accepted: 1, refusedRows: 1 })
    expect(report.refused).toEqual([{ line: 2, ...rowFinding('nationality') }])
    expect(await register.count()).toBe(1)
  })

  it('counts the row it would have refused today as unchanged when it is on record', async () => {
    const register = await openRegister()
    const rows = samples(200)
    await importCitizens(register, testClock, { input: bytes(rows.join('')) })
    const later = () => new Date('2046-11-21T04:00:00Z')
    const report = await importCitizens(register, later, { input: bytes(rows.join('')) })
    expect(report).toMatchObject({ unchanged: 200, refusedRows: 0 })
  })

  it('stops between two chunks when asked, and can be run again to the end', async () => {
    const register = await openRegister()
    const file = samples(2600).join('')
    const stop = new AbortController()
    const interrupted = await importCitizens(register, testClock, {
      input: bytes(file),
      signal: stop.signal,
      onProgress: ({ rows }) => rows >= 1000 && stop.abort(),
    })
    expect(interrupted).toMatchObject({ interrupted: true, rows: 1000, accepted: 1000 })
    expect(await register.count()).toBe(1000)
    const rest = await importCitizens(register, testClock, { input: bytes(file) })
    expect(rest).toMatchObject({ interrupted: false, unchanged: 1000, accepted: 1600 })
  })

  it('runs beside another import of the same file without a double', async () => {
    const register = await openRegister()
    const file = samples(1500).join('')
    const reports = await Promise.all(
      [1, 2, 3].map(() => importCitizens(register, testClock, { input: bytes(file) })),
    )
    expect(reports.reduce((sum, report) => sum + report.accepted, 0)).toBe(1500)
    expect(reports.every((report) => report.refusedRows === 0)).toBe(true)
    expect(await register.count()).toBe(1500)
  })

  it('links guardians by reference and refuses a minor as guardian', async () => {
    const register = await openRegister()
    const adult = 'resident_id,990217198905047852,于,敏静,female,1989-05-04,CHN,GD,10009155296,,'
    const teen =
      'resident_id,99066420140303098X,王,小明,male,2014-03-03,CHN,BJ,10000864420,,990217198905047852'
    const ward =
      'passport,EX7654321,王,小红,female,2020-01-01,CHN,BJ,10000864421,,99066420140303098X'
    const file = [HEADER, adult, teen, ward].join('\n')
    const report = await importCitizens(register, testClock, { input: bytes(file) })
    expect(report.refused).toMatchObject([{ line: 4, code: 'guardian_is_minor' }])
    const references = await register.list({ limit: 10 })
    const citizens = await Promise.all(references.map((reference) => register.read(reference)))
    const child = citizens.find((citizen) => citizen?.birthdate === '2014-03-03')
    const parent = citizens.find((citizen) => citizen?.birthdate === '1989-05-04')
    expect(child?.guardians).toEqual([parent?.reference])
  })

  it('refuses a file with an unknown or missing column before anything is stored', async () => {
    const register = await openRegister()
    const [header, row] = samples(1)
    const wider = header!.trimEnd() + ',face_image\n' + row!.trimEnd() + ',x\n'
    await expect(
      importCitizens(register, testClock, { input: bytes(wider) }),
    ).rejects.toMatchObject({ code: 'csv_column_unknown' })
    await expect(
      importCitizens(register, testClock, { input: bytes('document_type\n') }),
    ).rejects.toMatchObject({ code: 'csv_column_missing' })
    await expect(importCitizens(register, testClock, { input: bytes('') })).rejects.toMatchObject({
      code: 'csv_empty',
    })
    const utf16 = Readable.from([Buffer.from(`\uFEFF${header}`, 'utf16le')])
    await expect(importCitizens(register, testClock, { input: utf16 })).rejects.toMatchObject({
      code: 'csv_encoding',
    })
    expect(await register.count()).toBe(0)
  })

  it('reads one citizen back by a reference that says nothing', async () => {
    const register = await openRegister()
    const [header, row] = samples(1)
    await importCitizens(register, testClock, { input: bytes(header! + row) })
    const [reference] = await register.list({ limit: 1 })
    expect(reference).toMatch(/^c_[0-9a-z]{26}$/)
    const citizen = await register.read(reference!)
    expect(row).toContain(citizen!.documentNumber)
    expect(row).toContain(citizen!.givenName)
    expect(await register.read('c_nobody')).toBeUndefined()
  })
})
