import { join } from 'node:path'
import { jsonOf, netcert, type Run } from './e2e/netcert-process.js'
import type { GateGround } from './gate-ground.js'
import { createEvent, laneSettings, openLane, type LaneWish, type TestLane } from './gate-lanes.js'

/** A wallet with eight gate passes on disk, which the command works on. */
export type CommandPhone = {
  readonly dir: string
  /** With the wallet and the lists at hand. */
  run(...words: readonly string[]): Promise<Run>
  /** Passes that are left. */
  left(): Promise<number>
  at(name: string): string
}

export async function commandPhone(ground: GateGround): Promise<CommandPhone> {
  const { dir, close } = await ground.visitor()
  await close()
  return {
    dir,
    run: (...words) => netcert([...words, '--dir', dir, '--lists', ground.published]),
    async left() {
      const listed = await netcert(['wallet', 'list', '--json', '--dir', dir])
      const { certificates } = jsonOf<{ certificates: { remaining: number }[] }>(listed)
      return certificates.reduce((sum, { remaining }) => sum + remaining, 0)
    },
    at: (name) => join(dir, name),
  }
}

/** A lane of an event of its own at the ground's venue. */
export function eventLane(
  ground: GateGround,
  changes: LaneWish['changes'] = {},
  options: Parameters<typeof openLane>[2] = {},
): Promise<TestLane> {
  const settings = laneSettings(ground, createEvent(ground.venue), { changes })
  return openLane(ground, settings, options)
}
