import { once } from 'node:events'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { errorOf, jsonOf, netcert, type Run, temporaryFolder } from '../e2e/netcert-process.js'
import { type Ground, makeGround, mint } from '../e2e/triangle.js'
import { at, DAY, NOW, root } from '../trust-ground.js'
import { writeFileSync } from 'node:fs'
import {
  type Ailment,
  canBeAlone,
  type Machine,
  offline,
  startMachine,
  startOffline,
  triedIn,
} from './machine.js'
import { listsOf } from './offline-walk.js'
import { makePack } from './pack-ground.js'

const LOOPBACK = '--allow-http-loopback'
const folder = temporaryFolder()
const ending: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end()
})
afterAll(() => folder.remove())

type Served = {
  readonly log: () => string
  readonly kill: (signal: NodeJS.Signals) => Promise<void>
}

/** A served verifier on such a machine, once it is ready. */
async function serve(dir: string, ailment: Ailment, ...more: string[]): Promise<Served> {
  const words = ['serve', 'verifier', '--dir', dir, '--host', '0.0.0.0', LOOPBACK, '--json']
  const child = startOffline([...words, ...more], ailment)
  let log = ''
  let ready = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (log += text))
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (ready += text))
  const closed = once(child, 'close')
  const kill = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    await closed
  }
  ending.push(() => kill('SIGKILL'))
  await expect.poll(() => ready || log.includes('error'), { timeout: 30_000 }).toBeTruthy()
  expect(ready, `${ready} ${log}`).toContain('"ready":true')
  return { log: () => log, kill }
}

async function machineWithLoopback(): Promise<Machine> {
  const machine = await startMachine()
  ending.push(machine.stop)
  machine.startLoopback()
  return machine
}

/** What a program prints that runs on the machine. */
async function printed(machine: Machine, program: string): Promise<string> {
  const { spawnSync } = await import('node:child_process')
  const way = ['--target', String(machine.pid), '--user', '--net', '--preserve-credentials']
  const run = spawnSync('nsenter', [...way, process.execPath, '--input-type=module', '-e', program])
  return run.stdout.toString()
}
const healthOf = async (machine: Machine, port: number) => {
  const ask = `const a = await fetch('http://127.0.0.1:${port}/health'); console.log(await a.text())`
  const text = await printed(machine, ask)
  return (text === '' ? {} : JSON.parse(text)) as { pack?: { seq: number; warnings: string[] } }
}

describe.skipIf(!canBeAlone)('a served verifier without any network', () => {
  it('starts from one pack, verifies, refuses, and does so again after it was killed', async () => {
    const ground: Ground = await makeGround()
    ending.push(() => ground.folder.remove())
    const [wallet, dir, pack] = ['wallet', 'verifier', 'one.ncpack'].map(ground.folder.at)
    await mint(ground, wallet ?? '')
    jsonOf(await netcert(['pack', 'build', '--dir', ground.issuer, '--out', pack ?? '', '--json']))
    const machine = await machineWithLoopback()
    const on = async (...args: string[]): Promise<Run> => offline([...args, '--json'], { machine })
    const init = ['verifier', 'init', '--dir', dir ?? '', '--packs']
    jsonOf(await on(...init, '--trust', `${ground.issuer}/root.did`))
    expect(jsonOf(await on('pack', 'import', pack ?? '', '--dir', dir ?? ''))).toMatchObject({
      new: true,
    })
    const ask = async (): Promise<Run> => {
      const create = ['request', 'create', '--dir', dir ?? '', '--query', 'age-over-18', LOOPBACK]
      const asked = jsonOf<{ request_uri: string; session: string }>(await on(...create))
      await on('wallet', 'present', asked.request_uri, '--dir', wallet ?? '', '--yes', LOOPBACK)
      return on('request', 'result', asked.session, '--dir', dir ?? '', LOOPBACK)
    }
    const record = folder.at('served')
    const first = await serve(dir ?? '', { machine, record })
    expect(first.log()).toMatch(/"pack":\{"seq":1,"kind":"full","as_of":"[^"]+","age_seconds":\d+/)
    expect(jsonOf(await ask())).toMatchObject({
      facts: { age_equal_or_over: { '18': true } },
      freshness: { verdict: 'valid', reason: 'no_status' },
    })
    await first.kill('SIGKILL')
    // The same folder, at a stricter door.
    await serve(dir ?? '', { machine, record }, '--policy', 'strict')
    expect(await healthOf(machine, 8641)).toMatchObject({ pack: { seq: 1, warnings: [] } })
    expect(errorOf(await ask())).toMatchObject({
      code: 'status_required',
      freshness: { verdict: 'unknown', reason: 'status_required' },
    })
    expect(triedIn(record)).toEqual([])
  }, 120_000)

  it('synchronises by itself when a network appears after weeks, without a restart', async () => {
    const dir = folder.at('drawer')
    const [old, fresh] = [folder.at('old.ncpack'), folder.at('latest.ncpack')]
    const weeks = {
      issuedAt: at(-21 * DAY),
      trustList: { issuedAt: at(-22 * DAY), expiresAt: at(8 * DAY) },
    }
    writeFileSync(
      old,
      await makePack({ ...weeks, seq: 1, entries: await listsOf([5], weeks.issuedAt) }),
    )
    writeFileSync(
      fresh,
      await makePack({ seq: 2, entries: await listsOf([5], at(-60)), issuedAt: at(-60) }),
    )
    const init = ['verifier', 'init', '--dir', dir, '--base-url', 'http://127.0.0.1:8643']
    const from = ['--packs-url', 'http://127.0.0.1:8650/packs/latest.ncpack']
    writeFileSync(folder.at('root.did'), root.signer.did)
    jsonOf(await offline([...init, ...from, '--trust', folder.at('root.did'), '--json']))
    jsonOf(await offline(['pack', 'import', old, '--dir', dir, '--json'], { clock: NOW }))
    const machine = await startMachine()
    ending.push(machine.stop)
    const server = await serve(dir, { machine, clock: NOW })
    expect(server.log()).toContain('"refresh":"fetch_failed"')
    expect(server.log()).toMatch(/"seq":1,.*"warnings":\["lists_expired"\]/)
    machine.startLoopback()
    const before = await healthOf(machine, 8643)
    expect(before).toMatchObject({ pack: { seq: 1, warnings: ['lists_expired'] } })
    // Now somebody serves packs there.
    const { spawn } = await import('node:child_process')
    const way = ['--target', String(machine.pid), '--user', '--net', '--preserve-credentials']
    const program = `import { createServer } from 'node:http'; import { readFileSync } from 'node:fs'
      createServer((_, answer) => answer.writeHead(200, { etag: '"2"' }).end(readFileSync(${JSON.stringify(fresh)}))).listen(8650)`
    const publisher = spawn('nsenter', [
      ...way,
      process.execPath,
      '--input-type=module',
      '-e',
      program,
    ])
    ending.push(() => publisher.kill('SIGKILL'))
    await expect
      .poll(async () => (await healthOf(machine, 8643)).pack, { timeout: 60_000, interval: 1_000 })
      .toMatchObject({ seq: 2, warnings: [] })
    expect(
      jsonOf(await offline(['verifier', 'status', '--dir', dir, '--json'], { clock: NOW })),
    ).toMatchObject({
      pack: { seq: 2 },
      failures: [],
    })
  }, 120_000)

  it('takes a pack from a stick while it runs', async () => {
    const dir = folder.at('stick-verifier')
    writeFileSync(folder.at('root.did'), root.signer.did)
    const init = [
      'verifier',
      'init',
      '--dir',
      dir,
      '--packs',
      '--base-url',
      'http://127.0.0.1:8645',
    ]
    jsonOf(await offline([...init, '--trust', folder.at('root.did'), '--json']))
    const packs = await Promise.all(
      [1, 2].map(async (seq) => {
        const file = folder.at(`stick-${seq}.ncpack`)
        const issuedAt = at(-3_600 * (3 - seq))
        writeFileSync(
          file,
          await makePack({ seq, issuedAt, entries: await listsOf([5], issuedAt) }),
        )
        return file
      }),
    )
    const bring = (file = '') =>
      offline(['pack', 'import', file, '--dir', dir, '--json'], { clock: NOW })
    jsonOf(await bring(packs[0]))
    const machine = await machineWithLoopback()
    await serve(dir, { machine, clock: NOW })
    jsonOf(await bring(packs[1]))
    await expect
      .poll(async () => (await healthOf(machine, 8645)).pack?.seq, {
        timeout: 40_000,
        interval: 1_000,
      })
      .toBe(2)
    expect(errorOf(await bring(packs[0]))).toMatchObject({ code: 'pack_older' })
  }, 120_000)
})
