import { describeFailure } from './describe-failure.js'
import { CommandFailure, type ExitCode, exitCodes } from './failure.js'

/** A refusal told in the reader's language, under the code of the step that refused. */
export class Verdict extends Error {
  readonly code: string
  readonly cure: string
  readonly exit: ExitCode

  constructor(code: string, sentence: VerdictSentence, cause: unknown) {
    super(sentence.what, { cause })
    this.name = 'Verdict'
    this.code = code
    this.cure = sentence.cure
    this.exit = exitCodes.refused
  }
}

/** What happened, and what the person can do. */
export type VerdictSentence = { readonly what: string; readonly cure: string }

/**
 * Turns a coded refusal into one for people; anything else stays what it is. The role's own message
 * stays with it as the cause, for it is more exact.
 */
export function verdictOf(error: unknown, sentenceFor: (code: string) => VerdictSentence): unknown {
  if (error instanceof CommandFailure) return error
  const { code, exit } = describeFailure(error)
  return exit === exitCodes.refused ? new Verdict(code, sentenceFor(code), error) : error
}
