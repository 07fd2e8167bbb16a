import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  buildChildProgram,
  type RunningChild,
  runChildProgram,
} from '../../../test/child-program.js'
import { testNow } from '../../../test/trust-domain.js'
import { walletGround } from '../../../test/wallet-ground.js'

const COPIES = 60
/** More than all that are killed show while a busy machine gets round to it. */
const MANY = 200
const KILLS = 6

describe('processes on one wallet', () => {
  const ground = walletGround()
  const running: RunningChild[] = []
  let program: string

  beforeAll(async () => {
    program = await buildChildProgram('test/faults/wallet-presenter.ts')
  })
  afterEach(async () => {
    for (const one of running.splice(0)) {
      one.child.kill('SIGKILL')
      await one.ended
    }
  })

  function start(callers: number): RunningChild {
    const args = [join(ground.folder, 'wallet'), testNow.toISOString(), String(callers)]
    const child = runChildProgram(program, args)
    running.push(child)
    return child
  }

  it('show each copy once, and all of them', async () => {
    await ground.receiveOneTime(await ground.open(), COPIES)
    const children = [start(1), start(4)]
    expect(await Promise.all(children.map(({ ended }) => ended))).toEqual([0, 0])
    const shown = children.flatMap(({ lines }) => lines)
    expect(shown).toHaveLength(COPIES)
    expect(new Set(shown).size).toBe(COPIES)
  })

  it('show no copy twice when they are killed while presenting, and leave a whole wallet', async () => {
    await ground.receiveOneTime(await ground.open(), MANY)
    await ground.closeAll()
    const shown: string[] = []
    for (let kill = 0; kill < KILLS; kill += 1) {
      const child = start(1 + kill)
      // Half of the kills come the moment the first presentation leaves.
      await until(() => child.lines.length > (kill % 2 === 0 ? 0 : 3))
      child.child.kill('SIGKILL')
      await child.ended
      shown.push(...child.lines)
    }
    const last = start(2)
    expect(await last.ended).toBe(0)
    shown.push(...last.lines)
    expect(new Set(shown).size).toBe(shown.length)
    // A kill between mark and send costs the copies under way, at most one for each caller.
    expect(shown.length).toBeGreaterThan(MANY - KILLS * (KILLS + 1))
    expect(await (await ground.open({ create: false })).remaining()).toMatchObject([{ copies: 0 }])
  })
})

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 20_000
  while (!condition()) {
    if (Date.now() > end) throw new Error('waited 20 s for a child process')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
