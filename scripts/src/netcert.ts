import { CommanderError } from 'commander'
import { type ExitCode, exitCodes, wrongUse } from './failure.js'
import { createProgram } from './program.js'
import { showFailure } from './show-failure.js'

/**
 * Runs the command line and gives the exit code: 0 done, 1 refused, 2 wrong use, 3 fault,
 * 130 interrupted. Nothing it leads to calls `process.exit`, so that pipes are written to the end.
 */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  // Files and folders that come out of a command are the operator's alone.
  process.umask(0o077)
  endQuietlyWhenPipeCloses()
  process.exitCode = exitCodes.done
  try {
    await createProgram().parseAsync(argv, { from: 'user' })
    return process.exitCode as ExitCode
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done
    return showFailure(usageFailure(error, argv), argv.includes('--json'))
  }
}

/** What commander says about the command line, in our form. */
function usageFailure(error: unknown, argv: readonly string[]): unknown {
  if (!(error instanceof CommanderError)) return error
  const help = 'Add --help to any command to see how it is used.'
  if (error.code === 'commander.help') return wrongUse('This needs one more word: a command.', help)
  const [first = '', suggestion] = error.message.replace(/^error: /, '').split('\n')
  const what = `${withoutValue(first, argv).replace(/\.$/, '')}.`
  const cure = suggestion?.replace(/^\((.*)\)$/, '$1') ?? help
  return wrongUse(what.charAt(0).toUpperCase() + what.slice(1), cure)
}

/** An unknown option is named without its value: it may be somebody's name. */
function withoutValue(message: string, argv: readonly string[]): string {
  return argv
    .filter((word) => word.startsWith('--') && word.includes('='))
    .reduce((text, word) => text.replace(word, word.slice(0, word.indexOf('='))), message)
}

/** `netcert … | head` closes our output: that is no fault. */
function endQuietlyWhenPipeCloses(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(exitCodes.done)
      throw error
    })
  }
}
