import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Line, linesOf } from './lines.js'

const program = fileURLToPath(new URL('./issuer-process.js', import.meta.url))

/** When the process is killed with SIGKILL: at the first acknowledgement, or after some time. */
export type Kill =
  | { readonly at: 'first-acknowledgement' }
  | { readonly at: 'milliseconds'; readonly after: number }
  | { readonly at: 'never' }

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
  let output = ''
  let errors = ''
  let firstAfterSeconds: number | null = null
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
    if (firstAfterSeconds !== null || !/"kind":"(minted|revoked)".*\n/.test(output)) return
    firstAfterSeconds = (performance.now() - began) / 1000
    if (kill.at === 'first-acknowledgement') child.kill('SIGKILL')
  })
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  const timer =
    kill.at === 'milliseconds' ? setTimeout(() => child.kill('SIGKILL'), kill.after) : undefined
  // `close` comes after the last byte of the pipe: what was said before the kill is all here.
  const signal = await new Promise<string | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (_code, by) => resolve(by))
  })
  clearTimeout(timer)
  return { lines: linesOf(output), firstAfterSeconds, signal, errors }
}
