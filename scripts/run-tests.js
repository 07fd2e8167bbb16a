#!/usr/bin/env node
/**
 * Runs the tests: `npm test`, or a part of them with `npm test -- packages/credential`.
 * What vitest understands is passed on; the exit code is vitest's.
 */
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { closingLine } from './test-reporter.js'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')

const child = spawn(process.execPath, [vitest, 'run', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
})
// Ctrl-C reaches both processes: vitest decides how to end, this one follows.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.once('exit', (code, signal) => {
  if (signal !== null) {
    process.stderr.write(`the test runner was ended by ${signal}\n`)
    process.stdout.write(`${closingLine({ passed: 0, failed: 1, skipped: 0 })}\n`)
  }
  process.exitCode = code ?? 1
})
