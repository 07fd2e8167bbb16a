import { Readable } from 'node:stream'
import { generateSigner, NETWORK_CERTIFICATE } from '@netcert/credential'
import { inspectCredential } from '@netcert/credential/holder'
import { describe, expect, it } from 'vitest'
import { databasesOn } from '../../../test/database-engines.js'
import { issuerFamily } from '../../../test/issuer-family.js'
import { CITIZEN_COLUMNS } from './citizen-row.js'
import { MAX_LINE_BYTES, readCsvLines } from './csv-lines.js'
import { ROW_REFUSAL_CODES, rowFinding } from './row-refusal.js'

const HEADER = CITIZEN_COLUMNS.join(',')
const row = (familyName: string, givenName: string, number = 'EX1234567') =>
  `passport,${number},${familyName},${givenName},female,1990-01-01,CHN,BJ,10000864422,,`

describe('what can be wrong with a row', () => {
  it.each(ROW_REFUSAL_CODES)('is told in both languages, with a cure: %s', (code) => {
    const { field, reason, cure } = rowFinding(code)
    expect([...CITIZEN_COLUMNS, '']).toContain(field)
    for (const text of [reason, cure]) {
      expect(text['zh-CN']).toMatch(/^\p{Script=Han}.*。$/u)
      expect(text.en).toMatch(/^[A-Z].*\.$/)
    }
  })

  it('names the column it happened in, where any column can have it', () => {
    expect(rowFinding('control_character', 'phone')).toMatchObject({ field: 'phone' })
    expect(rowFinding('sex')).toMatchObject({ field: 'sex' })
  })
})

describe('a file of citizens', () => {
  const family = issuerFamily(databasesOn('sqlite'))
  const importing = async (...lines: readonly (string | Uint8Array)[]) => {
    const input = Readable.from(lines.map((line) => Buffer.from(line)))
    return family.issuer.importCitizens({ input })
  }
  const people = async () => (await family.issuer.listCitizens({ limit: 1000 })).citizens

  it.each([
    ['NUL', '\u0000'],
    ['a control character of C0', '\u0007'],
    ['an escape sequence', '\u001b[2J'],
    ['a control character of C1', '\u0085'],
    ['a character that turns writing round', '\u202e'],
    ['an isolate', '\u2066'],
    ['a zero-width joiner', '\u200d'],
    ['a byte order mark in the middle', '\ufeff'],
    ['a line separator', '\u2028'],
    ['a variation selector', '\u{e0100}'],
    ['a noncharacter', '\uffff'],
    ['a character of private use', '\ue000'],
  ])('has a row with %s refused whole, by the name of its column', async (_what, character) => {
    const before = (await people()).length
    const report = await importing(`${HEADER}\n${row('李', `明${character}华`)}\n`)
    expect(report).toMatchObject({ rows: 1, accepted: 0, refusedRows: 1 })
    expect(report.refused[0]).toMatchObject({ line: 2, field: 'given_name' })
    expect(JSON.stringify(report)).not.toContain('明')
    expect(await people()).toHaveLength(before)
  })

  it.each(['=1+1', '+86', '-1', '@SUM(A1)', '\t李', '=cmd|calc'])(
    'has a name that a spreadsheet would run refused: %j',
    async (name) => {
      const report = await importing(`${HEADER}\n${row('李', name)}\n`)
      expect(report).toMatchObject({ accepted: 0, refusedRows: 1 })
    },
  )

  it.each([
    ['bytes that are no UTF-8', Buffer.from([0xe6, 0x9d])],
    ['half a surrogate pair', Buffer.from([0xed, 0xa0, 0x80])],
    ['an overlong form', Buffer.from([0xc0, 0xaf])],
  ])('has a row with %s refused, and the next one taken', async (_what, bytes) => {
    const [before, after] = row('李', '|').split('|')
    const good = row('李', '明', 'EX7654399')
    const report = await importing(`${HEADER}\n${before}`, bytes, `${after}\n${good}\n`)
    expect(report).toMatchObject({ rows: 2, accepted: 1, refusedRows: 1 })
    expect(report.refused[0]).toMatchObject({ code: 'encoding' })
  })

  it.each([
    ['beyond the BMP', '𠮷', '𬭎𫟼'],
    ['at the end of the planes', '𰻝', '𱁬'],
    ['with a dot between its parts', '', '阿卜杜热依木·买买提'],
    ['with a compatibility form', '﨑', '龍'],
  ])('carries a rare name %s exactly, to the certificate', async (_what, familyName, givenName) => {
    const known = new Set((await people()).map(({ reference }) => reference))
    expect(await importing(`${HEADER}\r\n${row(familyName, givenName)}\r\n`)).toMatchObject({
      accepted: 1,
    })
    const citizen = (await people()).find(({ reference }) => !known.has(reference))?.reference ?? ''
    const { jwk } = await generateSigner('ES256')
    const { credentials } = await family.issuer.mint({
      ...{ citizen, type: NETWORK_CERTIFICATE, copies: 'platform' as const, holderJwks: [jwk] },
    })
    const { claims } = await inspectCredential(credentials[0] ?? '')
    const held = Object.fromEntries(claims.map(({ path, value }) => [path.join('.'), value]))
    expect(held['given_name']).toBe(givenName)
    expect(held['family_name'] ?? '').toBe(familyName)
  })

  it('loses one row to a line of a hundred megabytes, and holds none of it', async () => {
    async function* input(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`${HEADER}\n`)
      const piece = Buffer.alloc(1024 * 1024, 0x41)
      for (let at = 0; at < 100; at++) yield piece
      yield Buffer.from(`\n${row('李', '明')}\n`)
    }
    const before = process.memoryUsage().rss
    const kinds: string[] = []
    for await (const line of readCsvLines(input())) {
      kinds.push('refused' in line ? line.refused : `${line.cells.length} cells`)
    }
    expect(kinds).toEqual(['11 cells', 'row_too_long', '11 cells'])
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024)
    expect(MAX_LINE_BYTES).toBeLessThan(64 * 1024)
  })
})
