import { CommanderError } from 'commander'
import { type ExitCode, exitCodes } from './failure.js'
import { type GlobalOptions, languageOf } from './invocation.js'
import { createProgram } from './program.js'
import { showFailure } from './show-failure.js'
import { usageFailure } from './usage-failure.js'

/**
 * Runs the command line and gives the exit code: 0 done, 1 refused, 2 wrong use, 3 fault,
 * 130 interrupted. Nothing it leads to calls `process.exit`, so that pipes are written to the end.
 */
export async function main(argv: readonly string[], version: string): Promise<ExitCode> {
  // Files and folders that come out of a command are the operator's alone.
  process.umask(0o077)
  endQuietlyWhenPipeCloses()
  process.exitCode = exitCodes.done
  const json = argv.includes('--json')
  const program = createProgram({ quiet: json, version })
  try {
    await program.parseAsync(argv, { from: 'user' })
    return process.exitCode as ExitCode
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done
    const language = program.opts<GlobalOptions>().lang ?? languageOf(process.env)
    return showFailure(usageFailure(error, program, argv), json, language)
  }
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
