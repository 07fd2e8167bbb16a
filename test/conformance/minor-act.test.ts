import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JsonObject } from '@netcert/credential'
import {
  createTransactionData,
  hashTransactionData,
  minorActSchema,
  ownTransaction,
  parseTransactionData,
  transactionMembers,
} from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { describe, expect, it } from 'vitest'
import { root } from '../architecture/source-file.js'

type Vectors = {
  readonly type: string
  readonly members: JsonObject
  readonly entry: string
  readonly claims: JsonObject
  readonly refused: readonly { readonly title: string; readonly members: JsonObject }[]
}
const text = readFileSync(join(root, 'docs/formats/vectors/minor-act.json'), 'utf8')
const { type, members, entry, claims, refused } = JSON.parse(text) as Vectors

describe('the vectors of an act of a minor', () => {
  it('are the entry that both sign, and its hash', () => {
    const made = createTransactionData({
      ...{ type, credential_ids: ['certificate'], transaction_data_hashes_alg: ['sha-256'] },
      ...members,
    })
    expect(made).toBe(entry)
    const parsed = parseTransactionData(entry)
    expect(transactionMembers(parsed.content)).toEqual(members)
    expect(hashTransactionData([parsed])).toEqual(claims)
  })

  it('are of a type that wallets know by themselves', () => {
    expect(ownTransaction(type)?.schema).toBe(minorActSchema)
    expect(minorActSchema.safeParse(members).success).toBe(true)
    expect(ownTransaction('toString')).toBeNull()
  })

  it.each(refused)('refuse $title', ({ members: wrong }) => {
    expect(minorActSchema.safeParse(wrong).success).toBe(false)
  })
})

describe('the page about minors', () => {
  const page = readFileSync(join(root, 'docs/formats/minors.md'), 'utf8')

  it('names what is asked of whom, as the published query does', () => {
    const asked = queries['minor-act'].credentials.flatMap(({ id, meta, claims: paths }) =>
      paths.map(({ path }) => `| ${id} | \`${meta.vct_values[0]}\` | \`${path.join('.')}\` |`),
    )
    for (const row of asked) expect(page).toContain(row)
  })
})
