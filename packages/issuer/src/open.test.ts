import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openDatabase } from '@netcert/agent'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTestIssuer, temporaryFolder, testClock } from '../../../test/issuer-ground.js'
import { examineIssuer, initIssuer, openIssuer } from './open.js'

describe('the data folder of an issuer', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let dir = ''
  beforeEach(async () => {
    folder = await temporaryFolder()
    dir = join(folder.path, 'issuer')
  })
  afterEach(() => folder.remove())

  const baseUrl = 'https://issuer.example'
  const init = (options: object = {}) => initIssuer({ dir, baseUrl, now: testClock(), ...options })
  const open = () => openIssuer({ dir, clock: testClock })

  it('is private from the first byte', async () => {
    await init()
    const mode = async (name: string) => ((await stat(join(dir, name))).mode & 0o777).toString(8)
    expect(await mode('.')).toBe('700')
    expect(await mode('secrets')).toBe('700')
    const files = ['secrets/master.key', 'secrets/root.key', 'netcert.json']
    for (const name of [...files, 'issuer.sqlite', 'source.sqlite']) {
      expect(await mode(name)).toBe('600')
    }
  })

  it('is never made over an existing one, or over other files', async () => {
    const { rootDid } = await init()
    await expect(init()).rejects.toMatchObject({ code: 'already_initialised' })
    expect((await readFile(join(dir, 'root.did'), 'utf8')).trim()).toBe(rootDid)
    dir = join(folder.path, 'full')
    await mkdir(dir)
    await writeFile(join(dir, 'letter.txt'), 'dear')
    await expect(init()).rejects.toMatchObject({ code: 'already_initialised' })
    dir = join(dir, 'letter.txt')
    await expect(init()).rejects.toMatchObject({ code: 'already_initialised' })
  })

  it('takes the place of an empty folder', async () => {
    await mkdir(dir)
    await init()
    const { issuer, close } = await open()
    expect(await issuer.listCitizens({ limit: 1 })).toEqual({ citizens: [], next: null })
    await close()
  })

  it('leaves nothing behind when it cannot be made', async () => {
    await expect(init({ databaseUrlFile: join(folder.path, 'none') })).rejects.toMatchObject({
      code: 'config_malformed',
    })
    expect(await readdir(folder.path)).toEqual([])
  })

  it.each([
    'issuer.example',
    'http://issuer.example',
    'ftp://issuer.example',
    'https://issuer.example?x=1',
    'https://issuer.example/#a',
    'https://me:secret@issuer.example',
    'https://ISSUER.example',
    'https://issuer.example/a/../b',
    '',
  ])('refuses the base URL "%s"', async (text) => {
    await expect(init({ baseUrl: text })).rejects.toMatchObject({ code: 'base_url' })
  })

  it.each(['https://issuer.example/', 'http://127.0.0.1:8640', 'https://a.example/b/c'])(
    'takes the base URL "%s"',
    async (text) => {
      expect((await init({ baseUrl: text })).baseUrl).toBe(text.replace(/\/$/, ''))
    },
  )

  it('holds EdDSA keys where asked to', async () => {
    const { rootDid, issuerDid } = await init({ algorithm: 'EdDSA' })
    expect(rootDid).toMatch(/^did:key:z6Mk/)
    expect(issuerDid).toMatch(/^did:key:z6Mk/)
  })

  it('is not opened where there is none, or where the configuration is wrong', async () => {
    await expect(open()).rejects.toMatchObject({ code: 'not_initialised' })
    await init()
    const file = join(dir, 'netcert.json')
    const config: Record<string, unknown> = JSON.parse(await readFile(file, 'utf8'))
    await writeFile(file, JSON.stringify({ ...config, base_url: 'x', algorithm: 'none' }))
    await expect(open()).rejects.toMatchObject({
      code: 'config_malformed',
      message: expect.stringMatching(/base_url.*algorithm/) as string,
    })
    await writeFile(file, JSON.stringify({ ...config, surprise: 1 }))
    await expect(open()).rejects.toMatchObject({ code: 'config_malformed' })
    await writeFile(file, '{')
    await expect(open()).rejects.toMatchObject({ code: 'config_malformed' })
  })

  it('is not opened while others may read it', async () => {
    await init()
    await chmod(join(dir, 'secrets'), 0o755)
    await expect(open()).rejects.toMatchObject({ code: 'unsafe_mode' })
  })

  it('is not opened on the database or master key of another folder', async () => {
    await init()
    const first = dir
    dir = join(folder.path, 'other')
    await init()
    await rename(join(first, 'source.sqlite'), join(dir, 'source.sqlite'))
    await expect(open()).rejects.toMatchObject({ code: 'environment_mismatch' })
    await rename(join(first, 'secrets/master.key'), join(dir, 'secrets/master.key'))
    await expect(open()).rejects.toMatchObject({ code: 'master_key_wrong' })
  })

  it('never creates a database that is missing', async () => {
    await init()
    await rm(join(dir, 'issuer.sqlite'))
    await expect(open()).rejects.toMatchObject({ code: 'database_missing' })
  })

  it('is examined even when it does not open', async () => {
    expect(await examineIssuer({ dir, clock: testClock })).toMatchObject([
      { code: 'not_opened', what: expect.stringContaining('not_initialised') as string },
    ])
  })
})

describe('an issuer with EdDSA keys', () => {
  it('mints and publishes as one with ES256 keys does', async () => {
    const folder = await temporaryFolder()
    const databases = { location: async () => ({ sqlite: '' }), open: openDatabase }
    const dir = join(folder.path, 'issuer')
    const test = await startTestIssuer({ dir, databases, citizens: 20, algorithm: 'EdDSA' })
    const report = await test.issuer.publish({ out: join(folder.path, 'public') })
    expect(report.statusLists).toHaveLength(1)
    await test.close()
    await folder.remove()
  })
})
