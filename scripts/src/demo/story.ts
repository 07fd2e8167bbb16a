import { CommandFailure, exitCodes } from '../failure.js'
import { displayWidth } from '../printable.js'
import { padded, type Piece, type Screen, styled, wrapped } from '../screen.js'
import { describeFailure } from '../describe-failure.js'

/** What a step has to tell. */
export type Teller = {
  /** A sentence under the title. */
  say(text: string): void
  /** A fact with its name; in JSON without what is said after its first piece. */
  fact(name: string, ...value: readonly Piece[]): void
  /** Something that was tried and refused, with its code. */
  refused(what: string, code: string): void
}

/** The demo as it is told: numbered steps, each with its time. */
export type Story = {
  step<T>(title: string, work: (tell: Teller) => Promise<T>): Promise<T>
  /** Steps told so far, with their times in milliseconds. */
  readonly steps: readonly { readonly title: string; readonly milliseconds: number }[]
}

const width = 78

/**
 * Tells steps on a screen; in JSON mode each step is one line of JSON.
 *
 * @param beforeStep - Called before each; what it throws ends the story.
 */
export function createStory(screen: Screen, beforeStep: () => void): Story {
  const steps: { title: string; milliseconds: number }[] = []
  return {
    steps,
    async step(title, work) {
      beforeStep()
      const { teller, show, record } = collectLines()
      const started = performance.now()
      const value = await work(teller)
      const milliseconds = Math.round(performance.now() - started)
      steps.push({ title, milliseconds })
      screen.line()
      screen.line(...heading(steps.length, title, milliseconds))
      for (const line of show) screen.line('   ', ...line)
      screen.result({ step: steps.length, title, milliseconds, ...record })
      return value
    },
  }
}

function collectLines() {
  const show: (readonly Piece[])[] = []
  const facts: Record<string, string> = {}
  const refusals: { what: string; code: string }[] = []
  const teller: Teller = {
    say: (text) => void show.push(...wrapped(text, width - 3).map((line) => [line])),
    fact(name, ...value) {
      const [first = ''] = value
      facts[name] = plain(first)
      show.push([padded(styled('dim', name), 12), ' ', ...value])
    },
    refused(what, code) {
      refusals.push({ what, code })
      show.push([styled('red', '✗'), ' ', padded(what, 46), ' ', styled('bold', code)])
    },
  }
  return { teller, show, record: { facts, refusals } }
}

function heading(number: number, title: string, milliseconds: number): readonly Piece[] {
  const time = duration(milliseconds)
  const name = `${String(number).padStart(2)} ${title}`
  const room = Math.max(1, width - displayWidth(name) - time.length)
  return [styled('bold', name), ' '.repeat(room), styled('dim', time)]
}

function plain(piece: Piece): string {
  return typeof piece === 'object' ? piece.plain : String(piece)
}

/** A duration for people: milliseconds below a second, else seconds with one digit. */
export function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds} ms` : `${(milliseconds / 1000).toFixed(1)} s`
}

/**
 * Runs what must be refused and gives the code it was refused with.
 *
 * @throws CommandFailure `demo_unexpected` when it is accepted, or refused for another reason.
 */
export async function refusalOf(expected: string, work: () => Promise<unknown>): Promise<string> {
  try {
    await work()
  } catch (error) {
    const { code } = describeFailure(error)
    if (code === expected) return code
    throw unexpected(`It was refused with ${code} where ${expected} was expected.`, error)
  }
  throw unexpected(`It was accepted where ${expected} was expected.`, undefined)
}

function unexpected(what: string, cause: unknown): CommandFailure {
  const cure = 'This is a defect of netcert: please report it.'
  return new CommandFailure('demo_unexpected', what, { exit: exitCodes.fault, cure, cause })
}
