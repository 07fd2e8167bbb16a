import { mkdirSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorOf, jsonOf, netcert } from '../../../test/e2e/netcert-process.js'
import {
  type Ground,
  makeGround,
  mint,
  present,
  publish,
  verifyOptions,
} from '../../../test/e2e/triangle.js'

let ground: Ground
let presentation: string
beforeAll(async () => {
  ground = await makeGround()
  const wallet = ground.folder.at('wallet')
  await mint(ground, wallet)
  await publish(ground)
  presentation = await present(wallet, 'n-1')
})
afterAll(() => ground.folder.remove())

/** Options of a verification, with some of them in place of the right ones. */
function options(other: Readonly<Record<string, string>> = {}): string[] {
  const right = verifyOptions(ground, 'n-1')
  const changed = right.map((word, at) => other[right[at - 1] ?? ''] ?? word)
  const added = Object.entries(other).filter(([name]) => !right.includes(name))
  return [...changed, ...added.flat()]
}

const verify = (input: string, other?: Readonly<Record<string, string>>, ...more: string[]) =>
  netcert(['verify', '-', ...options(other), ...more], { input })

describe('verify', () => {
  it('says yes with the facts asked for and the age of the evidence', async () => {
    const run = await verify(`${presentation}\n`)
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(run.stdout).toMatch(/^Verified {2}valid\n/)
    expect(run.stdout).toContain('age_equal_or_over.18 = true')
    const result = jsonOf(await verify(presentation, {}, '--json'))
    expect(result).toMatchObject({
      verified: true,
      means: 'certificate',
      role: 'self',
      facts: { age_equal_or_over: { '18': true } },
      freshness: { verdict: 'valid' },
    })
  })

  it('reads the presentation and the root from files, or the root as it is', async () => {
    const file = ground.folder.at('answer.txt')
    writeFileSync(file, presentation)
    expect(await netcert(['verify', file, ...options()])).toMatchObject({ code: 0 })
    const { issuer } = jsonOf<{ issuer: string }>(await verify(presentation, {}, '--json'))
    const wrong = await verify(presentation, { '--trust': issuer }, '--json')
    expect(errorOf(wrong)).toMatchObject({ code: 'trust_list_untrusted', exit: 1 })
  })

  it.each([
    ['another audience', { '--audience': 'https://other.example' }, 'kb_aud'],
    ['another nonce', { '--nonce': 'n-2' }, 'kb_nonce'],
    ['another question', { '--query': 'real-person' }, 'query_unsatisfied'],
    ['a policy that wants a status', { '--freshness': 'strict' }, 'status_required'],
  ])('refuses %s with its own code', async (_name, other, code) => {
    const run = await verify(presentation, other, '--json')
    expect(run).toMatchObject({ code: 1, stdout: '' })
    expect(errorOf(run)).toMatchObject({ code, exit: 1 })
  })

  it('refuses what was altered, and what is no presentation', async () => {
    const flipped = presentation.replace(/~([\w-])/, (_, first) => `~${first === 'W' ? 'X' : 'W'}`)
    for (const input of [
      flipped,
      presentation.slice(0, -1),
      'x',
      'a.b.c~',
      '{}',
      '~'.repeat(1000),
    ]) {
      const run = await verify(input, {}, '--json')
      expect(run).toMatchObject({ code: 1, stdout: '' })
      expect(errorOf(run).exit).toBe(1)
    }
  })

  it('tells verdicts in Chinese when that is the language', async () => {
    const run = await netcert(['verify', '-', ...options({ '--nonce': 'n-2' })], {
      input: presentation,
      env: { LANG: 'zh_CN.UTF-8' },
    })
    expect(run.code).toBe(1)
    expect(run.stderr).toMatch(/[\u4e00-\u9fff]/)
    expect(run.stderr).toContain('kb_nonce')
    expect((await verify(presentation, { '--nonce': 'n-2', '--lang': 'en' })).stderr).toContain(
      'another request',
    )
  })

  it('refuses inputs of every wrong kind quickly', async () => {
    const empty = ground.folder.at('empty')
    mkdirSync(empty)
    const file = ground.folder.at('people.csv')
    for (const [path, other, code] of [
      ['-', { '--trust': file }, 'root_malformed'],
      ['/dev/zero', {}, 'not_a_file'],
      [ground.folder.path, {}, 'not_a_file'],
      ['missing.txt', {}, 'file_missing'],
      ['-', { '--trust': '/dev/zero' }, 'not_a_file'],
      ['-', { '--trust': 'did:web:example.org' }, 'root_malformed'],
      ['-', { '--lists': empty }, 'lists_unreadable'],
      ['-', { '--query': ground.folder.path }, 'not_a_file'],
    ] as const) {
      const run = await netcert(['verify', path, ...options(other), '--json'], {
        input: presentation,
      })
      expect(errorOf(run).code).toBe(code)
      expect(run.code).toBe(2)
      // A guard against reading for ever; it would be ended after a minute.
      expect(run.milliseconds).toBeLessThan(30_000)
    }
    expect(errorOf(await verify('', {}, '--json')).code).toBe('input_empty')
    expect(errorOf(await verify('x'.repeat(64 * 1024 + 1), {}, '--json')).code).toBe(
      'file_too_large',
    )
  })

  it('remembers the newest lists it saw, and refuses older ones', async () => {
    const state = ground.folder.at('verifier-state.json')
    const older = await publish(ground, ground.folder.at('older'))
    await netcert([
      ...['publish', '--now', '--dir', ground.issuer, '--out', ground.folder.at('public')],
      ...['--root-key', `${ground.issuer}/secrets/root.key`],
    ])
    expect((await verify(presentation, { '--state': state })).code).toBe(0)
    const back = await verify(presentation, { '--state': state, '--lists': older }, '--json')
    expect(errorOf(back)).toMatchObject({ code: 'trust_list_older', exit: 1 })
  })
})
