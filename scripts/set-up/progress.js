/** What the person at the terminal sees of set-up, and how its commands are run. */
import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'

/** A reason for stopping that a person can act on. */
export class SetUpError extends Error {
  /**
   * @param {string} message - What is wrong.
   * @param {string} cure - What to do about it.
   * @param {number} [exitCode] - 3 is a fault, 2 is wrong use.
   */
  constructor(message, cure, exitCode = 3) {
    super(message)
    this.cure = cure
    this.exitCode = exitCode
  }
}

/** How often a long step gives a sign of life where no terminal can show a running clock. */
const heartbeatSeconds = 20

/**
 * @typedef {{
 *   step: (name: string, work: () => Promise<void>) => Promise<void>
 *   note: (text: string) => void
 *   done: (text: string) => void
 * }} Progress
 */

/**
 * One line for each step that has something to do, with its seconds.
 *
 * @param {{ quiet: boolean, out?: NodeJS.WriteStream }} options - `quiet` drops the closing line of a
 *   run that had nothing to do; work that takes time is always announced.
 * @returns {Progress}
 */
export function createProgress({ quiet, out = process.stderr }) {
  const began = Date.now()
  let worked = false
  return {
    async step(name, work) {
      worked = true
      const stop = startClock(name, out)
      try {
        await work()
        stop('done')
      } catch (error) {
        stop('failed')
        throw error
      }
    },
    note(text) {
      worked = true
      out.write(`set-up: ${text}\n`)
    },
    done(text) {
      if (!quiet || worked) out.write(`set-up: ${text} (${seconds(began)})\n`)
    },
  }
}

/** @param {number} began */
const seconds = (began) => `${((Date.now() - began) / 1000).toFixed(1)} s`

/**
 * @param {string} name
 * @param {NodeJS.WriteStream} out
 * @returns {(result: string) => void}
 */
function startClock(name, out) {
  const began = Date.now()
  const isLive = out.isTTY === true
  out.write(isLive ? `set-up: ${name} …` : `set-up: ${name} …\n`)
  const tick = () => {
    out.write(isLive ? `\rset-up: ${name} … ${seconds(began)} ` : `set-up:   … ${seconds(began)}\n`)
  }
  const timer = setInterval(tick, isLive ? 500 : heartbeatSeconds * 1000)
  return (result) => {
    clearInterval(timer)
    out.write(`${isLive ? '\r' : ''}set-up: ${name}: ${result} in ${seconds(began)}\n`)
  }
}

/**
 * Runs a command to its end with its output in a file.
 *
 * @param {readonly string[]} command
 * @param {{ cwd: string, log: string, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<{ ok: boolean, output: string }>} `ok` is false for any exit but 0.
 */
export function run([program = '', ...words], { cwd, log, env = {} }) {
  return new Promise((resolve) => {
    const file = openSync(log, 'w')
    const child = spawn(program, words, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', file, file],
    })
    /** @param {boolean} ok @param {string} [more] */
    const finish = (ok, more = '') => {
      closeSync(file)
      resolve({ ok, output: readFileSync(log, 'utf8') + more })
    }
    child.once('error', (error) => finish(false, error.message))
    child.once('exit', (code) => finish(code === 0))
  })
}

/**
 * The end of a command's output, for the person who has to find out why it failed.
 *
 * @param {string} output
 */
export function lastLines(output) {
  const lines = output.trimEnd().split('\n').slice(-25)
  return lines.map((line) => `    ${line}`).join('\n')
}
