import { spawnSync } from 'node:child_process'
import { copyFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { errorOf, netcert, temporaryFolder } from '../../test/e2e/netcert-process.js'
import { printable } from './printable.js'

const folder = temporaryFolder()
afterAll(() => folder.remove())

const commands = [
  ['init'],
  ['citizens', 'sample'],
  ['citizens', 'import'],
  ['citizens', 'list'],
  ['mint'],
  ['certificate', 'suspend'],
  ['certificate', 'reinstate'],
  ['certificate', 'revoke'],
  ['person', 'devices'],
  ['person', 'code'],
  ['person', 'contact', 'ask'],
  ['person', 'contact', 'accept'],
  ['citizens', 'correct'],
  ['wallet', 'vouch'],
  ['publish'],
  ['wallet', 'list'],
  ['wallet', 'show'],
  ['wallet', 'present'],
  ['wallet', 'ledger'],
  ['wallet', 'receive'],
  ['wallet', 'refill'],
  ['offer', 'create'],
  ['chip', 'inspect'],
  ['chip', 'sample'],
  ['verify'],
  ['verifier', 'init'],
  ['request', 'create'],
  ['request', 'result'],
  ['serve', 'issuer'],
  ['serve', 'verifier'],
  ['serve', 'all'],
  ['doctor'],
  ['demo'],
]

describe('the command line', () => {
  it('shows all commands, exit codes and the whole job', async () => {
    const run = await netcert(['--help'])
    expect(run).toMatchObject({ code: 0, stderr: '' })
    for (const [name = ''] of commands) expect(run.stdout).toContain(`\n  ${name}`)
    expect(run.stdout).toContain('0 done · 1 refused · 2 wrong use · 3 fault')
    for (const line of run.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  it.each(commands.map((words) => [words.join(' '), words] as const))(
    'shows examples and the common options in the help of %s',
    async (name, words) => {
      const run = await netcert([...words, '--help'])
      expect(run.code).toBe(0)
      expect(run.stdout).toMatch(/\nExamples?:\n/)
      expect(run.stdout).toContain(`netcert ${name}`)
      expect(run.stdout).toContain('--json')
      expect(run.stdout).toContain('--dir')
    },
  )

  it('prints its version', async () => {
    expect((await netcert(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  it.each([
    ['verfy', /Did you mean verify\?/],
    ['citizens imprt', /Did you mean import\?/],
    ['wallet recieve', /Did you mean receive\?/],
    ['wallet present --quer x', /Did you mean --query\?/],
    ['request create --query q --mode direct_pots', /Did you mean direct_post\?/],
    ['serve al', /Did you mean all\?/],
    ['certificate revoke --resaon device_lost', /Did you mean --reason\?/],
    ['mint --type gatepass --citizen c_1234 --to-wallet w', /Did you mean gate-pass\?/],
  ])('answers `netcert %s` with what was probably meant', async (line, meant) => {
    const run = await netcert(line.split(' '))
    expect(run.code).toBe(2)
    expect(run.stdout).toBe('')
    expect(run.stderr).toMatch(meant)
    expect(run.stderr).toMatch(/^netcert: .*\n {2}cure {3}/)
  })

  it.each([
    [[]],
    [['citizens']],
    [['wallet']],
    [['wallet', 'present']],
    [['wallet', 'present', 'openid4vp://?client_id=x', '--query', 'age-over-18']],
    [['offer', 'create', '--type', 'gate-pass']],
    [['request', 'create']],
    [['request', 'create', '--query', 'age-over-18', '--client-id', 'did:web']],
    [['serve', 'issuer', '--port', '0']],
    [['--banana']],
    [['init', 'twice']],
    [['publish']],
    [['citizens', 'sample', '--count', '0']],
    [['citizens', 'sample', '--count', 'many']],
    [['demo', '--port', '99999']],
    [['verify', 'x', '--freshness', 'never']],
  ])('calls %j a wrong use, in JSON where that was asked for', async (args) => {
    const run = await netcert([...args, '--json'])
    expect(run).toMatchObject({ code: 2, stdout: '' })
    expect(errorOf(run)).toMatchObject({ code: 'wrong_use', exit: 2 })
    expect(errorOf(run).cure).not.toBe('')
  })

  it('never repeats the value of an option it does not know', async () => {
    const run = await netcert(['mint', '--name=王小明'])
    expect(run.code).toBe(2)
    expect(run.stderr).toContain('--name')
    expect(run.stderr).not.toContain('王小明')
  })

  it('never obeys control characters of its arguments', async () => {
    const hostile = '\u001b]0;owned\u0007\u202e\u009b31m'
    for (const args of [
      [hostile],
      ['verify', hostile, '--trust', hostile, '--lists', hostile, '--audience', hostile].concat([
        '--nonce',
        'n',
        '--query',
        hostile,
      ]),
      ['citizens', 'import', hostile],
      ['wallet', 'list', '--dir', folder.at(hostile)],
      ['citizens', 'list', '--dir', folder.at(hostile)],
    ]) {
      for (const mode of [[], ['--json']]) {
        const run = await netcert([...args, ...mode])
        expect(run.code).not.toBe(0)
        const shown = (run.stdout + run.stderr).replaceAll('\n', '')
        expect(printable(shown, shown.length)).toBe(shown)
      }
    }
  })

  it('says plainly that it is not built', () => {
    const launcher = fileURLToPath(new URL('../netcert.js', import.meta.url))
    const copy = folder.at('netcert.mjs')
    copyFileSync(launcher, copy)
    const run = spawnSync(process.execPath, [copy, '--help'], { encoding: 'utf8' })
    expect(run.status).toBe(3)
    expect(run.stderr).toMatch(/not built yet[\s\S]*npm start/)
  })

  it('lets its output be cut off', () => {
    const launcher = fileURLToPath(new URL('../netcert.js', import.meta.url))
    const line = `"${process.execPath}" "${launcher}" citizens sample --count 50000 | head -1`
    const run = spawnSync('sh', ['-c', line], { encoding: 'utf8' })
    expect(run.stdout).toMatch(/^document_type,/)
    expect(run.stderr).toBe('')
  })
})
