import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../free-port.js'
import { leavesCoreDumps } from '../../scripts/src/closed-process.js'
import { errorOf, netcert, temporaryFolder } from './netcert-process.js'
import { startWire, type Wire } from './wire-ground.js'

const isLinux = process.platform === 'linux'
/** State LISTEN of the kernel's tables. */
const LISTENING = '0A'

/** A process and all it has started. */
function family(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  const pids = children === '' ? [] : children.split(' ').map(Number)
  return [pid, ...pids.flatMap(family)]
}

/** Ports at which any of these processes takes connections or datagrams. */
function portsOf(pids: readonly number[]): number[] {
  const held = new Set(
    pids.flatMap((pid) =>
      readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkOf(`/proc/${pid}/fd/${fd}`)),
    ),
  )
  const rows = ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state]) => table.startsWith('udp') || state === LISTENING),
  )
  const ours = rows.filter((row) => held.has(`socket:[${row[9]}]`))
  return ours.map((row) => Number.parseInt((row[1] ?? '').split(':')[1] ?? '', 16))
}

function readlinkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    // Closed since the folder was read.
    return ''
  }
}

describe.skipIf(!isLinux)('a served issuer and verifier', () => {
  let wire: Wire
  let configured: number[]
  let metricsPort = 0
  const ports = () => portsOf(family(wire.server.pid ?? 0)).toSorted((a, b) => a - b)
  beforeAll(async () => {
    metricsPort = await freePort()
    wire = await startWire({ serveArgs: ['--metrics-port', String(metricsPort)] })
    configured = [wire.url, wire.verifierUrl].map((url) => Number(new URL(url).port))
    configured.push(metricsPort)
    configured.sort((a, b) => a - b)
  }, 120_000)
  afterAll(() => wire.close())

  it('listen at the ports they were given, and nowhere else', () => {
    expect(ports()).toEqual(configured)
  })

  it('show a monitor how lists and keys stand, at its own port alone', async () => {
    const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
    expect(metrics).toMatch(/^netcert_list_left_seconds\{kind="status",list="1"\} \d+$/m)
    expect(metrics).toMatch(/^netcert_publications_total\{result="done"\} [1-9]/m)
    expect((await fetch(`${wire.url}/metrics`)).status).toBe(404)
  })

  it('open no debugger on the signal that opens one in Node', async () => {
    for (const pid of family(wire.server.pid ?? 0)) process.kill(pid, 'SIGUSR1')
    // The signal has arrived when a request that came after it is answered.
    expect((await fetch(`${wire.url}/.well-known/openid-credential-issuer`)).status).toBe(200)
    expect(ports()).toEqual(configured)
    expect(wire.server.log()).not.toContain('Debugger')
  })

  it.each([
    ['serve', 'issuer', '--allow-http-loopback'],
    ['signer', '--socket', 'no-socket'],
  ])('do not start with one open: netcert %s', async (...words) => {
    const run = await netcert([...words, '--dir', wire.issuer, '--json'], {
      env: { NODE_OPTIONS: '--inspect=127.0.0.1:0' },
    })
    expect(run.code).toBe(3)
    const line = run.stderr.split('\n').find((text) => text.startsWith('{')) ?? ''
    expect(errorOf({ ...run, stderr: line }).code).toBe('debugger_refused')
  })
})

describe('a crash', () => {
  it('leaves its memory behind where the limit allows it, and the doctor can tell', async () => {
    const folder = temporaryFolder()
    const limits = (soft: string) => `Max core file size        ${soft}    unlimited    bytes\n`
    const told = ['0', 'unlimited', '4096'].map(async (soft) => {
      writeFileSync(folder.at(soft), limits(soft))
      return leavesCoreDumps(folder.at(soft))
    })
    expect(await Promise.all(told)).toEqual([false, true, true])
    expect(await leavesCoreDumps(folder.at('absent'))).toBeNull()
    folder.remove()
  })
})
