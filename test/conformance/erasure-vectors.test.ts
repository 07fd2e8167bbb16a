import { readFileSync } from 'node:fs'
import { createTrust, type Trust } from '@netcert/credential'
import { erasedNumberHash, verifyErasureReceipt } from '@netcert/protocol'
import { beforeAll, describe, expect, it } from 'vitest'

type Titled = { readonly title: string; readonly token: string }
const file = new URL('../../docs/formats/vectors/erasure.json', import.meta.url)
const vectors = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly now: number
  readonly root: string
  readonly trust_list: string
  readonly issuer: string
  readonly network_number: string
  readonly network_number_hash: string
  readonly accept: readonly Titled[]
  readonly reject: readonly Titled[]
}
const now = new Date(vectors.now * 1000)
let trust: Trust
beforeAll(async () => {
  trust = await createTrust({
    trustListToken: vectors.trust_list,
    rootDids: [vectors.root],
    now,
    graceSeconds: 0,
    minimumSequence: 0,
  })
})

describe('docs/formats/receipts.md: erasure receipts', () => {
  const { issuer, network_number: networkNumber } = vectors
  const verify = (token: string) =>
    verifyErasureReceipt(token, { trust, issuer, networkNumber, now })

  it('name a network number by its hash', () => {
    expect(erasedNumberHash(networkNumber)).toBe(vectors.network_number_hash)
  })

  it.each(vectors.accept)('accepts $title', async ({ token }) => {
    expect((await verify(token)).networkNumberHash).toBe(vectors.network_number_hash)
  })

  it.each(vectors.reject)('refuses $title', async ({ token }) => {
    await expect(verify(token)).rejects.toMatchObject({ code: 'erasure_receipt_invalid' })
  })
})
