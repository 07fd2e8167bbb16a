import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { acknowledged } from './issuer-run.js'
import { noKill } from './killable-process.js'
import type { Outcome, Place } from './trial.js'
import { mint, restart, type World } from './world.js'

const program = fileURLToPath(new URL('./hold-lock.js', import.meta.url))

/**
 * Another process holds the write lock: a short lock is waited out, a long one is answered with a
 * code, and afterwards everything goes on.
 */
export async function lockedDatabase(world: World, { number }: Place): Promise<Outcome> {
  const isShort = number % 4 !== 3
  const holder = spawn(process.execPath, [program, join(world.dir, 'issuer.sqlite')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(holder, 'exit')
  await once(holder.stdout, 'data')
  const release = () => holder.stdin.end()
  const timer = isShort ? setTimeout(release, 1500) : undefined
  const { run, batches } = await mint(world, 20, { kill: noKill })
  clearTimeout(timer)
  release()
  await ended
  const failure = run.lines.find((line) => line.kind === 'failed')
  const wrong: string[] = []
  if (isShort && batches.length < 20) wrong.push(`a short lock cost ${20 - batches.length} of 20`)
  if (!isShort && failure?.code !== 'database_locked') wrong.push(`long lock: ${failure?.code}`)
  const found = await restart(world, batches)
  const lost = [...found.lost, ...wrong]
  return { trial: 'locked database', ...found, lost, acknowledged: acknowledged(run) }
}
