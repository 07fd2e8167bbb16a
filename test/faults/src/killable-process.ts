import { spawn } from 'node:child_process'

/** When the process gets SIGKILL: some time after its start or its first acknowledgement. */
export type Kill =
  | { readonly after: 'start' | 'first-acknowledgement'; readonly milliseconds: number }
  | { readonly after: 'nothing' }

export const noKill: Kill = { after: 'nothing' }

export type ProcessRun = {
  /** What it said on standard output, with the line it was killed in. */
  readonly output: string
  readonly errors: string
  /** From the start of the process to its first acknowledgement; null when there was none. */
  readonly firstAfterSeconds: number | null
  readonly signal: string | null
}

export type ProcessRunOptions = {
  readonly command: readonly string[]
  /** What a line of standard output looks like that acknowledges something. */
  readonly acknowledgement: RegExp
  readonly kill: Kill
  /** A shell line before the program, such as a limit on the size of files. */
  readonly under?: string | undefined
}

/** Runs a process to its end, or to the end it is given. */
export async function runProcess(options: ProcessRunOptions): Promise<ProcessRun> {
  const { command, acknowledgement, kill, under = ':' } = options
  const began = performance.now()
  const words = ['-c', `${under}; exec "$@"`, 'bash', ...command]
  const child = spawn('bash', words, { stdio: ['ignore', 'pipe', 'pipe'] })
  const reached = (moment: Kill['after']) => {
    if (kill.after === 'nothing' || kill.after !== moment) return
    if (kill.milliseconds === 0) child.kill('SIGKILL')
    else setTimeout(() => child.kill('SIGKILL'), kill.milliseconds).unref()
  }
  reached('start')
  let output = ''
  let errors = ''
  let firstAfterSeconds: number | null = null
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
    if (firstAfterSeconds !== null || !wholeLines(output).some((it) => acknowledgement.test(it)))
      return
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
  return { output, errors, firstAfterSeconds, signal }
}

/** The lines that were said to their end; the one a process was killed in acknowledges nothing. */
export function wholeLines(output: string): string[] {
  return output.split('\n').slice(0, -1)
}
