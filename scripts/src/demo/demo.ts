import { join } from 'node:path'
import type { Interruption } from '../interrupt.js'
import type { Invocation } from '../invocation.js'
import { styled } from '../screen.js'
import { goOnTheWire, type Wire } from './accrediting.js'
import { prepareFolder, leaveFolder } from './folder.js'
import {
  importCitizens,
  mintForThree,
  type Person,
  type Place,
  publish,
  setUpIssuer,
} from './issuing.js'
import { lookBack, tellVisits } from './keeping.js'
import { tellLearned } from './learned.js'
import type { SyntheticCitizen } from './pages/synthetic-citizens.js'
import { askTooMuch } from './over-asking.js'
import { presentAndVerify, tryToCheat } from './presenting.js'
import { revokeAndRefuse } from './revoking.js'
import { openPublished, stayUp } from './servers.js'
import { createStory, duration, type Story } from './story.js'
import { visitBoth } from './visiting.js'

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
  const published = await openPublished(join(dir, 'public'), options.port)
  const place = { dir, clock, baseUrl: published.url }
  let { close } = published
  try {
    screen.line(styled('bold', 'netcert'), ' · the whole job in one folder: ', dir)
    const story = createStory(screen, () => interruption.check())
    const { person, named } = await tellOffline(story, place, invocation)
    // The issuer itself serves the published files from here on, at the same address.
    await close()
    close = async () => {}
    const wire = await goOnTheWire(story, place)
    close = wire.close
    await tellOnTheWire(story, place, { wire, person, invocation })
    const total = Math.round(performance.now() - started)
    screen.line()
    screen.line(
      styled('green', 'All of it held.'),
      ` ${story.steps.length} steps, ${duration(total)}.`,
    )
    screen.result({ done: true, milliseconds: total, dir })
    if (!options.once) await stayUp(published.url, invocation, { place, named, interruption })
  } finally {
    await close()
    await leaveFolder(dir)
  }
}

/** One certificate without any network: from the issuer's keys to what each party learned. */
async function tellOffline(
  story: Story,
  place: Place,
  invocation: Invocation,
): Promise<{ readonly person: Person; readonly named: readonly SyntheticCitizen[] }> {
  await setUpIssuer(story, place)
  const named = await importCitizens(story, place)
  const references = named.slice(0, 3).map(({ reference }) => reference)
  const people = await mintForThree(story, place, references)
  await publish(story, place)
  const shown = await presentAndVerify(story, place, people)
  await tryToCheat(story, place, people, shown)
  await revokeAndRefuse(story, place, people)
  const [person] = people
  await tellLearned(story, { invocation, place, person, shown })
  return { person, named }
}

/** Two accredited platforms and one of these citizens. */
async function tellOnTheWire(
  story: Story,
  place: Place,
  options: { readonly wire: Wire; readonly person: Person; readonly invocation: Invocation },
): Promise<void> {
  await visitBoth(story, place, options)
  await askTooMuch(story, place, options)
  await lookBack(story, place, options)
  await tellVisits(story, options.invocation)
}
