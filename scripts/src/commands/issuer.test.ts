import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorOf, jsonOf, netcert, startNetcert } from '../../../test/e2e/netcert-process.js'
import { type Ground, makeGround, mint } from '../../../test/e2e/triangle.js'

let ground: Ground
beforeAll(async () => {
  ground = await makeGround()
})
afterAll(() => ground.folder.remove())

describe('init', () => {
  it('makes a folder for its owner alone, with a root to give away', () => {
    expect(statSync(ground.issuer).mode & 0o777).toBe(0o700)
    expect(statSync(`${ground.issuer}/secrets/root.key`).mode & 0o777).toBe(0o600)
    expect(readFileSync(`${ground.issuer}/root.did`, 'utf8')).toMatch(/^did:key:zDn\w+\n$/)
  })

  it('makes an issuer that signs with EdDSA when asked to', async () => {
    const dir = ground.folder.at('eddsa')
    const report = await netcert(['init', '--dir', dir, '--algorithm', 'EdDSA', '--json'])
    expect(jsonOf<{ issuerDid: string }>(report).issuerDid).toMatch(/^did:key:z6Mk/)
  })

  it('never touches an issuer that is there', async () => {
    const before = readFileSync(`${ground.issuer}/root.did`, 'utf8')
    const run = await netcert(['init', '--dir', ground.issuer, '--json'])
    expect(run).toMatchObject({ code: 2, stdout: '' })
    expect(errorOf(run).code).toBe('already_initialised')
    expect(readFileSync(`${ground.issuer}/root.did`, 'utf8')).toBe(before)
  })

  it('refuses an address that certificates could not carry', async () => {
    const dir = ground.folder.at('elsewhere')
    for (const url of ['http://example.org', 'ftp://example.org', 'https://example.org/?x', 'x']) {
      const run = await netcert(['init', '--dir', dir, '--base-url', url, '--json'])
      expect(run.code).toBe(2)
      expect(errorOf(run).code).toBe('base_url')
    }
    expect(existsSync(dir)).toBe(false)
  })

  it('refuses to start where libraries would print keys', async () => {
    const run = await netcert(['doctor', '--dir', ground.issuer, '--json'], {
      env: { DEBUG: 'veramo:*' },
    })
    expect(run.code).toBe(1)
    expect(run.stdout).toContain('unsafe_environment')
  })
})

describe('mint', () => {
  it('fills a wallet, which it makes', async () => {
    const wallet = ground.folder.at('wallet')
    expect(await mint(ground, wallet)).toMatchObject({ kind: 'one-time', copies: 10, wallet })
    expect(await mint(ground, wallet, '--copies', 'platform')).toMatchObject({ copies: 1 })
    expect(await mint(ground, wallet, '--type', 'gate-pass')).toMatchObject({ copies: 8 })
    expect(statSync(wallet).mode & 0o777).toBe(0o700)
  })

  it('fills a wallet each for several citizens, one JSON line each', async () => {
    const [one = '', two = ''] = ground.citizens
    const folder = ground.folder.at('wallets')
    const run = await netcert([
      ...['mint', '--dir', ground.issuer, '--citizen', one, two],
      ...['--to-wallet', folder, '--json'],
    ])
    expect(run.code).toBe(0)
    const lines = run.stdout.trimEnd().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { citizen: string }).citizen)).toEqual([
      one,
      two,
    ])
    expect(readdirSync(folder).sort()).toEqual([one, two].sort())
  })

  it('stops between two citizens when interrupted, and names those that are left', async () => {
    const args = ['--dir', ground.issuer, '--citizen', ...ground.citizens]
    const child = startNetcert(['mint', ...args, '--to-wallet', ground.folder.at('cut'), '--json'])
    let stderr = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    let done = 0
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (done === 0) child.kill('SIGINT')
      done += text.split('\n').length - 1
    })
    const [code] = (await once(child, 'close')) as [number]
    expect(code).toBe(130)
    const { error } = JSON.parse(stderr) as { error: { code: string; cure: string } }
    expect(error.code).toBe('interrupted')
    const left = ground.citizens.filter((citizen) => error.cure.includes(citizen))
    expect(left).toEqual(ground.citizens.slice(done))
  })

  it('refuses unknown citizens, and what is minted otherwise', async () => {
    const [citizen = ''] = ground.citizens
    const to = ['--dir', ground.issuer, '--to-wallet', ground.folder.at('none'), '--json']
    for (const [args, code, exit] of [
      [['--citizen', 'c_00000000000000000000000000'], 'citizen_unknown', 2],
      [
        ['--citizen', citizen, '--type', 'gate-pass', '--copies', 'platform'],
        'copies_not_offered',
        2,
      ],
      [['--citizen', citizen, '--type', 'ward-certificate'], 'age_not_allowed', 1],
      [['--citizen', '110101199001011237'], 'personal_data_on_command_line', 2],
      [['--citizen', '王小明'], 'personal_data_on_command_line', 2],
    ] as const) {
      const run = await netcert(['mint', ...args, ...to])
      expect(errorOf(run)).toMatchObject({ code, exit })
      expect(run.code).toBe(exit)
      expect(run.stderr).not.toMatch(/王小明|110101199001011237/)
    }
  })

  it('refuses a wallet of another issuer', async () => {
    const other = await makeGround()
    const wallet = ground.folder.at('wallet')
    const [citizen = ''] = other.citizens
    const args = ['--dir', other.issuer, '--citizen', citizen, '--to-wallet', wallet, '--json']
    const run = await netcert(['mint', ...args])
    expect(run.code).toBe(2)
    expect(errorOf(run).code).toBe('root_differs')
    other.folder.remove()
  })
})

describe('publish', () => {
  const at = (...args: string[]) => netcert(['publish', '--dir', ground.issuer, ...args])

  it('writes static files that anybody may read, again and again', async () => {
    const out = ground.folder.at('published')
    const first = jsonOf<{ statusLists: object[]; types: string[] }>(
      await at('--out', out, '--json'),
    )
    expect(first.statusLists.length).toBeGreaterThan(0)
    expect(first.types).toHaveLength(4)
    expect(readdirSync(out).sort()).toEqual([
      'register',
      'registrar',
      'statistics.json',
      'status',
      'trust-list.jwt',
      'types',
    ])
    expect(statSync(`${out}/trust-list.jwt`).mode & 0o777).toBe(0o644)
    expect((await at('--out', out)).stdout).toMatch(/^Published to /)
  })

  it('signs with a root key that was moved away, and with no other', async () => {
    const moved = ground.folder.at('root.key')
    renameSync(`${ground.issuer}/secrets/root.key`, moved)
    const out = ground.folder.at('published')
    const signed = jsonOf<{ trustList: { signed: boolean } }>(
      await at('--out', out, '--root-key', moved, '--json'),
    )
    expect(signed.trustList.signed).toBe(true)
    const other = await makeGround()
    const wrong = await at('--out', out, '--root-key', `${other.issuer}/secrets/root.key`, '--json')
    expect(errorOf(wrong)).toMatchObject({ code: 'root_key_wrong', exit: 1 })
    const none = await at('--out', out, '--root-key', ground.folder.at('people.csv'), '--json')
    expect(errorOf(none)).toMatchObject({ code: 'root_key_malformed', exit: 2 })
    renameSync(moved, `${ground.issuer}/secrets/root.key`)
    other.folder.remove()
  })
})
