import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const launcher = fileURLToPath(new URL('../../scripts/netcert.js', import.meta.url))
const built = fileURLToPath(new URL('../../scripts/dist/netcert.js', import.meta.url))

/** What a run of the command left. */
export type Run = {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly milliseconds: number
}

/** How a run differs from a plain one. */
export type RunOptions = {
  readonly input?: string | Uint8Array
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
}

/** Starts the real command; the caller ends it. */
export function startNetcert(args: readonly string[], options: RunOptions = {}): ChildProcess {
  if (!existsSync(built)) throw new Error('The command is not built: run `npm run build` first.')
  return spawn(process.execPath, [launcher, ...args], {
    cwd: options.cwd,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], LANG: 'C.UTF-8', ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

/** Runs the real command to its end, at most 60 s. */
export function netcert(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const started = performance.now()
  const child = startNetcert(args, options)
  child.stdin?.on('error', () => {})
  child.stdin?.end(options.input)
  const timer = setTimeout(() => child.kill('SIGKILL'), 60_000)
  return new Promise((done, fail) => {
    const texts = { stdout: '', stderr: '' }
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (texts.stdout += text))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text))
    child.on('error', fail)
    child.on('close', (code) => {
      clearTimeout(timer)
      done({ code, ...texts, milliseconds: performance.now() - started })
    })
  })
}

/** The JSON document a run wrote to standard output. */
export function jsonOf<T>(run: Run): T {
  if (run.code !== 0) throw new Error(`exit ${run.code}: ${run.stderr}`)
  return JSON.parse(run.stdout) as T
}

/** The error a run wrote to standard error in JSON mode. */
export function errorOf(run: Run): { code: string; message: string; cure?: string; exit: number } {
  return (JSON.parse(run.stderr) as { error: ReturnType<typeof errorOf> }).error
}

/** A new folder of our own, and how to take it away. */
export function temporaryFolder(): { path: string; at(name: string): string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'netcert-test-'))
  return {
    path,
    at: (name) => join(path, name),
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}
