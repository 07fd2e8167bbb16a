import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Line, linesOf } from './lines.js'

const program = fileURLToPath(new URL('./issuer-process.js', import.meta.url))

/** When the process gets SIGKILL: some time after its start or its first acknowledgement. */
export type Kill =
  | { readonly after: 'start' | 'first-acknowledgement'; readonly milliseconds: number }
  | { readonly after: 'nothing' }

export const noKill: Kill = { after: 'nothing' }

export type IssuerRun = {
  readonly lines: readonly Line[]
  /** From the start of the process to its first acknowledgement; null when there was none. */
  readonly firstAfterSeconds: number | null
  readonly signal: string | null
  readonly errors: string
}

export type IssuerRunOptions = {
  readonly words: readonly string[]
  readonly kill: Kill
  /** A shell line before the program, such as a limit on the size of files. */
  readonly under?: string
}

/** Runs an issuer process to its end, or to the end it is given. */
export async function runIssuer({ words, kill, under }: IssuerRunOptions): Promise<IssuerRun> {
  const began = performance.now()
  const command = [process.execPath, program, ...words]
  const shell = ['bash', '-c', `${under ?? ':'}; exec "$@"`, 'bash', ...command]
  const child = spawn(shell[0] ?? '', shell.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] })
  const reached = (moment: Kill['after']) => {
    if (kill.after === 'nothing' || kill.after !== moment) return
    if (kill.milliseconds === 0) child.kill('SIGKILL')
    else setTimeout(() => child.kill('SIGKILL'), kill.milliseconds)
  }
  reached('start')
  let output = ''
  let errors = ''
  let firstAfterSeconds: number | null = null
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
    if (firstAfterSeconds !== null || !/"kind":"(minted|revoked)".*\n/.test(output)) return
    firstAfterSeconds = (performance.now() - began) / 1000
    reached('first-acknowledgement')
  })
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  // `close` comes after the last byte of the pipe: what was said before the kill is all here.
  const signal = await new Promise<string | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (_code, by) => resolve(by))
  })
  return { lines: linesOf(output), firstAfterSeconds, signal, errors }
}

/** How much a process acknowledged before it ended. */
export function acknowledged({ lines }: IssuerRun): number {
  return lines.filter(({ kind }) => kind === 'minted' || kind === 'revoked').length
}
