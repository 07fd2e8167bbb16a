import { InvalidArgumentError } from 'commander'
import { CommandFailure, exitCodes } from './failure.js'

/**
 * A parser of options that take references of citizens, collecting those given one after another.
 * Refuses what looks like a document number or a name: a command line is seen by every user of the
 * machine and stays in the shell's history.
 */
export function collectReferences(given: string, before: readonly string[] = []): string[] {
  return [...before, citizenReference(given)]
}

/** A parser of an option that takes one reference. */
export function citizenReference(given: string): string {
  if (/^[0-9]{15,17}[0-9Xx]?$/.test(given) || /[^\u0021-\u007e]/.test(given)) {
    throw new CommandFailure(
      'personal_data_on_command_line',
      'That looks like a document number or a name, not like a reference.',
      {
        exit: exitCodes.wrongUse,
        cure: 'Use the reference that `netcert citizens list` shows. Others can read command lines.',
      },
    )
  }
  if (/^[A-Za-z0-9_-]{4,64}$/.test(given)) return given
  throw new InvalidArgumentError('A reference is letters and digits, as `citizens list` shows it.')
}
