import { execFileSync } from 'node:child_process'
import { once as happened } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { afterAll, describe, expect, it } from 'vitest'
import {
  errorOf,
  jsonOf,
  netcert,
  type Run,
  startNetcert,
  temporaryFolder,
} from '../../../test/e2e/netcert-process.js'

const folder = temporaryFolder()
afterAll(() => folder.remove())

type Line = {
  readonly step?: number
  readonly milliseconds?: number
  readonly facts?: Record<string, string>
  readonly refusals?: { code: string }[]
  readonly learned?: { name: string; platform: boolean }[]
  readonly platform?: string
  readonly published?: string
}
const isRunning = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
const linesOf = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)

describe('demo --once', () => {
  let told: Promise<Run> | undefined
  const once = () => (told ??= netcert(['demo', '--once', '--dir', folder.at('demo'), '--json']))

  it('does the whole job, refuses what must be refused, and ends with 0', async () => {
    const run = await once()
    expect(run).toMatchObject({ code: 0, stderr: '' })
    const lines = linesOf(run.stdout)
    const codes = lines.flatMap(({ refusals }) => refusals ?? []).map(({ code }) => code)
    expect(codes).toEqual([
      ...['disclosure_unreferenced', 'bad_signature', 'kb_aud', 'session_used'],
      ...['status_list_expired', 'status_invalid', 'over_asking', 'claim_uncovered'],
    ])
    const told = lines.flatMap(({ learned }) => learned ?? []).filter(({ platform }) => platform)
    expect(told.map(({ name }) => name).filter((name) => name !== '')).toEqual([
      'age_equal_or_over.18',
    ])
  })

  it('shows two platforms two numbers of one citizen, and the forum the same again', async () => {
    const lines = linesOf((await once()).stdout)
    const visits = lines.find(({ facts }) => facts?.['new phone'] !== undefined)
    const { forum, games, ...facts } = visits?.facts ?? {}
    expect(forum).toMatch(/^P[0-9A-Z ]{26}$/)
    expect([facts['forum again'], facts['new phone']]).toEqual([forum, forum])
    expect(games).not.toBe(forum)
    const kept = lines.find(({ facts: told }) => told?.['forget'] !== undefined)
    expect(kept?.facts).toMatchObject({ forget: 'https://games.example: deleted' })
  })

  it('tells it to people in 80 columns without control characters, and runs again', async () => {
    const run = await netcert(['demo', '--once', '--dir', folder.at('demo')])
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(run.stdout).toMatch(/ 1 The issuer sets itself up +\d+ ms\n/)
    expect(run.stdout).toMatch(/All of it held\./)
    expect(run.stdout).not.toContain('\u001b')
    const [, ...lines] = run.stdout.split('\n').filter((line) => !line.includes(folder.path))
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
  })

  it('leaves a folder that is not its own alone', async () => {
    writeFileSync(folder.at('thesis.txt'), 'years of work')
    const run = await netcert(['demo', '--once', '--dir', folder.path, '--json'])
    expect(run.code).toBe(2)
    expect(errorOf(run).code).toBe('folder_not_ours')
    expect(readFileSync(folder.at('thesis.txt'), 'utf8')).toBe('years of work')
  })
})

describe('demo', () => {
  it('stays up with its addresses until it is interrupted, and closes cleanly', async () => {
    const dir = folder.at('up')
    const child = startNetcert(['demo', '--dir', dir, '--json'])
    let stdout = ''
    const up = new Promise<Line>((found) => {
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        stdout += text
        const line = stdout.endsWith('\n') ? linesOf(stdout).at(-1) : undefined
        if (line?.platform !== undefined) found(line)
      })
    })
    const { platform, published } = await up
    const list = await fetch(`${published}/trust-list.jwt`)
    expect(await list.text()).toMatch(/^eyJ/)
    const asked = await fetch(`${platform}/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: 'age-over-18' }),
    })
    const { id, nonce, audience } = (await asked.json()) as Record<string, string>
    const answer = await netcert([
      ...['wallet', 'present', '--dir', `${dir}/wallets/citizen-1`, '--json'],
      ...['--query', 'age-over-18', '--audience', audience ?? '', '--nonce', nonce ?? ''],
    ])
    const { presentation } = jsonOf<{ presentation: string }>(answer)
    const verdict = await fetch(`${platform}/sessions/${id}/presentation`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ presentation }),
    })
    expect(verdict.status).toBe(200)
    const second = await netcert(['demo', '--once', '--dir', dir, '--json'])
    expect(errorOf(second).code).toBe('folder_not_ours')
    // Ctrl-C reaches every process of the terminal: the shop may be gone before it is told to end.
    const shop = execFileSync('pgrep', ['-P', String(child.pid)], { encoding: 'utf8' })
    process.kill(Number(shop), 'SIGKILL')
    await expect.poll(() => isRunning(Number(shop))).toBe(false)
    child.kill('SIGINT')
    const [code] = (await happened(child, 'close')) as [number]
    expect(code).toBe(0)
    await expect(fetch(`${platform}/health`)).rejects.toThrow(/fetch failed/)
  })

  it('says that a port is in use before it does anything', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await happened(server, 'listening')
    const { port } = server.address() as { port: number }
    const dir = folder.at('port')
    const run = await netcert(['demo', '--dir', dir, '--port', String(port), '--json'])
    expect(run.code).toBe(3)
    expect(errorOf(run).code).toBe('address_in_use')
    expect(existsSync(`${dir}/issuer`)).toBe(false)
    server.close()
  })
})
