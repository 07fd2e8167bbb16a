import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { beforeAll, describe, expect, it } from 'vitest'
import { applicationGround, type Stated } from '../../../../test/application-ground.js'
import { buildChildProgram, runChildProgram } from '../../../../test/child-program.js'
import { databasesOn, engines } from '../../../../test/database-engines.js'
import { openIssuerGround } from '../open.js'
import { purposesDigest } from './purposes.js'

const HEADER = 'document_type,document_number,further_document_type,further_document_number'

let program = ''
beforeAll(async () => {
  program = await buildChildProgram('test/issuer-apply-program.ts')
})

describe.each(engines)('one person, %s', (engine) => {
  const ground = applicationGround(databasesOn(engine))
  const desk = () => ground.issuer.applications
  const importRows = (...rows: readonly string[]) =>
    desk().importDocuments(Readable.from([Buffer.from(`${[HEADER, ...rows].join('\n')}\n`)]))
  const rowOf = ({ document }: Stated, type: string, number: string) =>
    `${document.type},${document.number},${type},${number}`
  const offered = async (stated: Stated) => {
    const id = await ground.checked(stated)
    await desk().decide(id)
    return desk().offer(id)
  }
  const enrolledCount = async () => {
    const opened = await openIssuerGround({ dir: ground.test.dir, clock: () => ground.now })
    const { length } = await opened.ground.database.kysely
      .selectFrom('persons')
      .selectAll()
      .execute()
    await opened.close()
    return length
  }
  it('is found by any of their documents, and has one number by all', async () => {
    const stated = ground.applicant()
    const permit = { type: 'mainland_travel_permit_taiwan', number: '99000001' }
    const report = await importRows(rowOf(stated, permit.type, permit.number))
    expect(report).toMatchObject({ rows: 1, accepted: 1, refused: [] })
    const first = await offered({ ...stated, document: permit })
    const before = await ground.numbersOf(first.citizen)
    const again = await offered(stated)
    expect(again).toMatchObject({ citizen: first.citizen, isNew: false })
    expect(await ground.numbersOf(first.citizen)).toEqual(before)
  })

  it('keeps the numbers at platforms after cancelling, by another document than before', async () => {
    const stated = ground.applicant()
    const { citizen } = await offered(stated)
    const before = await ground.numbersOf(citizen)
    await importRows(rowOf(stated, 'hk_macao_resident_permit', 'HX9000002'))
    await ground.issuer.erasure.cancel(citizen)
    const document = { type: 'hk_macao_resident_permit', number: 'HX9000002' }
    const back = await offered({ ...stated, document })
    const after = await ground.numbersOf(back.citizen)
    expect(after.platform).toBe(before.platform)
    expect(after.network).not.toBe(before.network)
  })

  it('is one also when 20 applications come at once, of two processes and two documents', async () => {
    const stated = ground.applicant()
    await importRows(rowOf(stated, 'hk_macao_resident_permit', 'HX9000003'))
    const { phone: _, ...plain } = stated
    const consent = { purposes: purposesDigest(), language: 'zh-CN' }
    const spellings = [
      {},
      { given_name: Array.from(stated.given_name).join(' ') },
      { family_name: '', given_name: `${stated.family_name}·${stated.given_name}` },
      { document: { type: 'hk_macao_resident_permit', number: ' hx9000003' } },
      { document: { type: 'hk_macao_resident_permit', number: 'ＨＸ9000003' } },
    ]
    const file = join(ground.folder, 'applications.json')
    const written = [...spellings, ...spellings].map((each) => ({ ...plain, ...each, consent }))
    await writeFile(file, JSON.stringify(written))
    const people = await enrolledCount()
    const children = [0, 1].map(() => runChildProgram(program, [ground.test.dir, file]))
    expect(await Promise.all(children.map(({ ended }) => ended))).toEqual([0, 0])
    const lines = children.flatMap((child) => child.lines)
    expect(lines).toHaveLength(20)
    expect(new Set(lines.map((line) => line.split(' ')[0])).size).toBe(1)
    expect(lines.filter((line) => line.endsWith(' true'))).toHaveLength(1)
    expect(await enrolledCount()).toBe(people + 1)
    const [citizen = ''] = lines[0]?.split(' ') ?? []
    const [one, other] = [await ground.numbersOf(citizen), await ground.numbersOf(citizen)]
    expect(one).toEqual(other)
  })

  it('has documents of nobody else: a number that is taken, unknown or malformed is refused by line', async () => {
    const one = ground.applicant()
    const other = ground.applicant()
    const { refused, accepted, unchanged } = await importRows(
      rowOf(one, 'hk_macao_resident_permit', 'HX9000004'),
      rowOf(other, 'hk_macao_resident_permit', 'HX9000004'),
      rowOf(one, other.document.type, other.document.number),
      rowOf(one, 'hk_macao_resident_permit', 'HX9000004'),
      rowOf(one, 'hk_macao_resident_permit', '=HX9000005'),
      rowOf(one, 'resident_id', '990217198905047853'),
      rowOf(one, 'resident_id', '990217198905047852'),
      'passport,EX0000000,passport,EX0000001',
      rowOf(one, 'diploma', 'HX9000006'),
      'passport,EX8000000',
      rowOf(one, 'passport', 'EX\u202e8999999'),
    )
    expect({ accepted, unchanged }).toEqual({ accepted: 1, unchanged: 1 })
    expect(refused.map(({ line, code }) => [line, code])).toEqual([
      [3, 'document_number_conflict'],
      [4, 'document_number_conflict'],
      [6, 'document_number'],
      [7, 'document_number_check'],
      [8, 'birthdate_mismatch'],
      [9, 'person_unknown'],
      [10, 'document_type'],
      [11, 'column_count'],
      [12, 'control_character'],
    ])
    expect(JSON.stringify(refused)).not.toMatch(/EX8|HX9|9902/)
    const import_ = (text: string) => desk().importDocuments(Readable.from([Buffer.from(text)]))
    await expect(import_('')).rejects.toMatchObject({ code: 'csv_empty' })
    await expect(import_(`${HEADER},name\n`)).rejects.toMatchObject({ code: 'csv_column_unknown' })
    await expect(import_('document_type\n')).rejects.toMatchObject({ code: 'csv_column_missing' })
  })

  it('is imported once: a further document is no other person of the register', async () => {
    const stated = ground.applicant()
    await importRows(rowOf(stated, 'hk_macao_resident_permit', 'HX9000007'))
    const header = 'document_type,document_number,family_name,given_name,sex,birthdate,nationality'
    const rest = 'residence_region,phone,emergency_contact_phone,guardian_document_numbers'
    const row = 'hk_macao_resident_permit,HX9000007,赵,大,male,1985-06-15,CHN,GD,10000000001,,'
    const input = Readable.from([Buffer.from(`${header},${rest}\n${row}\n`)])
    expect((await ground.issuer.importCitizens({ input })).refused).toMatchObject([
      { code: 'document_number_conflict' },
    ])
  })
})
