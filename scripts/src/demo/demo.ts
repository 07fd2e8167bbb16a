import { join } from 'node:path'
import type { Interruption } from '../interrupt.js'
import type { Invocation } from '../invocation.js'
import { styled } from '../screen.js'
import { prepareFolder, leaveFolder } from './folder.js'
import { importCitizens, mintForThree, publish, setUpIssuer } from './issuing.js'
import { tellLearned } from './learned.js'
import { presentAndVerify, tryToCheat } from './presenting.js'
import { revokeAndRefuse } from './revoking.js'
import { openPublished, PUBLISHED_PORT, stayUp } from './servers.js'
import { createStory, duration } from './story.js'

/** How the demo is run. */
export type DemoOptions = {
  readonly invocation: Invocation
  readonly dir: string
  /** End after the last step; otherwise servers stay up. */
  readonly once: boolean
  readonly port: number | undefined
  readonly interruption: Interruption
}

/**
 * The whole job in one folder, through the same roles the commands use.
 *
 * @throws CommandFailure `demo_unexpected` when anything is accepted that must be refused;
 *   `folder_not_ours`, `address_in_use`, `interrupted`.
 */
export async function runDemo(options: DemoOptions): Promise<void> {
  const { invocation, dir, interruption } = options
  const { screen, clock } = invocation
  await prepareFolder(dir)
  const started = performance.now()
  const published = options.once
    ? undefined
    : await openPublished(join(dir, 'public'), options.port)
  try {
    screen.line(styled('bold', 'netcert'), ' · the whole job in one folder: ', dir)
    const story = createStory(screen, () => interruption.check())
    const place = { dir, clock, baseUrl: published?.url ?? `http://127.0.0.1:${PUBLISHED_PORT}` }
    await setUpIssuer(story, place)
    const references = await importCitizens(story, place)
    const people = await mintForThree(story, place, references)
    await publish(story, place)
    const shown = await presentAndVerify(story, place, people)
    await tryToCheat(story, place, people, shown)
    await revokeAndRefuse(story, place, people)
    await tellLearned(story, { invocation, place, person: people[0], shown })
    const total = Math.round(performance.now() - started)
    screen.line()
    screen.line(
      styled('green', 'All of it held.'),
      ` ${story.steps.length} steps, ${duration(total)}.`,
    )
    screen.result({ done: true, milliseconds: total, dir })
    if (published !== undefined) await stayUp(published, invocation, place, interruption)
  } finally {
    await published?.close()
    await leaveFolder(dir)
  }
}
