import type { Invocation } from './invocation.js'
import { printable, printableJson } from './printable.js'

/**
 * Where a server tells its operator what happens: one line each on standard error, as JSON where
 * that was asked for.
 */
export function operatorLog({ json, clock }: Invocation): (line: string) => void {
  return (line) => {
    const at = clock().toISOString()
    const text = json ? printableJson({ at, log: valueOf(line) }) : `${at} ${printable(line)}`
    process.stderr.write(`${text}\n`)
  }
}

/** Some lines are JSON already. */
function valueOf(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return line
  }
}

/** Libraries warn on the console; a server's operator reads it in the log, and JSON stays JSON. */
export function logConsole(log: (line: string) => void): void {
  const tell = (...words: readonly unknown[]) => log(words.map(String).join(' '))
  Object.assign(console, { info: tell, log: tell, warn: tell, error: tell })
}
