import { createInterface } from 'node:readline/promises'
import type { LaneSettings } from '@netcert/verifier/gate'
import { wrongUse } from './failure.js'
import { readInputText } from './read-input.js'

const MOST_LANE_BYTES = 128 * 1024

/** The options that name a lane. */
export type LaneFileOptions = { readonly lane: string; readonly codeFile?: string }

/**
 * Opens a lane file with its set-up code: from a file, or typed on a terminal. It never comes as an
 * argument, where other programs of the machine would see it.
 *
 * @throws VerifierError `lane_malformed`, `lane_code_wrong`, `lane_invalid`; CommandFailure
 */
export async function openLaneFile({ lane, codeFile }: LaneFileOptions): Promise<LaneSettings> {
  const { openLane } = await import('@netcert/verifier/gate')
  const file = await readInputText({
    path: lane,
    what: 'The lane file',
    limitBytes: MOST_LANE_BYTES,
  })
  return openLane(file, await readCode(codeFile))
}

async function readCode(codeFile: string | undefined): Promise<string> {
  if (codeFile !== undefined) {
    return readInputText({ path: codeFile, what: 'The set-up code', limitBytes: 1024 })
  }
  if (!process.stdin.isTTY) {
    throw wrongUse(
      'The set-up code is missing.',
      'Name a file that holds it with --code-file, or run this on a terminal and type it.',
    )
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await terminal.question('Set-up code of this lane: ')
  } finally {
    terminal.close()
  }
}
