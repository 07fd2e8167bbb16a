import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '@netcert/agent'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { freePort } from '../../../test/free-port.js'
import { type PostgresCluster, startPostgresCluster } from '../../../test/postgres-cluster.js'
import { createHolder, createTrustDomain, testNow } from '../../../test/trust-domain.js'
import { over18 } from '../../../test/vp-platform-ground.js'
import { answerRequest, type Held } from '../../../test/vp-wallet-ground.js'
import { initVerifier, openVerifierDesk, openVerifierServer } from './server.js'

const clock = () => testNow
const refusal = (code: string) => expect.objectContaining({ code })
const asked = { query: over18, clientId: 'did', mode: 'direct_post.jwt' } as const

let cluster: PostgresCluster
beforeAll(async () => {
  cluster = await startPostgresCluster()
})
afterAll(() => cluster.stop())

let home = ''
let dir = ''
let urlFile = ''
let held: Held
let rootDid = ''
const open: { close(): Promise<void> }[] = []
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'netcert-verifier-'))
  dir = join(home, 'verifier')
  urlFile = join(home, 'database-url')
  await writeFile(urlFile, `${await cluster.createDatabase()}\n`, { mode: 0o600 })
  const domain = await createTrustDomain()
  rootDid = domain.rootDid
  await domain.publish(join(home, 'published'))
  const holder = await createHolder()
  held = { holder, credential: await domain.mint({ jwk: holder.jwk }) }
})
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
  await rm(home, { recursive: true, force: true })
})

async function init(folder = dir) {
  const baseUrl = `http://127.0.0.1:${await freePort()}`
  const listsDir = join(home, 'published')
  return initVerifier({
    ...{ dir: folder, baseUrl, rootDid, listsDir, now: testNow },
    databaseUrlFile: urlFile,
  })
}

async function opened<T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> {
  const one = await opening
  open.push(one)
  return one
}
const place = () => ({ dir, allowHttpLoopback: true, clock })

describe('a verifier on PostgreSQL', () => {
  it('asks from one process, is answered in another, and keeps requests over a restart', async () => {
    const { did } = await init()
    const server = await openVerifierServer(place())
    const desk = await opened(openVerifierDesk(place()))
    const first = await desk.createRequest(asked)
    expect((await answerRequest(first.requestUri, held, { issuedAt: testNow })).status).toBe(200)
    expect((await desk.result(first.session, null)).verified).toBe(true)
    await expect(desk.result(first.session, null)).rejects.toEqual(refusal('result_delivered'))

    const second = await desk.createRequest(asked)
    expect(second.requestUri).toContain(encodeURIComponent(did))
    await server.close()
    await opened(openVerifierServer(place()))
    expect((await answerRequest(second.requestUri, held, { issuedAt: testNow })).status).toBe(200)
    expect((await desk.result(second.session, null)).verified).toBe(true)
  })

  it('keeps nothing of the database in its folder but where the URL stands', async () => {
    await init()
    const settings = await readFile(join(dir, 'verifier.json'), 'utf8')
    expect(JSON.parse(settings)).toMatchObject({ database: { postgres_url_file: urlFile } })
    expect(settings).not.toContain('postgres://')
    await expect(stat(join(dir, 'verifier.sqlite'))).rejects.toEqual(refusal('ENOENT'))
  })

  it('never takes over the database of another verifier', async () => {
    await init()
    await expect(init(join(home, 'second'))).rejects.toEqual(refusal('already_initialised'))
    await expect(stat(join(home, 'second'))).rejects.toEqual(refusal('ENOENT'))
    const desk = await opened(openVerifierDesk(place()))
    expect((await desk.createRequest(asked)).session).toMatch(/./)
  })

  it('never moves into the database of another role', async () => {
    const postgres = (await readFile(urlFile, 'utf8')).trim()
    const up = () => Promise.resolve()
    const other = { location: { postgres }, create: true, migrations: [{ name: '0001-other', up }] }
    await (await openDatabase(other)).close()
    await expect(init()).rejects.toEqual(refusal('already_initialised'))
    const again = await opened(openDatabase({ ...other, create: false }))
    expect(again.engine).toBe('postgres')
  })

  it.each<[string, () => Promise<void>]>([
    ['is missing', () => rm(urlFile)],
    ['may be read by others', () => chmod(urlFile, 0o644)],
    ['holds no URL', () => writeFile(urlFile, 'hunter2')],
  ])('is refused when the file with its URL %s', async (_what, spoil) => {
    await init()
    await spoil()
    for (const attempt of [() => init(join(home, 'second')), () => openVerifierDesk(place())]) {
      const error: unknown = await attempt().catch((thrown: unknown) => thrown)
      expect(error).toEqual(refusal('config_invalid'))
      expect(String(error)).not.toContain('hunter2')
    }
    await expect(stat(join(home, 'second'))).rejects.toEqual(refusal('ENOENT'))
  })

  it('is refused when nobody listens there, and leaves no folder', async () => {
    const url = `postgres://netcert@127.0.0.1:${await freePort()}/none`
    await writeFile(urlFile, url, { mode: 0o600 })
    await expect(init()).rejects.toEqual(refusal('database_unreachable'))
    await expect(stat(dir)).rejects.toEqual(refusal('ENOENT'))
  })
})
