import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { NETWORK_CERTIFICATE } from '@netcert/credential'
import { parseQuery } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import {
  initVerifier,
  openVerifierDesk,
  openVerifierServer,
  type VerifierDesk,
  type VerifierServer,
} from '@netcert/verifier/server'
import type { Wallet } from '@netcert/wallet'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { freePort } from '../free-port.js'
import { testNow } from '../trust-domain.js'
import { walletGround } from '../wallet-ground.js'

const ground = walletGround()
let server: VerifierServer
let desk: VerifierDesk
let wallet: Wallet
const clock = () => testNow
const query = parseQuery(queries['age-over-18'])

beforeEach(async () => {
  const lists = join(ground.folder, 'lists')
  const dir = join(ground.folder, 'verifier')
  await ground.domain.publish(lists)
  const baseUrl = `http://127.0.0.1:${await freePort()}`
  const { rootDid } = ground.domain
  const { caPem } = await initVerifier({ dir, baseUrl, rootDid, listsDir: lists, now: testNow })
  server = await openVerifierServer({ dir, allowHttpLoopback: true, clock })
  const transactionTypes = { pay: { schema: z.strictObject({ to: z.string(), amount: z.int() }) } }
  desk = await openVerifierDesk({ dir, allowHttpLoopback: true, clock, transactionTypes })
  const walletDir = join(ground.folder, 'wallet')
  await mkdir(walletDir, { recursive: true, mode: 0o700 })
  await copyFile(caPem ?? '', join(walletDir, 'verifier-anchors.pem'))
  wallet = await ground.open({ allowHttpLoopback: true })
  await ground.receiveOneTime(wallet, 3)
})
afterEach(async () => {
  await desk.close()
  await server.close()
})

const clientIds = ['did', 'x509_hash', 'x509_san_dns', 'redirect_uri'] as const
const modes = ['direct_post', 'direct_post.jwt'] as const
const methods = ['get', 'post'] as const
const ways = clientIds.flatMap((clientId) =>
  modes.flatMap((mode) => methods.map((method) => [clientId, mode, method] as const)),
)

describe('our wallet and our verifier', () => {
  it.each(ways)('%s, %s, fetched by %s', async (clientId, mode, requestUriMethod) => {
    const asked = { query, clientId, mode, requestUriMethod }
    const { requestUri, session } = await desk.createRequest(asked)
    const { shared } = await wallet.answerRequest({ request: requestUri, consent: () => 'share' })
    expect(shared).toMatchObject([{ vct: NETWORK_CERTIFICATE }])
    const result = await desk.result(session, null)
    expect(result).toMatchObject({
      verified: true,
      means: 'certificate',
      facts: { age_equal_or_over: { '18': true } },
    })
    await expect(desk.result(session, null)).rejects.toMatchObject({ code: 'result_delivered' })
  })

  it('authorise a transaction, shown whole before', async () => {
    await ground.closeAll()
    wallet = await ground.open({ allowHttpLoopback: true, transactionTypes: ['pay'] })
    const members = { to: 'The Shop', amount: 12 }
    const id = query.credentials[0]?.id ?? ''
    const { requestUri, session } = await desk.createRequest({
      ...{ query, clientId: 'did', mode: 'direct_post.jwt' },
      transactions: [{ type: 'pay', credentialIds: [id], members }],
    })
    const { transactions } = await wallet.previewRequest(requestUri)
    expect(transactions).toEqual([{ type: 'pay', members }])
    await wallet.answerRequest({ request: requestUri, consent: () => 'share' })
    const result = await desk.result(session, null)
    expect(result.transactions).toEqual([{ type: 'pay', credentialId: id, members }])
  })

  it('leads back to the page that asked, which alone gets the result', async () => {
    const returnTo = `${server.url}/done`
    const asked = { query, clientId: 'did', mode: 'direct_post.jwt', returnTo } as const
    const { requestUri, session } = await desk.createRequest(asked)
    const { redirectUri } = await wallet.answerRequest({
      request: requestUri,
      consent: () => 'share',
    })
    const code = new URLSearchParams(new URL(redirectUri ?? '').hash.slice(1)).get('response_code')
    await expect(desk.result(session, 'another')).rejects.toMatchObject({
      code: 'response_code_wrong',
    })
    await expect(desk.result(session, code)).resolves.toMatchObject({ verified: true })
  })

  it('tells the platform that the citizen refused, and nothing else', async () => {
    const { requestUri, session } = await desk.createRequest({
      query,
      clientId: 'did',
      mode: 'direct_post',
    })
    const refused = wallet.answerRequest({ request: requestUri, consent: () => 'refuse' })
    await expect(refused).rejects.toMatchObject({ code: 'consent_refused' })
    await expect(desk.result(session, null)).rejects.toMatchObject({ code: 'wallet_declined' })
    expect((await wallet.list())[0]?.remaining).toBe(3)
  })

  it('takes one answer to a request, even of two at once', async () => {
    const { requestUri, session } = await desk.createRequest({
      query,
      clientId: 'x509_hash',
      mode: 'direct_post.jwt',
    })
    const answer = () => wallet.answerRequest({ request: requestUri, consent: () => 'share' })
    const outcomes = await Promise.allSettled([answer(), answer()])
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await expect(desk.result(session, null)).resolves.toMatchObject({ verified: true })
  })
})
