import { cpus } from 'node:os'
import { IssuerError } from '@netcert/issuer'
import type { LaneSettings } from '@netcert/verifier/gate'
import { answerWith, type LoosePass, loosePasses } from '../gate-attacker.js'
import type { GateGround } from '../gate-ground.js'
import { openLane } from '../gate-lanes.js'
import { quantile } from './src/stadium/queues.js'

/** Wall and CPU times of the same work, in milliseconds. */
export type Times = { readonly wall: number[]; readonly cpu: number[] }

/** One line on standard output. */
export const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** Begins a table of `sayTimes`. */
export function sayHeads(): void {
  say(`${cpus().length} × ${cpus()[0]?.model ?? '?'}, Node ${process.versions.node}\n`)
  say('| milliseconds | p50 | p95 | max | CPU, mean | of |\n|---|---|---|---|---|---|')
}

/** On a busy machine the clock also counts others' work; what the processor says is ours. */
export function sayTimes(name: string, { wall, cpu }: Times): void {
  const cells = [0.5, 0.95, 1].map((part) => quantile(wall, part).toFixed(2))
  const mean = cpu.reduce((sum, it) => sum + it, 0) / cpu.length
  say(
    `| ${name} | ${cells.join(' | ')} | ${cpu.length === 0 ? '–' : mean.toFixed(2)} | ${wall.length} |`,
  )
}

/** Runs the work and notes how long it took. */
export async function timed(times: Times, work: () => Promise<unknown>): Promise<void> {
  const [begin, used] = [performance.now(), process.cpuUsage()]
  await work()
  const { user, system } = process.cpuUsage(used)
  times.wall.push(performance.now() - begin)
  times.cpu.push((user + system) / 1000)
}

/** Passes of grown-ups: what is timed is the way in, with its entry. */
export async function adultPasses(ground: GateGround, lane: LaneSettings, persons: number) {
  const all: LoosePass[] = []
  const { gate, challenge } = await openLane(ground, lane)
  for (let person = 0; person < persons; person += 1) {
    const [tried, ...others] = await loosePasses(ground, 8).catch(noneForChildren)
    if (tried === undefined) continue
    const { colour } = await gate.judge(await answerWith(tried, await challenge()))
    if (colour === 'green') all.push(...others)
  }
  return all
}

function noneForChildren(error: unknown): readonly LoosePass[] {
  if (error instanceof IssuerError && error.code === 'age_not_allowed') return []
  throw error
}
