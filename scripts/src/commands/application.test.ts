import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorOf, jsonOf, netcert, temporaryFolder } from '../../../test/e2e/netcert-process.js'

const folder = temporaryFolder()
afterAll(() => folder.remove())
const dir = folder.at('issuer')

const COLUMNS =
  'document_type,document_number,family_name,given_name,sex,birthdate,nationality,residence_region,phone,emergency_contact_phone,guardian_document_numbers'
const PEOPLE = [
  COLUMNS,
  'passport,EX8000001,赵,明,male,1985-06-15,CHN,GD,10000000001,,',
  'passport,EX8000002,钱,芳,female,1986-07-16,CHN,GD,10000000002,,',
].join('\n')
const STATED = {
  document: { type: 'passport', number: 'EX8000001' },
  family_name: '赵',
  given_name: '明',
  birthdate: '1985-06-15',
}
let digest = ''

const run = (args: readonly string[], options: { input?: string } = {}) =>
  netcert([...args, '--dir', dir, '--json'], options)
const application = (changes: object = {}) =>
  JSON.stringify({ ...STATED, consent: { purposes: digest, language: 'zh-CN' }, ...changes })
const submit = async (changes: object = {}) =>
  jsonOf<{ id: string; receipt: string }>(
    await run(['application', 'submit', '-'], { input: application(changes) }),
  ).id
const evidence = (id: string, ...options: readonly string[]) =>
  run(['application', 'evidence', id, ...options])

beforeAll(async () => {
  jsonOf(await run(['init', '--base-url', 'https://issuer.example']))
  writeFileSync(folder.at('people.csv'), PEOPLE)
  jsonOf(await run(['citizens', 'import', folder.at('people.csv')]))
  digest = jsonOf<{ digest: string }>(await run(['application', 'purposes'])).digest
}, 60_000)

describe('netcert application', () => {
  it('shows the purposes in either language, and needs no data folder for it', async () => {
    const chinese = await netcert(['application', 'purposes', '--lang', 'zh-CN'])
    expect([chinese.code, chinese.stdout.includes(digest)]).toEqual([0, true])
    expect(chinese.stdout).toContain('申请网络身份凭证是自愿的')
    const english = await netcert(['application', 'purposes', '--lang', 'en'])
    expect(english.stdout).toContain('voluntary')
  })

  it('goes from the file to the offer, with a code on paper for a new person', async () => {
    const file = folder.at('application.json')
    writeFileSync(file, application({ assurance: 'document+face' }))
    const receipt = folder.at('receipt.jwt')
    const { id } = jsonOf<{ id: string }>(
      await run(['application', 'submit', file, '--receipt', receipt]),
    )
    expect(readFileSync(receipt, 'utf8')).toMatch(/^eyJ[\w.-]+\n$/)
    jsonOf(await evidence(id, '--registry'))
    const seen = jsonOf<{ state: string }>(await evidence(id, '--counter', '--face'))
    expect(seen.state).toBe('checked')
    const decided = jsonOf<object>(await run(['application', 'decide', id]))
    expect(decided).toEqual({ id, state: 'approved', assurance: 'document+face' })
    const offer = jsonOf<Record<string, unknown>>(await run(['application', 'offer', id]))
    expect(offer).toMatchObject({ enrolled: true, tx_code: expect.stringMatching(/^\d{6}$/) })
    expect(String(offer['revocation_code'])).toMatch(/^[0-9A-Z]{5}( |-)/)
    const shown = jsonOf<Record<string, unknown>>(await run(['application', 'show', id]))
    expect(shown).toMatchObject({ state: 'offered', missing: null })
    const gone = jsonOf<{ receipt: string }>(await run(['application', 'withdraw', id]))
    expect(gone.receipt).toMatch(/^eyJ[\w.-]+$/)
    const again = await run(['application', 'withdraw', id])
    expect([again.code, errorOf(again).code]).toEqual([1, 'application_state'])
  })

  it('refuses a member that is not asked for, by its name and in the language asked for', async () => {
    const input = application({ religion: 'x' })
    const refused = await run(['application', 'submit', '-'], { input })
    expect([refused.code, errorOf(refused).code]).toEqual([2, 'application_invalid'])
    const spoken = await netcert(['application', 'submit', '-', '--dir', dir, '--lang', 'zh-CN'], {
      input,
    })
    expect(spoken.stderr).toMatch(/religion\W+未知的字段/)
    const wrong = application({ birthdate: '1985-02-30', given_name: '=1' })
    const second = await run(['application', 'submit', '-'], { input: wrong })
    const { findings } = errorOf(second) as ReturnType<typeof errorOf> & { findings: object[] }
    expect(findings).toMatchObject([
      { field: 'birthdate', reason: { 'zh-CN': '不是日历上的日期，或在将来。' } },
      { field: 'given_name', reason: { en: expect.any(String) } },
    ])
    expect(spoken.stderr + second.stderr).not.toContain('EX8000001')
  })

  it('takes nothing about a person on the command line', async () => {
    const named = await run(['application', 'show', '99021719890504785X'])
    expect([named.code, errorOf(named).code]).toEqual([2, 'personal_data_on_command_line'])
    const wrong = await run(['application', 'show', 'c_0123456789abcdefghjkmnpqrs'])
    expect(wrong.code).toBe(2)
    const both = await evidence(await submit(), '--registry', '--counter')
    expect([both.code, errorOf(both).code]).toEqual([2, 'wrong_use'])
  })

  it('refuses with what is missing and a cure, exit 1', async () => {
    const id = await submit()
    const early = await evidence(id, '--phone-send')
    expect([early.code, errorOf(early).code]).toEqual([2, 'evidence_registry_first'])
    jsonOf(await evidence(id, '--registry'))
    const decided = await run(['application', 'decide', id])
    expect(decided.code).toBe(1)
    expect(JSON.parse(decided.stdout)).toMatchObject({
      state: 'refused',
      code: 'evidence_missing',
      cure: { en: 'Bring it and apply again.', 'zh-CN': '请补充后重新申请。' },
    })
    const other = await submit({ given_name: '朋' })
    const failed = await evidence(other, '--registry')
    expect([failed.code, JSON.parse(failed.stdout)]).toMatchObject([
      1,
      { missing: 'registry_name' },
    ])
  })

  it('reads the chip of a document, once a country is trusted', async () => {
    const id = await submit()
    jsonOf(await evidence(id, '--registry'))
    const chip = folder.at('chip')
    const person = {
      ...{ document_number: 'EX8000001', family_name: 'ZHAO', given_name: 'MING' },
      ...{ nationality: 'CHN', birthdate: '1985-06-15', sex: 'male', expires: '2099-01-01' },
    }
    const made = ['chip', 'sample', '--from', '-', '--out', chip, '--json']
    jsonOf(await netcert(made, { input: JSON.stringify(person) }))
    const early = await evidence(id, '--chip', chip)
    expect([early.code, errorOf(early).code]).toEqual([3, 'evidence_chip_unconfigured'])
    cpSync(join(chip, 'csca', 'csca.der'), join(dir, 'csca', 'sample.der'), { recursive: true })
    expect(jsonOf(await evidence(id, '--chip', chip))).toMatchObject({ state: 'checked' })
    jsonOf(await run(['application', 'decide', id]))
    expect(existsSync(chip)).toBe(true)
  })

  it('prints the links that contacts and guardians answer', async () => {
    const id = await submit()
    for (const who of ['contact', 'guardian']) {
      const { link } = jsonOf<{ link: string }>(await evidence(id, `--${who}-link`))
      expect(link).toMatch(/^netcert[\w-]*:/)
    }
  })

  it('lists by state, and records further documents of people', async () => {
    const { applications } = jsonOf<{ applications: { state: string }[] }>(
      await run(['application', 'list', '--state', 'refused']),
    )
    expect(new Set(applications.map(({ state }) => state))).toEqual(new Set(['refused']))
    const file = folder.at('documents.csv')
    const header = 'document_type,document_number,further_document_type,further_document_number'
    const rows = [
      'passport,EX8000002,mainland_travel_permit_taiwan,99000001',
      'passport,EX8000009,passport,EX8000010',
    ]
    writeFileSync(file, `${[header, ...rows].join('\n')}\n`)
    const done = await run(['citizens', 'documents', file])
    expect([done.code, JSON.parse(done.stdout)]).toMatchObject([
      1,
      { rows: 2, accepted: 1, refused: [{ line: 3, code: 'person_unknown' }] },
    ])
  })
})
