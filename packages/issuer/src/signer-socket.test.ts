import { once } from 'node:events'
import { rm, stat, writeFile } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { databasesOn } from '../../../test/database-engines.js'
import { holderKeys } from '../../../test/issuer-ground.js'
import { signingGround } from '../../../test/signing-ground.js'
import { openIssuer } from './open.js'
import {
  connectSigner,
  listenForSigning,
  type OpenedSigner,
  openSigner,
  type RemoteSigner,
  signerAt,
} from './signer-open.js'

describe('a signer at a socket', () => {
  const ground = signingGround(databasesOn('sqlite'))
  const lines: string[] = []
  let socket: string
  let opened: OpenedSigner
  let listening: { close(): Promise<void> }
  let remote: RemoteSigner

  const listen = async (forGroup = false) => {
    listening = await listenForSigning({ opened, socket, forGroup })
  }
  beforeEach(async () => {
    socket = join(ground.family.folder, 's')
    opened = await openSigner({
      dir: ground.family.test.dir,
      clock: () => ground.family.now,
      log: (line) => void lines.push(line),
    })
    await listen()
    remote = connectSigner({ connect: signerAt(socket), timeoutSeconds: 5 })
  })
  afterEach(async () => {
    remote.close()
    await listening.close()
    await opened.close()
    lines.splice(0)
  })

  /** What a stranger at the socket is told, until the signer ends the connection. */
  const tell = async (text: string): Promise<string> => {
    const stranger: Socket = connect(socket)
    let told = ''
    stranger.setEncoding('utf8').on('data', (part: string) => (told += part))
    stranger.on('error', () => {})
    stranger.write(text)
    await once(stranger, 'close')
    return told
  }
  const sign = async (batch: string, keys = 1) =>
    remote.sign({ batch, holderJwks: await holderKeys(keys), blinded: null, namesKey: true })

  it('signs planned batches for whoever opened the issuer without the key', async () => {
    await rm(join(ground.family.test.dir, 'secrets/signer.key'))
    const { issuer, close } = await openIssuer({
      dir: ground.family.test.dir,
      clock: () => ground.family.now,
      certificates: remote,
    })
    const planned = await ground.plan('one-time', 10)
    const { credentials } = await issuer.sign(planned, await holderKeys(10), null)
    expect(credentials).toHaveLength(10)
    expect(await remote.describe()).toMatchObject({ did: ground.family.test.issuerDid, made: 10 })
    await expect(issuer.sign(planned, await holderKeys(10), null)).rejects.toMatchObject({
      code: 'batch_signed',
    })
    await close()
  })

  it('works on many requests at once, each with its own answer', async () => {
    const batches: string[] = []
    for (let count = 0; count < 100; count += 1)
      batches.push((await ground.plan('platform', 1)).batch)
    const outcomes = await Promise.allSettled([
      ...batches.map((batch) => sign(batch)),
      sign(`b_${'0'.repeat(26)}`),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual([
      ...batches.map(() => 'fulfilled'),
      'rejected',
    ])
    const texts = outcomes.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
    expect(new Set(texts).size).toBe(100)
  })

  const signRequest = (changes: object) => (batch: string) => ({
    ...{ id: 1, op: 'sign', batch, holder_keys: [{}], blinded: null, names_key: true },
    ...changes,
  })

  it.each([
    ['a payload', signRequest({ payload: {} })],
    ['claims', signRequest({ claims: { sub: 'x' } })],
    ['a text to sign', () => ({ id: 1, op: 'sign', text: 'eyJhbGciOiJFUzI1NiJ9.e30' })],
    ['raw bytes', () => ({ id: 1, op: 'raw', data: 'AAAA' })],
    ['a batch by another name', signRequest({ batch: "' or 1=1" })],
    ['no key', signRequest({ holder_keys: [] })],
    ['21 keys', signRequest({ holder_keys: Array(21).fill({}) })],
    [
      'other metadata',
      () => ({
        id: 1,
        op: 'metadata',
        locales: ['en'],
        attestations: true,
        metadata: { credential_issuer: 'https://other.example' },
      }),
    ],
    ['another language', () => ({ id: 1, op: 'metadata', locales: ['tlh'], attestations: true })],
    ['a request without a number', () => ({ op: 'describe' })],
    ['a list', () => [1]],
  ])('refuses %s, and ends the connection', async (_what, request) => {
    const { batch } = await ground.plan('platform', 1)
    const told = await tell(`${JSON.stringify(request(batch))}\n`)
    expect(JSON.parse(told)).toMatchObject({ id: null, error: { code: 'signer_refused' } })
    expect(await ground.counted()).toEqual(new Map())
    expect(await sign(batch)).toHaveLength(1)
  })

  it('refuses what is no JSON, and a line that has no end', async () => {
    expect(await tell('sign this\n')).toContain('signer_refused')
    expect(await tell('x'.repeat(70_000))).toContain('signer_refused')
  })

  it('refuses keys that are none where the batch is signed', async () => {
    const { batch } = await ground.plan('platform', 1)
    const holderJwks = [{ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }] as const
    await expect(
      remote.sign({ batch, holderJwks, blinded: null, namesKey: true }),
    ).rejects.toMatchObject({
      code: 'holder_key_malformed',
    })
    expect(await ground.counted()).toEqual(new Map())
  })

  it('is found again after it was away, and missed by its name meanwhile', async () => {
    const { batch } = await ground.plan('platform', 1)
    await remote.describe()
    await listening.close()
    await expect(sign(batch)).rejects.toMatchObject({ code: 'signer_unreachable' })
    await listen()
    expect(await sign(batch)).toHaveLength(1)
  })

  it('is not waited for for ever', async () => {
    const silent = join(ground.family.folder, 'silent')
    const server = createServer(() => {}).listen(silent)
    await once(server, 'listening')
    const waiting = connectSigner({ connect: signerAt(silent), timeoutSeconds: 0.05 })
    await expect(waiting.describe()).rejects.toMatchObject({ code: 'signer_unreachable' })
    waiting.close()
    server.close()
  })

  it('lets its owner ask, and its group where that was said', async () => {
    expect((await stat(socket)).mode & 0o777).toBe(0o600)
    await listening.close()
    await listen(true)
    expect((await stat(socket)).mode & 0o777).toBe(0o660)
  })

  it('takes the place of one that died, of none that lives, and of no other file', async () => {
    const again = () => listenForSigning({ opened, socket, forGroup: false })
    await expect(again()).rejects.toMatchObject({ code: 'signer_running' })
    const file = join(ground.family.folder, 'file')
    await writeFile(file, 'kept')
    await expect(listenForSigning({ opened, socket: file, forGroup: false })).rejects.toMatchObject(
      { code: 'address_in_use' },
    )
    expect((await stat(file)).size).toBe(4)
  })
})
