import { once } from 'node:events'
import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  errorOf,
  jsonOf,
  netcert,
  startNetcert,
  temporaryFolder,
} from '../../../test/e2e/netcert-process.js'

const folder = temporaryFolder()
const issuer = folder.at('issuer')
beforeAll(async () => void jsonOf(await netcert(['init', '--dir', issuer, '--json'])))
afterAll(() => folder.remove())

const at = (...args: string[]) => netcert([...args, '--dir', issuer])

type Report = { rows: number; accepted: number; unchanged: number; refusedRows: number }

describe('citizens sample', () => {
  it('writes as many as asked for, the same ones for the same seed', async () => {
    const [one, two] = await Promise.all([
      netcert(['citizens', 'sample', '--count', '20', '--seed', '7']),
      netcert(['citizens', 'sample', '--count', '20', '--seed', '7']),
    ])
    expect(one.code).toBe(0)
    expect(one.stdout.trimEnd().split('\n')).toHaveLength(21)
    expect(one.stdout).toBe(two.stdout)
  })

  it('writes JSON lines where JSON was asked for', async () => {
    const run = await netcert(['citizens', 'sample', '--count', '3', '--json'])
    const rows = run.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object)
    expect(rows).toHaveLength(3)
    expect(rows[0]).toHaveProperty('document_number')
  })

  it('writes a new file for its owner alone, and never over one', async () => {
    const out = folder.at('sample.csv')
    const args = ['citizens', 'sample', '--count', '5', '--out', out, '--json']
    expect(jsonOf(await netcert(args))).toEqual({ file: out, rows: 5 })
    const again = await netcert(args)
    expect(again.code).toBe(2)
    expect(errorOf(again).code).toBe('file_exists')
    const lost = await netcert([...args.slice(0, 5), folder.at('no/where.csv'), '--json'])
    expect(errorOf(lost).code).toBe('file_unwritable')
  })
})

describe('citizens import', () => {
  it('accepts a good file, and the same file again changes nothing', async () => {
    const people = folder.at('people.csv')
    await netcert(['citizens', 'sample', '--count', '30', '--out', people])
    const first = jsonOf<Report>(await at('citizens', 'import', people, '--json'))
    expect(first).toMatchObject({ rows: 30, accepted: 30, unchanged: 0, refusedRows: 0 })
    const again = jsonOf<Report>(await at('citizens', 'import', people, '--json'))
    expect(again).toMatchObject({ rows: 30, accepted: 0, unchanged: 30, refusedRows: 0 })
  })

  it('lists bad rows with line, code and reason, exports them, and ends with 1', async () => {
    const [header = '', row = ''] = (
      await netcert(['citizens', 'sample', '--count', '1', '--seed', '9'])
    ).stdout.split('\n')
    const bad = folder.at('bad.csv')
    const evil = row.split(',').with(3, '"=HYPERLINK(""x"")\u001b[31m"').join(',')
    writeFileSync(bad, `${header}\n${row}\n${evil}\n,,,,,,,,,,\n`)
    const out = folder.at('refused.csv')
    const run = await at('citizens', 'import', bad, '--refused', out)
    expect(run.code).toBe(1)
    expect(run.stdout).toMatch(/line 3 +control_character/)
    expect(run.stdout).toMatch(/line 4 +row_empty/)
    expect(run.stdout).toMatch(/accepted {2}1/)
    expect(run.stdout).not.toContain('HYPERLINK')
    expect(readFileSync(out, 'utf8')).toMatch(
      /^line,column,code,reason,cure\r\n3,\w+,control_character,/,
    )
  })

  it('compares with a column of expectations when told to', async () => {
    const [header = '', row = ''] = (
      await netcert(['citizens', 'sample', '--count', '1', '--seed', '10'])
    ).stdout.split('\n')
    const file = folder.at('expected.csv')
    writeFileSync(file, `${header},expected\n${row},refused:sex\n`)
    const run = await at('citizens', 'import', file, '--expect-column', '--json')
    expect(run.code).toBe(1)
    expect(JSON.parse(run.stdout)).toMatchObject({
      unexpected: [{ line: 2, expected: 'refused:sex', actual: 'accepted' }],
    })
  })

  it('judges ages on the day a file was made for', async () => {
    const [header = '', row = ''] = (
      await netcert(['citizens', 'sample', '--count', '1', '--seed', '12'])
    ).stdout.split('\n')
    const file = folder.at('older.csv')
    writeFileSync(file, `${header}\n${row}\n`)
    const born = await at('citizens', 'import', file, '--as-of', '1900-01-01', '--json')
    expect(JSON.parse(born.stdout)).toMatchObject({ refused: [{ code: 'birthdate_in_future' }] })
    expect((await at('citizens', 'import', file, '--as-of', '2999-01-01')).code).toBe(2)
  })

  it('refuses what is no citizens file, quickly and without repeating it', async () => {
    symlinkSync('/etc/passwd', folder.at('link.csv'))
    writeFileSync(folder.at('columns.csv'), 'name,secret\nx,王小明\n')
    writeFileSync(folder.at('empty.csv'), '')
    for (const [path, code] of [
      [folder.path, 'not_a_file'],
      ['/dev/zero', 'not_a_file'],
      [folder.at('link.csv'), 'not_a_file'],
      [folder.at('missing.csv'), 'file_missing'],
      [folder.at('columns.csv'), 'csv_column_unknown'],
      [folder.at('empty.csv'), 'csv_empty'],
    ] as const) {
      const run = await at('citizens', 'import', path, '--json')
      expect(run).toMatchObject({ code: 2, stdout: '' })
      expect(errorOf(run).code).toBe(code)
      expect(run.stderr).not.toContain('王小明')
    }
  })

  it('stops when interrupted, keeps what it stored, and goes on when run again', async () => {
    const people = folder.at('many.csv')
    await netcert(['citizens', 'sample', '--count', '30000', '--seed', '11', '--out', people])
    const child = startNetcert(['citizens', 'import', people, '--dir', issuer, '--json'])
    let stderr = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    // Once it writes rows, on a machine however busy: there are sixty times as many.
    const written = () =>
      statSync(join(issuer, 'source.sqlite-wal'), { throwIfNoEntry: false })?.size ?? 0
    await expect.poll(written, { interval: 5, timeout: 30_000 }).toBeGreaterThan(100_000)
    child.kill('SIGINT')
    const [code] = (await once(child, 'close')) as [number]
    expect(code).toBe(130)
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'interrupted', exit: 130 } })
    const rest = jsonOf<Report>(await at('citizens', 'import', people, '--json'))
    expect(rest.refusedRows).toBe(0)
    expect(rest.accepted + rest.unchanged).toBe(30_000)
    expect(rest.unchanged).toBeGreaterThan(0)
  })
})

describe('citizens list', () => {
  it('pages through references and shows nothing else', async () => {
    const page = await at('citizens', 'list', '--limit', '2', '--json')
    const { citizens, next } = jsonOf<{ citizens: object[]; next: string }>(page)
    expect(citizens.map((citizen) => Object.keys(citizen))).toEqual([['reference'], ['reference']])
    const more = await at('citizens', 'list', '--limit', '1', '--after', next)
    expect(more.stdout).toMatch(/^c_[0-9a-z]{26}\n$/)
    expect(more.stdout > next).toBe(true)
  })

  it('refuses a folder without an issuer, and a name in place of a reference', async () => {
    const none = await netcert(['citizens', 'list', '--dir', folder.at('none'), '--json'])
    expect(none.code).toBe(2)
    expect(errorOf(none).code).toBe('not_initialised')
    const name = await at('citizens', 'list', '--after', '王小明', '--json')
    expect(errorOf(name).code).toBe('personal_data_on_command_line')
    expect(name.stderr).not.toContain('王小明')
  })
})
