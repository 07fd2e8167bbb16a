import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorOf, jsonOf, netcert } from '../../../test/e2e/netcert-process.js'
import { type Ground, makeGround } from '../../../test/e2e/triangle.js'
import { type PostgresCluster, startPostgresCluster } from '../../../test/postgres-cluster.js'

let ground: Ground
let cluster: PostgresCluster
beforeAll(async () => {
  cluster = await startPostgresCluster()
  ground = await makeGround()
})
afterAll(async () => {
  ground.folder.remove()
  await cluster.stop()
})

function init(dir: string, urlFile: string) {
  const trust = ['--trust', `${ground.issuer}/root.did`, '--lists', ground.folder.at('public')]
  const database = ['--database-url-file', urlFile]
  return netcert(['verifier', 'init', '--dir', dir, ...trust, ...database, '--json'])
}

describe('verifier renew-certificate', () => {
  it('certifies the key again, and says until when; without a verifier it says so', async () => {
    const dir = ground.folder.at('renewed')
    const trust = ['--trust', `${ground.issuer}/root.did`, '--lists', ground.folder.at('public')]
    jsonOf(await netcert(['verifier', 'init', '--dir', dir, ...trust, '--json']))
    const before = readFileSync(`${dir}/request-1.pem`, 'utf8')
    const run = await netcert(['verifier', 'renew-certificate', '--dir', dir, '--json'])
    const { notAfter } = jsonOf<{ notAfter: string }>(run)
    expect(Date.parse(notAfter)).toBeGreaterThan(Date.now() + 364 * 86_400_000)
    expect(readFileSync(`${dir}/request-1.pem`, 'utf8')).not.toBe(before)
    const empty = ground.folder.at('public')
    const none = await netcert(['verifier', 'renew-certificate', '--dir', empty, '--json'])
    expect(errorOf(none).code).toBe('verifier_missing')
  })
})

describe('verifier init with --database-url-file', () => {
  it('keeps keys and requests on PostgreSQL, for other commands too', async () => {
    const dir = ground.folder.at('verifier')
    const urlFile = ground.folder.at('url')
    writeFileSync(urlFile, await cluster.createDatabase(), { mode: 0o600 })
    const { did } = jsonOf<{ did: string }>(await init(dir, urlFile))
    expect(existsSync(`${dir}/verifier.sqlite`)).toBe(false)
    expect(readFileSync(`${dir}/verifier.json`, 'utf8')).toContain(urlFile)
    const create = ['request', 'create', '--dir', dir, '--query', 'age-over-18', '--json']
    const asked = await netcert([...create, '--allow-http-loopback'])
    const { request_uri } = jsonOf<{ request_uri: string }>(asked)
    expect(request_uri).toContain(encodeURIComponent(did))

    const second = await init(ground.folder.at('second'), urlFile)
    expect(errorOf(second).code).toBe('already_initialised')
  })

  it('refuses a file that others may read, and leaves no folder', async () => {
    const dir = ground.folder.at('exposed')
    const urlFile = ground.folder.at('exposed-url')
    writeFileSync(urlFile, 'postgres://user:hunter2@127.0.0.1/x', { mode: 0o644 })
    const run = await init(dir, urlFile)
    expect(errorOf(run).code).toBe('config_invalid')
    expect(run.stdout + run.stderr).not.toContain('hunter2')
    expect(existsSync(dir)).toBe(false)
  })
})
