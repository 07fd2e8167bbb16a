import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Run } from '../e2e/netcert-process.js'

const launcher = fileURLToPath(new URL('../../scripts/netcert.js', import.meta.url))
const built = fileURLToPath(new URL('../../scripts/dist/netcert.js', import.meta.url))
const preload = (name: string) => fileURLToPath(new URL(`preload/${name}.js`, import.meta.url))

/** Whether this system lets everybody have a network namespace of their own. */
export const canBeAlone = spawnSync('unshare', ['-rn', 'true']).status === 0

/** What is wrong with the machine a command runs on. */
export type Ailment = {
  /** Where its clock stands when the command starts. */
  readonly clock?: Date
  /** Every socket and look-up throws, and is written down in this file. */
  readonly record?: string
  /** It dies at its n-th call into this folder. */
  readonly kill?: { readonly at: number; readonly folder: string }
  /** The machine it runs on; without one a new one that has no network at all. */
  readonly machine?: Machine
}

/** A machine of its own network, which nothing leads out of. */
export type Machine = {
  readonly pid: number
  /** Brings its loopback up, on which servers can be reached. */
  readonly startLoopback: () => void
  readonly stop: () => void
}

/** Starts a machine without any network, not even a loopback. */
export async function startMachine(): Promise<Machine> {
  const holder = spawn('unshare', ['-rn', 'sh', '-c', 'echo up; exec sleep 600'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise((resolve) => holder.stdout.once('data', resolve))
  const pid = holder.pid ?? 0
  return {
    pid,
    startLoopback: () => {
      // Where there is no iproute2: SIOCSIFFLAGS with IFF_UP, by hand.
      const byHand = `socket(S,2,2,0); ioctl(S,0x8914,pack("a16s","lo",0x41)) or exit 1`
      const words = ['sh', '-c', `ip link set lo up 2>/dev/null || perl -e '${byHand}'`]
      execFileSync('nsenter', [...entering(pid), ...words])
    },
    stop: () => void holder.kill('SIGKILL'),
  }
}

function entering(pid: number): string[] {
  return ['--target', String(pid), '--user', '--net', '--preserve-credentials']
}

/** Starts the built command on such a machine; the caller ends it. */
export function startOffline(args: readonly string[], ailment: Ailment = {}): ChildProcess {
  if (!existsSync(built)) throw new Error('The command is not built: run `npm run build` first.')
  const { clock, record, kill, machine } = ailment
  const loaded = [
    ...(clock === undefined ? [] : ['--import', preload('shift-clock')]),
    ...(record === undefined ? [] : ['--import', preload('refuse-network')]),
    ...(kill === undefined ? [] : ['--import', preload('kill-at')]),
  ]
  const [door, ...way] =
    machine === undefined ? ['unshare', '-rn'] : ['nsenter', ...entering(machine.pid)]
  return spawn(door ?? '', [...way, process.execPath, ...loaded, launcher, ...args], {
    env: {
      ...{ PATH: process.env['PATH'], HOME: process.env['HOME'], LANG: 'C.UTF-8' },
      ...(clock === undefined ? {} : { OFFLINE_CLOCK: clock.toISOString() }),
      ...(record === undefined ? {} : { OFFLINE_RECORD: record }),
      ...(kill === undefined
        ? {}
        : { OFFLINE_KILL_AT: String(kill.at), OFFLINE_KILL_IN: kill.folder }),
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

/** Runs the built command on such a machine to its end, at most 60 s. */
export async function offline(
  args: readonly string[],
  ailment: Ailment & { readonly input?: string } = {},
): Promise<Run> {
  const started = performance.now()
  const child = startOffline(args, ailment)
  child.stdin?.on('error', () => {})
  child.stdin?.end(ailment.input ?? '')
  const timer = setTimeout(() => child.kill('SIGKILL'), 60_000)
  const texts = { stdout: '', stderr: '' }
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (texts.stdout += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  clearTimeout(timer)
  return { code, ...texts, milliseconds: performance.now() - started }
}

/** Sockets and look-ups that were tried; null when the record was not even begun. */
export function triedIn(record: string): readonly string[] | null {
  if (!existsSync(record)) return null
  return readFileSync(record, 'utf8').split('\n').filter(Boolean)
}
