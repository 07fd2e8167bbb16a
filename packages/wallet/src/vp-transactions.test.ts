import { createHash } from 'node:crypto'
import { createTransactionData, type RequestObject } from '@netcert/protocol'
import { describe, expect, it } from 'vitest'
import { vpGround } from '../../../test/vp-ground.js'
import { linkOf, requestOf } from '../../../test/vp-verifier-ground.js'

const vp = vpGround()
const linkFor = (changes: Partial<RequestObject> = {}) =>
  linkOf(vp.asker, requestOf(vp.server, changes))

describe('transaction data of a type the wallet can show', () => {
  const entries = ['act', 'pay'].map((type) =>
    createTransactionData({
      type,
      credential_ids: ['certificate'],
      transaction_data_hashes_alg: ['sha-256'],
      amount: 12,
    }),
  )

  it('is shown, and signed as hashes of what was received', async () => {
    await vp.reopen({ transactionTypes: ['act', 'pay'] })
    const link = await linkFor({ transaction_data: entries })
    expect((await vp.wallet.previewRequest(link)).transactions).toEqual([
      { type: 'act', members: { amount: 12 } },
      { type: 'pay', members: { amount: 12 } },
    ])
    expect(await vp.answer(link)).toBe('answered')
    const token = JSON.parse(vp.server.answers[0]?.['vp_token'] ?? '') as { certificate: string[] }
    const keyBinding = token.certificate[0]?.split('~').at(-1)?.split('.')[1] ?? ''
    const payload = JSON.parse(Buffer.from(keyBinding, 'base64url').toString()) as object
    expect(payload).toMatchObject({
      transaction_data_hashes: entries.map((entry) =>
        createHash('sha256').update(entry).digest('base64url'),
      ),
      transaction_data_hashes_alg: 'sha-256',
    })
  })

  it('is refused when it names no credential that is asked, or no hash of ours', async () => {
    await vp.reopen({ transactionTypes: ['act'] })
    const other = createTransactionData({ type: 'act', credential_ids: ['other'] })
    expect(await vp.answer(await linkFor({ transaction_data: [other] }))).toBe('transaction_data')
    const md5 = createTransactionData({
      type: 'act',
      credential_ids: ['certificate'],
      transaction_data_hashes_alg: ['md5'],
    })
    expect(await vp.answer(await linkFor({ transaction_data: [md5] }))).toBe('transaction_data')
  })
})
