import { type Command, CommanderError } from 'commander'
import { closest } from './choices.js'
import { wrongUse } from './failure.js'

const HELP = 'Add --help to any command to see how it is used.'

/** What commander says about a command line, in our form; anything else stays what it is. */
export function usageFailure(error: unknown, program: Command, argv: readonly string[]): unknown {
  if (!(error instanceof CommanderError)) return error
  if (error.code === 'commander.help') return wrongUse('One more word is needed: a command.', HELP)
  return unknownOption(program, argv) ?? fromMessage(error.message, argv)
}

/**
 * An option nobody knows is told before anything else: it is why a required one seems missing.
 * It is named without its value, which may be somebody's name.
 */
function unknownOption(program: Command, argv: readonly string[]): unknown {
  let command = program
  const known = optionNames(program)
  for (const word of argv) {
    if (word === '--') return undefined
    const next = command.commands.find((candidate) => candidate.name() === word)
    if (next !== undefined) {
      command = next
      known.push(...optionNames(next))
      continue
    }
    const name = /^--[^=]*/.exec(word)?.[0]
    if (name === undefined || known.includes(name) || name === '--help') continue
    const near = closest(name, known)
    return wrongUse(`Unknown option ${name}.`, near === undefined ? HELP : `Did you mean ${near}?`)
  }
  return undefined
}

function optionNames(command: Command): string[] {
  return command.options.flatMap(({ long }) => (long === undefined || long === null ? [] : [long]))
}

/** `error: …`, at times with `(Did you mean …?)` on a line of its own, or a parser's own sentence. */
function fromMessage(message: string, argv: readonly string[]): unknown {
  const [first = '', suggestion] = message.replace(/^error: /, '').split('\n')
  const invalid = /^(.*) argument '.*' is invalid\. (.*)$/s.exec(first)
  if (invalid !== null) {
    const [, option = '', cure = HELP] = invalid
    return wrongUse(`${capital(option)} does not take that.`, cure)
  }
  const what = `${capital(withoutValues(first, argv)).replace(/\.$/, '')}.`
  return wrongUse(what, suggestion?.replace(/^\((.*)\)$/, '$1') ?? HELP)
}

function withoutValues(message: string, argv: readonly string[]): string {
  return argv
    .filter((word) => word.startsWith('--') && word.includes('='))
    .reduce((text, word) => text.replace(word, word.slice(0, word.indexOf('='))), message)
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
