import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorOf, jsonOf, netcert } from '../../../test/e2e/netcert-process.js'
import { type Ground, makeGround } from '../../../test/e2e/triangle.js'

const COLUMNS =
  'document_type,document_number,family_name,given_name,sex,birthdate,nationality,residence_region,' +
  'phone,emergency_contact_phone,guardian_document_numbers'
const TAIL = 'CHN,BJ,10000864420,'
const year = new Date().getFullYear()

let ground: Ground
const people = new Map<string, string>()
const of = (name: string): string => people.get(name) ?? ''
const run = (...args: string[]) => netcert([...args, '--dir', ground.issuer, '--json'])

beforeAll(async () => {
  ground = await makeGround()
  const rows = [
    ['mother', `passport,EX7654301,王,一,female,${year - 40}-01-01,${TAIL},`],
    ['aunt', `passport,EX7654302,王,二,female,${year - 38}-01-01,${TAIL},`],
    ['child', `passport,EX7654303,王,三,female,${year - 8}-01-01,${TAIL},EX7654301`],
  ] as const
  const known = new Set(await references())
  for (const [name, row] of rows) {
    const file = ground.folder.at(`${name}.csv`)
    await writeFile(file, `${COLUMNS}\n${row}\n`)
    jsonOf(await run('citizens', 'import', file))
    const added = (await references()).find((reference) => !known.has(reference)) ?? ''
    known.add(added)
    people.set(name, added)
  }
})
afterAll(() => ground.folder.remove())

async function references(): Promise<readonly string[]> {
  const listed = jsonOf<Record<string, unknown>>(await run('citizens', 'list', '--limit', '1000'))
  return (listed['citizens'] as readonly { reference: string }[]).map(({ reference }) => reference)
}

const offerTo = (guardian: string) =>
  run(
    ...['offer', 'create', '--citizen', of('child'), '--guardian', of(guardian)],
    ...['--type', 'ward-certificate'],
  )
const orderFile = async (content: unknown): Promise<string> => {
  const file = ground.folder.at('order.json')
  await writeFile(file, JSON.stringify(content))
  return file
}

describe('guardians at the command line', () => {
  it('are offered the certificates of their wards, and after a change of custody no more', async () => {
    expect(jsonOf(await offerTo('mother'))).toMatchObject({
      offer_uri: expect.stringContaining('ward-certificate'),
    })
    expect(errorOf(await offerTo('aunt'))).toMatchObject({ code: 'guardian_not_linked', exit: 1 })
    const order = await orderFile({ guardian_document_numbers: ['EX7654302'] })
    const changed = jsonOf(await run('guardian', 'change', order, '--citizen', of('child')))
    expect(changed).toMatchObject({ guardians: 1, former: 1 })
    expect(errorOf(await offerTo('mother'))).toMatchObject({ code: 'guardian_not_linked' })
    jsonOf(await offerTo('aunt'))
  })

  it('are told which field of an order is wrong, and why, in the language asked for', async () => {
    const order = await orderFile({ guardian_document_numbers: ['EX7654302', 'EX0000000'] })
    const change = ['guardian', 'change', order, '--citizen', of('child')]
    const refused = errorOf(await run(...change))
    expect(refused).toMatchObject({
      code: 'custody_invalid',
      exit: 2,
      findings: [{ field: 'guardian_document_numbers[1]', code: 'custody_unknown' }],
    })
    expect(JSON.stringify(refused)).not.toContain('EX0000000')
    const shown = await netcert([...change, '--dir', ground.issuer, '--lang', 'zh-CN'])
    expect(shown.stderr).toContain('权威数据源中没有该证件号码')
    expect(errorOf(await run('guardian', 'change', order, '--citizen', of('aunt')))).toMatchObject({
      code: 'custody_not_minor',
      exit: 2,
    })
  })

  it('pause everything about the minor, and see what birthdays hand over', async () => {
    const suspend = ['guardian', 'suspend', '--citizen', of('child'), '--guardian']
    expect(errorOf(await run(...suspend, of('mother')))).toMatchObject({
      code: 'guardian_not_linked',
    })
    expect(errorOf(await run(...suspend, of('aunt')))).toMatchObject({ code: 'citizen_unknown' })
    expect(jsonOf(await run('guardian', 'handovers', '--offer'))).toEqual({ handovers: [] })
  })
})
