import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorOf, jsonOf, netcert } from '../../../test/e2e/netcert-process.js'
import { type Ground, makeGround, mint } from '../../../test/e2e/triangle.js'
import { encodingsFound } from '../../../test/value-encodings.js'

type Verified = {
  readonly whole: boolean
  readonly entries: number
  readonly first_bad: { readonly sequence: number; readonly fault: string } | null
}

let ground: Ground
beforeAll(async () => {
  ground = await makeGround()
}, 60_000)
afterAll(() => ground.folder.remove())

const at = (...args: string[]) => netcert([...args, '--dir', ground.issuer, '--json'])
const log = () => join(ground.issuer, 'audit', 'log.jsonl')
const pem = (name: string) => ground.folder.at(`${name}.pem`)

describe('netcert audit', () => {
  it('shows what was done, keeps no person in it, and finds it whole', async () => {
    await mint(ground, ground.folder.at('wallet'))
    const { entries } = jsonOf<{ entries: { event: string; actor: string }[] }>(
      await at('audit', 'list'),
    )
    const events = ['issuer_initialised', 'citizens_imported', 'certificates_minted']
    expect(entries.map(({ event }) => event)).toEqual(events)
    expect(entries.every(({ actor }) => actor === 'local')).toBe(true)
    const found = jsonOf<Verified>(await at('audit', 'verify'))
    expect(found).toMatchObject({ whole: true, entries: 3, first_bad: null })
    const people = readFileSync(ground.folder.at('people.csv'), 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1)
    expect(people).toHaveLength(4)
    const bytes = readFileSync(log())
    for (const cell of people
      .flatMap((row) => row.split(','))
      .filter(({ length }) => length >= 8)) {
      expect(encodingsFound(bytes, cell)).toEqual([])
    }
    for (const citizen of ground.citizens) expect(encodingsFound(bytes, citizen)).toEqual([])
  })

  it('writes a copy that verifies by itself, and a table that no spreadsheet runs', async () => {
    const [out, csv] = [ground.folder.at('log.jsonl'), ground.folder.at('log.csv')]
    jsonOf(await at('audit', 'export', '--out', out))
    jsonOf(await at('audit', 'export', '--out', csv, '--format', 'csv'))
    const heads = join(ground.issuer, 'audit', 'heads.jsonl')
    const args = ['audit', 'verify', '--log', out, '--json']
    expect(jsonOf<Verified>(await netcert(args))).toMatchObject({ whole: true, entries: 4 })
    // The heads speak of what was put on record since: of a copy that is older it is cut off.
    const cut = JSON.parse((await netcert([...args, '--heads', heads])).stdout) as Verified
    expect(cut).toMatchObject({ whole: false, first_bad: { sequence: 5, fault: 'cut' } })
    expect(readFileSync(csv, 'utf8')).not.toMatch(/(^|,)[=+@]/m)
    const again = await at('audit', 'export', '--out', out)
    expect(errorOf(again)).toMatchObject({ code: 'file_exists', exit: 2 })
    const since = await at('audit', 'list', '--since', 'yesterday')
    expect(errorOf(since)).toMatchObject({ exit: 2 })
    expect(errorOf(await netcert([...args.slice(0, 2), '--heads', heads, '--json']))).toMatchObject(
      {
        code: 'wrong_use',
      },
    )
    const none = await netcert(['audit', 'verify', '--log', ground.folder.at('none'), '--json'])
    expect(errorOf(none)).toMatchObject({ code: 'audit_unreadable', exit: 2 })
  })

  it('names the first bad entry with exit 1, and so does the doctor', async () => {
    const before = readFileSync(log(), 'utf8')
    writeFileSync(
      log(),
      before
        .replace('"accepted":4', '"accepted":5')
        .replace('\\"accepted\\":4', '\\"accepted\\":5'),
    )
    const run = await at('audit', 'verify')
    expect(run.code).toBe(1)
    const bad = { where: 'mirror', sequence: 2, fault: 'changed' }
    expect(JSON.parse(run.stdout)).toMatchObject({ whole: false, first_bad: bad })
    expect((await netcert(['audit', 'verify', '--dir', ground.issuer])).stdout).toContain('Entry 2')
    const doctor = JSON.parse((await at('doctor')).stdout) as { findings: { code?: string }[] }
    expect(doctor.findings.map(({ code }) => code)).toContain('audit_broken')
    writeFileSync(log(), before)
  })

  it('is refused when its mirror is gone, until that is written again', async () => {
    const before = readFileSync(log(), 'utf8')
    rmSync(log())
    const minting = await netcert([
      ...['presence', 'record', '--citizen', ground.citizens[0]!, '--face'],
      ...['--dir', ground.issuer, '--json'],
    ])
    expect(errorOf(minting)).toMatchObject({ code: 'audit_unwritable', exit: 3 })
    jsonOf(await at('audit', 'mirror'))
    expect(readFileSync(log(), 'utf8')).toBe(before)
    expect(jsonOf<Verified>(await at('audit', 'verify')).whole).toBe(true)
  })
})

describe('netcert operator', () => {
  it('asks for a key file with the role once an operator is registered, and signs with it', async () => {
    const create = (name: string, roles: string[], ...more: string[]) =>
      at('operator', 'create', '--name-code', name, '--role', ...roles, '--out', pem(name), ...more)
    expect(errorOf(await create('E-01', ['enrol']))).toMatchObject({ code: 'operator_first_keys' })
    const { operator } = jsonOf<{ operator: { id: string } }>(
      await create('A-17', ['keys', 'audit']),
    )
    jsonOf(await create('E-01', ['enrol'], '--as', pem('A-17')))
    expect(errorOf(await at('audit', 'list'))).toMatchObject({ code: 'operator_needed', exit: 2 })
    const wrong = await at('audit', 'list', '--as', pem('E-01'))
    expect(errorOf(wrong)).toMatchObject({ code: 'operator_role_missing', exit: 1 })
    const none = await at('audit', 'list', '--as', pem('X'))
    expect(errorOf(none)).toMatchObject({ code: 'operator_key_malformed', exit: 2 })
    const listed = await netcert(['audit', 'list', '--dir', ground.issuer, '--json'], {
      env: { NETCERT_OPERATOR_KEY: pem('A-17') },
    })
    const { entries } = jsonOf<{ entries: { event: string; actor: string }[] }>(listed)
    expect(entries.at(-1)).toMatchObject({ event: 'operator_created', actor: operator.id })
    const last = await at('operator', 'revoke', '--name-code', 'A-17', '--as', pem('A-17'))
    expect(errorOf(last)).toMatchObject({ code: 'operator_last_keys', exit: 1 })
    jsonOf(await at('operator', 'revoke', '--name-code', 'E-01', '--as', pem('A-17')))
    const gone = await at(
      'presence',
      'record',
      '--citizen',
      ground.citizens[0]!,
      '--as',
      pem('E-01'),
    )
    expect(errorOf(gone)).toMatchObject({ code: 'operator_revoked', exit: 1 })
    jsonOf(await at('publish', '--out', ground.folder.at('public')))
    expect(jsonOf<Verified>(await at('audit', 'verify')).whole).toBe(true)
    appendFileSync(log(), readFileSync(log(), 'utf8').split('\n')[0]!.replace('local', 'server'))
    appendFileSync(log(), '\n')
    expect((await at('audit', 'verify')).code).toBe(1)
  })
})
