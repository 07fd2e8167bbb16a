import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Bundles a TypeScript program of this repository so that plain Node runs it in a process of its
 * own, from the sources and without a build. Gives the path of the bundle.
 *
 * It lies inside the repository, where the installed packages are found.
 */
export async function buildChildProgram(entry: string): Promise<string> {
  const name = createHash('sha256').update(`${entry}|${process.pid}`).digest('hex').slice(0, 16)
  const outDir = join(root, 'node_modules', '.netcert-test', name)
  await mkdir(outDir, { recursive: true })
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['source', 'node'] },
    ssr: { noExternal: [/^@netcert\//], resolve: { conditions: ['source', 'node'] } },
    build: {
      ssr: join(root, entry),
      outDir,
      emptyOutDir: true,
      rollupOptions: { output: { entryFileNames: 'program.mjs' } },
    },
  })
  return join(outDir, 'program.mjs')
}

/** A running child and the lines it has printed so far. */
export type RunningChild = {
  readonly child: ChildProcess
  readonly lines: string[]
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>
}

export function runChildProgram(program: string, args: readonly string[]): RunningChild {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  let rest = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    lines.push(...parts)
  })
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal))
  })
  return { child, lines, ended }
}
