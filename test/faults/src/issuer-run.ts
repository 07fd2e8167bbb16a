import { fileURLToPath } from 'node:url'
import {
  type ProcessRun,
  type ProcessRunOptions,
  runProcess,
  wholeLines,
} from './killable-process.js'
import type { Line } from './lines.js'

const program = fileURLToPath(new URL('./issuer-process.js', import.meta.url))

export type IssuerRun = ProcessRun & { readonly lines: readonly Line[] }

export type IssuerRunOptions = Pick<ProcessRunOptions, 'kill' | 'under'> & {
  readonly words: readonly string[]
}

/** Runs an issuer process to its end, or to the end it is given. */
export async function runIssuer({ words, kill, under }: IssuerRunOptions): Promise<IssuerRun> {
  const command = [process.execPath, program, ...words]
  const acknowledgement = /"kind":"(minted|revoked)"/
  const run = await runProcess({ command, acknowledgement, kill, under })
  return { ...run, lines: wholeLines(run.output).map((line) => JSON.parse(line) as Line) }
}

/** How much a process acknowledged before it ended. */
export function acknowledged({ lines }: IssuerRun): number {
  return lines.filter(({ kind }) => kind === 'minted' || kind === 'revoked').length
}
