import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkExportedLedger } from './ledger-export.js'

const page = readFileSync(new URL('../../../docs/formats/ledger.md', import.meta.url), 'utf8')
const vector = /```json\n([\s\S]*?)```/.exec(page)?.[1] ?? ''

describe('the exported ledger of docs/formats/ledger.md', () => {
  it('is whole', () => {
    expect(checkExportedLedger(vector)).toMatchObject({ kind: 'whole', entries: 2 })
  })

  it.each([
    ['another claim', 'real_person', 'birthdate', 2],
    ['another time', '1772352000', '1772352009', 2],
    ['another state of the last line', '"missing"', '"verified"', 2],
    ['another end', '"position": 2,\n    "hash"', '"position": 3,\n    "hash"', 3],
    ['another place', '"position": 1', '"position": 7', 1],
  ])('with %s is not, and the first bad line is named', (_, from, to, position) => {
    const changed = vector.replace(from, to)
    expect(changed).not.toBe(vector)
    expect(checkExportedLedger(changed)).toMatchObject({ kind: 'broken', position })
  })
})
