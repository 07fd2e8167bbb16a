import { crockfordCheckDigits } from '@netcert/credential'
import { openLane } from '@netcert/verifier/gate'
import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { errorOf, jsonOf, netcert } from '../../../test/e2e/netcert-process.js'
import { commandLane } from '../../../test/gate-command-lane.js'
import { commandPhone } from '../../../test/gate-phone.js'
import { hasTerminal, openTerminal, terminalState } from '../../../test/terminal.js'

const lane = commandLane()
const { ground, laneWords, opened } = lane

describe('gate lane', () => {
  it('seals a file that only its owner may read, and prints its code once', async () => {
    expect(readFileSync(lane.file, 'utf8')).toMatch(/^netcert-gate-lane 1\n/)
    expect(statSync(lane.file).mode & 0o777).toBe(0o600)
    const key = await netcert(['gate', 'key', '--dir', ground.verifierDir, '--json'])
    const { d: _private, ...requestJwk } = ground.venue.requestKey
    expect(jsonOf(key)).toMatchObject({ request_jwk: requestJwk, created: false })
    expect(key.stdout).not.toContain(ground.venue.requestKey.d)
  })

  it.each([
    ['where there is a file already', [], 'file_exists'],
    ['for a question that nobody accredited', ['--query', 'network-number'], 'lane_invalid'],
    [
      'for tickets without the number',
      ['--kind', 'ticket', '--query', 'age-over-18'],
      'lane_invalid',
    ],
  ])('makes none %s', async (_name, more, code) => {
    const out = code === 'file_exists' ? lane.file : `${ground.folder}/other.ncgate`
    expect(errorOf(await netcert(laneWords(out, ...more)))).toMatchObject({ code, exit: 2 })
  })
})

describe('gate lane --freshness', () => {
  const policy = { grace_seconds: 3600, trust_list_grace_seconds: 0, status_required: false }
  const file = () => `${ground.folder}/policy.json`

  it('takes a policy of the venue’s own into the lane file', async () => {
    writeFileSync(file(), JSON.stringify({ name: 'an-hour', ...policy, stale: 'flag' }))
    const out = `${ground.folder}/own-policy.ncgate`
    const made = jsonOf<{ code: string }>(await netcert(laneWords(out, '--freshness', file())))
    const { freshness } = await openLane(readFileSync(out, 'utf8'), made.code)
    expect(freshness).toMatchObject({ name: 'an-hour', graceSeconds: 3600, stale: 'flag' })
  })

  it('takes none that is not of the schema, or that nobody wrote', async () => {
    writeFileSync(file(), JSON.stringify({ name: 'an-hour', ...policy, stale: 'hope' }))
    const out = `${ground.folder}/no-policy.ncgate`
    for (const [named, code] of [
      [file(), 'freshness_malformed'],
      [`${ground.folder}/nowhere.json`, 'file_missing'],
    ] as const) {
      const run = await netcert(laneWords(out, '--freshness', named))
      expect(errorOf(run)).toMatchObject({ code, exit: 2 })
    }
  })
})

describe('gate run', () => {
  it('does not open with another code, without a code, with nothing to trust, or for tickets', async () => {
    const wrong = `${ground.folder}/wrong.code`
    writeFileSync(wrong, '00000 00000 00000 00000 98')
    // It is a fact gate: a list of tickets would be looked at for nobody.
    const trusted = ['--code-file', lane.codeFile, '--lists', ground.published]
    for (const [words, code] of [
      [['--code-file', wrong, '--lists', ground.published], 'lane_code_wrong'],
      [['--lists', ground.published], 'wrong_use'],
      [['--code-file', lane.codeFile], 'wrong_use'],
      [['--code-file', lane.codeFile, '--lists', ground.folder], 'lists_unreadable'],
      [['--code-file', lane.codeFile, '--pack', lane.file], 'pack_malformed'],
      [[...trusted, '--tickets', lane.file], 'wrong_use'],
    ] as const) {
      const run = await netcert(['gate', 'run', '--lane', lane.file, ...words, '--json'])
      expect(errorOf(run)).toMatchObject({ code })
    }
  })
})

describe.skipIf(!hasTerminal)(`gate run at a terminal${terminalState}`, () => {
  it('takes what a visitor showed off the screen, though nobody else comes', async () => {
    const phone = await commandPhone(ground)
    const beside = lane.start('--ledger', `${lane.file}.beside`)
    const { challenge } = await beside.next<{ challenge: { text: string } }>()
    await beside.end()
    const answered = await phone.run('wallet', 'gate', challenge.text, '--yes', '--json')
    const words = [...opened(), '--lists', ground.published, '--ledger', `${lane.file}.shown`]
    const terminal = openTerminal(['gate', 'run', ...words])
    let seen = ''
    terminal.stdout.setEncoding('utf8').on('data', (text: string) => (seen += text))
    await expect.poll(() => seen, { timeout: 20_000 }).toContain('entries 0')
    terminal.stdin.write(`${jsonOf<{ text: string }>(answered).text}\r`)
    await expect.poll(() => seen, { timeout: 20_000 }).toContain('age_over_18')
    // Each screen begins with what clears the one before; the last one may not be drawn yet.
    const screens = () => seen.split('\u001b[3J').slice(0, -1)
    const isGone = (screen: string) => /entries 1\b/.test(screen) && !screen.includes('age_over_18')
    await expect.poll(() => screens().some(isGone), { timeout: 50_000 }).toBe(true)
    terminal.stdin.write('\u0003')
    expect(await once(terminal, 'close')).toEqual([0, null])
  })
})

describe('gate ledger', () => {
  it('is exported, merged with another lane’s, and not erased before its time', async () => {
    const phone = await commandPhone(ground)
    const running = lane.start('--once')
    const { challenge } = await running.next<{ challenge: { text: string } }>()
    const answered = await phone.run('wallet', 'gate', challenge.text, '--yes', '--json')
    running.type(`${jsonOf<{ text: string }>(answered).text}\n`)
    expect(await running.end()).toBe(0)
    const [one, other] = [`${ground.folder}/one.json`, `${ground.folder}/other.json`]
    const shown = await netcert(['gate', 'ledger', 'show', ...opened(), '--json'])
    expect(jsonOf(shown)).toMatchObject({ event: 'final-2026', entries: 1, ways: { challenge: 1 } })
    const exported = (out: string, words = opened()) =>
      netcert(['gate', 'ledger', 'export', ...words, '--out', out, '--json'])
    expect(jsonOf(await exported(one))).toMatchObject({ entries: 1 })
    const merge = (...files: readonly string[]) =>
      netcert(['gate', 'ledger', 'merge', ...files, '--json'])
    expect(jsonOf(await merge(one))).toMatchObject({ entries: 1, doubles: [], forked: [] })
    writeFileSync(other, readFileSync(one, 'utf8').replace('"gate":"north"', '"gate":"south"'))
    expect(errorOf(await merge(one, other))).toMatchObject({ code: 'ledger_malformed', exit: 1 })
    const forgotten = await netcert(['gate', 'ledger', 'forget', ...opened(), '--json'])
    expect(forgotten.code).toBe(1)
    const clock = await netcert(['gate', 'ledger', 'clock', ...opened(), '--json'])
    expect(clock.code).toBe(0)
    const erased = await netcert(['gate', 'ledger', 'forget', '--now', ...opened(), '--json'])
    expect(jsonOf(erased)).toMatchObject({ erased: 1 })
  })
})

describe('gate tickets', () => {
  it('holds no number, and tells a line that is none by its place alone', async () => {
    const numbers = `${ground.folder}/sold.txt`
    const sold = 'P7K2M9Q4T1V8W3X5Y6Z0A42'
    writeFileSync(numbers, `${sold}\n`)
    const out = `${ground.folder}/final.nctickets`
    const words = ['gate', 'tickets', '--dir', ground.verifierDir, '--event', 'final-2026']
    const run = await netcert([...words, '--numbers', numbers, '--out', out, '--json'])
    const refused = errorOf(run)
    expect(refused).toMatchObject({ code: 'not_a_number', exit: 2 })
    expect(run.stderr).not.toContain(sold)
    expect(refused.message).toContain('Line 1')
    const right = `P7K2M9Q4T1V8W3X5Y6Z0A${crockfordCheckDigits('7K2M9Q4T1V8W3X5Y6Z0A')}`
    writeFileSync(numbers, `${right}\n\n${right.toLowerCase()}\n`)
    const made = await netcert([...words, '--numbers', numbers, '--out', out, '--json'])
    expect(jsonOf(made)).toMatchObject({ event: 'final-2026', tickets: 1 })
    expect(readFileSync(out, 'utf8')).not.toContain(right)
  })
})
