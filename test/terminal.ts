import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const launcher = fileURLToPath(new URL('../scripts/netcert.js', import.meta.url))

export const hasTerminal = spawnSync('script', ['--version']).status === 0

if (!hasTerminal) console.warn('skipped: there is no `script` here, apt-get install bsdutils')

/** Stands in the name of what is skipped. */
export const terminalState = hasTerminal ? '' : ' (no terminal here: apt-get install bsdutils)'

/** What somebody at a terminal saw, and how the command ended. */
export type Sitting = { readonly seen: string; readonly code: number | null }

/** Starts the command at a pseudo-terminal of `script`; the caller ends it. */
export function openTerminal(args: readonly string[]): ChildProcessWithoutNullStreams {
  const command = [process.execPath, launcher, ...args].map(quoted).join(' ')
  return spawn('script', ['-qec', command, '/dev/null'], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], LANG: 'C.UTF-8', NO_COLOR: '1' },
  })
}

/**
 * Runs the command at a terminal (a pseudo-terminal of `script`), where somebody types an answer to
 * each question in turn, and then no more.
 */
export function sitAtTerminal(
  args: readonly string[],
  answers: readonly string[],
): Promise<Sitting> {
  const child = openTerminal(args)
  let seen = ''
  let asked = 0
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    seen += text
    // A question ends the line it stands on; what is typed is echoed after it.
    while (seen.split('[y/N] ').length - 1 > asked) {
      child.stdin.write(`${answers[asked] ?? ''}\n`)
      asked += 1
    }
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ seen: asText(seen), code }))
  })
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** Without what only moves the cursor. */
function asText(seen: string): string {
  // oxlint-disable-next-line no-control-regex -- that is what is taken out
  return seen.replace(/\x1b\[[0-9;]*[A-Za-z]/g, '').replaceAll('\r', '')
}
