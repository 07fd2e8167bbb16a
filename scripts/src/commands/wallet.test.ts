import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorOf, jsonOf, netcert } from '../../../test/e2e/netcert-process.js'
import { AUDIENCE, type Ground, makeGround, mint, present } from '../../../test/e2e/triangle.js'

let ground: Ground
let wallet: string
beforeAll(async () => {
  ground = await makeGround()
  wallet = ground.folder.at('wallet')
  await mint(ground, wallet)
  await mint(ground, wallet, '--copies', 'platform')
})
afterAll(() => ground.folder.remove())

type Held = { certificates: { id: string; kind: string; copies: number; remaining: number }[] }
const held = async () => jsonOf<Held>(await netcert(['wallet', 'list', '--dir', wallet, '--json']))
const asked = ['--audience', AUDIENCE, '--nonce', 'n-1']

describe('wallet list', () => {
  it('shows what is there and how many copies are left', async () => {
    const { certificates } = await held()
    expect(certificates.map(({ kind }) => kind).sort()).toEqual(['one-time', 'platform'])
    const run = await netcert(['wallet', 'list', '--dir', wallet])
    expect(run.stdout).toMatch(/network-certificate +one-time +10 of 10/)
  })

  it('refuses a folder without a wallet, and a name that is a file', async () => {
    const none = await netcert(['wallet', 'list', '--dir', ground.folder.at('none'), '--json'])
    expect(errorOf(none)).toMatchObject({ code: 'wallet_missing', exit: 2 })
    const file = ground.folder.at('people.csv')
    const wrong = await netcert(['wallet', 'list', '--dir', file, '--json'])
    expect(wrong.code).not.toBe(0)
    expect(errorOf(wrong).code).not.toBe('internal')
  })
})

describe('wallet show', () => {
  const show = (id: string, ...more: string[]) =>
    netcert(['wallet', 'show', id, '--dir', wallet, ...more])

  it('names the claims, and their values only when asked to', async () => {
    const [certificate] = (await held()).certificates
    const id = certificate?.id ?? ''
    const names = await show(id)
    expect(names).toMatchObject({ code: 0, stderr: '' })
    expect(names.stdout).toMatch(/family_name +identity +Family name\n/)
    const [, row = ''] = readFileSync(ground.folder.at('people.csv'), 'utf8').split('\n')
    expect(row).not.toBe('')
    const values = JSON.parse((await show(id, '--reveal', '--json')).stdout) as {
      claims: { path: string[]; value: string }[]
    }
    const number = values.claims.find(({ path }) => path[0] === 'id_number')?.value ?? ''
    expect(readFileSync(ground.folder.at('people.csv'), 'utf8')).toContain(number)
    expect(names.stdout).not.toContain(number)
    expect((await show(id, '--lang', 'zh-CN')).stdout).toMatch(/[\u4e00-\u9fff]/)
  })

  it('refuses an id it does not know', async () => {
    const run = await show('nothing', '--json')
    expect(errorOf(run)).toMatchObject({ code: 'certificate_unknown', exit: 2 })
  })
})

describe('wallet present', () => {
  it('writes the presentation alone to standard output, and what it disclosed beside it', async () => {
    const run = await netcert([
      'wallet',
      'present',
      '--dir',
      wallet,
      '--query',
      'age-over-18',
      ...asked,
    ])
    expect(run.code).toBe(0)
    expect(run.stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+~[\w~-]+\.[\w-]+\.[\w-]+\n$/)
    expect(run.stderr).toMatch(/age_equal_or_over\.18\n[\s\S]* 9 left/)
  })

  it('never uses a copy twice', async () => {
    const one = await present(wallet, 'n-1')
    const two = await present(wallet, 'n-1')
    expect(one.split('~')[0]).not.toBe(two.split('~')[0])
  })

  it('tells in advance what it would disclose, and uses nothing up', async () => {
    const before = await held()
    const query = ['--query', 'network-number', '--preview', '--json']
    const run = await netcert(['wallet', 'present', '--dir', wallet, ...query, ...asked])
    expect(jsonOf(run)).toMatchObject({
      audience: AUDIENCE,
      hints: expect.arrayContaining(['reveals_number']),
    })
    expect(await held()).toEqual(before)
  })

  it('writes to a new file and never over one, using nothing up for it', async () => {
    const out = ground.folder.at('answer.txt')
    const args = ['wallet', 'present', '--dir', wallet, '--query', 'age-over-18', ...asked]
    expect(await netcert([...args, '--out', out])).toMatchObject({ code: 0, stdout: '' })
    expect(statSync(out).mode & 0o777).toBe(0o600)
    const before = await held()
    const again = await netcert([...args, '--out', out, '--json'])
    expect(errorOf(again).code).toBe('file_exists')
    expect(await held()).toEqual(before)
  })

  it('refuses what nothing answers, and queries that are none', async () => {
    const query = (value: unknown) => {
      const path = ground.folder.at(`query-${Math.random()}.json`)
      writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value))
      return path
    }
    const credential = { id: 'a', format: 'dc+sd-jwt', meta: { vct_values: ['urn:x'] } }
    for (const [given, code, exit] of [
      [query({ credentials: [credential] }), 'query_unanswered', 1],
      [query({ credentials: [] }), 'query_malformed', 2],
      [query('{"credentials"'), 'not_json', 2],
      ['age-over-19', 'file_missing', 2],
      ['/dev/zero', 'not_a_file', 2],
    ] as const) {
      const args = ['wallet', 'present', '--dir', wallet, '--query', given, ...asked, '--json']
      const run = await netcert(args)
      expect(errorOf(run)).toMatchObject({ code, exit })
      expect(run.stdout).toBe('')
    }
    expect(existsSync(ground.folder.at('none'))).toBe(false)
  })
})

describe('wallet ledger', () => {
  it('says who learned what, without values', async () => {
    await present(wallet, 'n-9')
    const run = await netcert(['wallet', 'ledger', '--dir', wallet])
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(run.stdout).toMatch(
      /UTC {2}https:\/\/tickets\.example {2}\(one-time\)\n {2}age_equal_or_over\.18\n/,
    )
  })

  it('shows a hostile audience instead of obeying it', async () => {
    await present(wallet, 'n-9', '--audience', 'https://x.example/\u001b]0;owned\u0007\u202e')
    const run = await netcert(['wallet', 'ledger', '--dir', wallet])
    expect(run.stdout).toContain('\\u{1b}]0;owned\\u{7}\\u{202e}')
  })
})
