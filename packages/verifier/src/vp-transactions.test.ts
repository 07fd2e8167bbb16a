import { createHash } from 'node:crypto'
import type { JsonObject } from '@netcert/credential'
import { parseQuery } from '@netcert/protocol'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openedForAll } from '../../../test/opened-for-all.js'
import { testNow } from '../../../test/trust-domain.js'
import { createVpGround, over18 } from '../../../test/vp-platform-ground.js'
import {
  membersOf,
  postForm,
  presentFor,
  type ReadRequest,
  readVpRequest,
} from '../../../test/vp-wallet-ground.js'
import type { AskedTransaction } from './vp-transaction.js'

const transactionTypes = {
  pay: { schema: z.strictObject({ to: z.string(), amount: z.int().positive() }) },
  act: { schema: z.object({}) },
}
const payment = {
  type: 'pay',
  credentialIds: ['certificate'],
  members: { to: 'The Shop', amount: 12 },
} as const

const ground = openedForAll(() => createVpGround({ transactionTypes }))

const [asked18] = over18.credentials
/** Two certificates, each a query of its own. */
const both = parseQuery({
  credentials: [asked18, { ...asked18, id: 'second' }],
})

async function ask(transactions: readonly AskedTransaction[], query: object = over18) {
  const { session, requestUri } = await ground.engine.createRequest({
    ...{ query, clientId: 'did', mode: 'direct_post', transactions },
  })
  return { session, read: await readVpRequest(requestUri) }
}

const entriesOf = ({ request }: ReadRequest) => request.transaction_data ?? []
const hashOf = (entry: string | undefined, algorithm = 'sha256') =>
  createHash(algorithm)
    .update(entry ?? '')
    .digest('base64url')
const signedFor = (read: ReadRequest, changes: JsonObject = {}): JsonObject => ({
  transaction_data_hashes: entriesOf(read).map((entry) => hashOf(entry)),
  transaction_data_hashes_alg: 'sha-256',
  ...changes,
})

/** Presents for each query with these claims in its key binding; the verdict of the answer. */
async function answer(read: ReadRequest, claims: Readonly<Record<string, JsonObject>>) {
  const vpToken: Record<string, string[]> = {}
  for (const [id, keyBindingClaims] of Object.entries(claims)) {
    const held = await ground.newHeld()
    vpToken[id] = [await presentFor(read, held, { issuedAt: testNow, keyBindingClaims })]
  }
  const heard = await postForm(read.request.response_uri ?? '', membersOf(read.request, vpToken))
  return heard.status === 200 ? 'taken' : heard.body['code']
}

describe('a transaction', () => {
  it('is asked with its type, its members and sha-256, and comes back as what was authorised', async () => {
    const { session, read } = await ask([payment])
    const sent = entriesOf(read).map((entry) =>
      JSON.parse(Buffer.from(entry, 'base64url').toString()),
    )
    expect(sent).toEqual([
      {
        ...{ type: 'pay', credential_ids: ['certificate'], to: 'The Shop', amount: 12 },
        transaction_data_hashes_alg: ['sha-256'],
      },
    ])
    expect(await answer(read, { certificate: signedFor(read) })).toBe('taken')
    expect(await ground.engine.result(session, null)).toMatchObject({
      verified: true,
      transactions: [
        { type: 'pay', credentialId: 'certificate', members: { to: 'The Shop', amount: 12 } },
      ],
    })
  })

  it('may be authorised by one of several certificates, and several by different ones', async () => {
    const first = { ...payment, credentialIds: ['certificate', 'second'] }
    const second = { type: 'act', credentialIds: ['second'], members: {} }
    const { session, read } = await ask([first, second], both)
    const [one, two] = entriesOf(read).map((entry) => hashOf(entry))
    const claims = (hash: string | undefined) => ({
      transaction_data_hashes: [hash ?? ''],
      transaction_data_hashes_alg: 'sha-256',
    })
    expect(await answer(read, { certificate: claims(one), second: claims(two) })).toBe('taken')
    const { transactions } = await ground.engine.result(session, null)
    expect(transactions.map(({ type, credentialId }) => [type, credentialId])).toEqual([
      ['pay', 'certificate'],
      ['act', 'second'],
    ])
  })

  it('is left out where nothing is to be authorised, and so is its claim in the result', async () => {
    const { session, read } = await ask([])
    expect(read.request).not.toHaveProperty('transaction_data')
    expect(await answer(read, { certificate: {} })).toBe('taken')
    expect((await ground.engine.result(session, null)).transactions).toEqual([])
  })

  it.each<[string, (read: ReadRequest) => JsonObject]>([
    ['no word of it', () => ({})],
    [
      'the hash of another one',
      (read) => signedFor(read, { transaction_data_hashes: [hashOf('e30')] }),
    ],
    ['an empty list', (read) => signedFor(read, { transaction_data_hashes: [] })],
    ['a hash that is no text', (read) => signedFor(read, { transaction_data_hashes: [1] })],
    ['a list that is none', (read) => signedFor(read, { transaction_data_hashes: 'x' })],
    ['another algorithm', (read) => signedFor(read, { transaction_data_hashes_alg: 'sha-512' })],
    [
      'hashes of another algorithm',
      (read) =>
        signedFor(read, {
          transaction_data_hashes: [hashOf(entriesOf(read)[0], 'sha512')],
          transaction_data_hashes_alg: 'sha-512',
        }),
    ],
    [
      'the algorithm left out',
      (read) => ({ transaction_data_hashes: [hashOf(entriesOf(read)[0])] }),
    ],
    [
      'the same hash twice',
      (read) => {
        const hash = hashOf(entriesOf(read)[0])
        return signedFor(read, { transaction_data_hashes: [hash, hash] })
      },
    ],
    [
      'a second hash that nobody asked for',
      (read) =>
        signedFor(read, { transaction_data_hashes: [hashOf(entriesOf(read)[0]), hashOf('x')] }),
    ],
  ])('is refused with %s, and the request is over', async (_what, claims) => {
    const { session, read } = await ask([payment])
    expect(await answer(read, { certificate: claims(read) })).toBe('transaction_unauthorised')
    await expect(ground.engine.result(session, null)).rejects.toMatchObject({
      code: 'transaction_unauthorised',
    })
  })

  it('is refused when a certificate that it does not name authorises it', async () => {
    const { read } = await ask([payment], both)
    const claims = { certificate: {}, second: signedFor(read) }
    expect(await answer(read, claims)).toBe('transaction_unauthorised')
  })

  it('is refused when two certificates authorise it, of which one was to', async () => {
    const either = { ...payment, credentialIds: ['certificate', 'second'] }
    const { read } = await ask([either], both)
    const claims = { certificate: signedFor(read), second: signedFor(read) }
    expect(await answer(read, claims)).toBe('transaction_unauthorised')
  })

  it('is refused when none was asked for', async () => {
    const { read } = await ask([])
    const claims = { transaction_data_hashes: [hashOf('x')] }
    expect(await answer(read, { certificate: claims })).toBe('transaction_unauthorised')
  })

  it.each<[string, readonly AskedTransaction[]]>([
    ['a type that is not set up', [{ ...payment, type: 'sell' }]],
    ['a type that every object has', [{ ...payment, type: 'constructor' }]],
    ['members that are not of the type', [{ ...payment, members: { to: 'x', amount: -1 } }]],
    ['a member too many', [{ ...payment, members: { to: 'x', amount: 1, more: 1 } }]],
    ['a member that says the type again', [{ ...payment, members: { type: 'act' } }]],
    ['no certificate to authorise it', [{ ...payment, credentialIds: [] }]],
    ['a certificate that is not asked for', [{ ...payment, credentialIds: ['other'] }]],
    ['seventeen of them', Array.from({ length: 17 }, () => payment)],
    [
      'more than 16 KiB of them',
      [{ ...payment, members: { to: 'x'.repeat(16 * 1024), amount: 1 } }],
    ],
  ])('cannot be asked for with %s', async (_what, transactions) => {
    const asked = { query: over18, clientId: 'did', mode: 'direct_post', transactions } as const
    await expect(ground.engine.createRequest(asked)).rejects.toMatchObject({
      code: 'transaction_data_refused',
    })
    await expect(
      ground.engine.createDcApiRequest({
        ...{ query: over18, origin: ground.origin, clientId: 'did', mode: 'dc_api', transactions },
      }),
    ).rejects.toMatchObject({ code: 'transaction_data_refused' })
  })

  it('is asked by way of a page too', async () => {
    const asked = await ground.engine.createDcApiRequest({
      ...{ query: over18, origin: ground.origin, clientId: null, mode: 'dc_api' },
      transactions: [payment],
    })
    expect(JSON.stringify(asked.request)).toContain('"transaction_data":["')
  })
})
