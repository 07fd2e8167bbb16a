#!/usr/bin/env node
/**
 * Makes a fresh clone ready: compilers, npm packages, build, and for the tests what Debian has.
 *
 *   node scripts/set-up.js --for start|test [--quiet]
 *
 * It runs before anything is installed, so it is plain JavaScript on Node's own modules. What is
 * there already is left alone: a second run only looks and ends within a second, without a network.
 * Progress goes to standard error, so that a command's own output stays clean.
 */
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, isBuilt } from './set-up/build.js'
import { debianStep } from './set-up/debian.js'
import { withLock } from './set-up/lock.js'
import { installPackages, packagesAreInstalled } from './set-up/packages.js'
import { createProgress, SetUpError } from './set-up/progress.js'
import { checkNode } from './set-up/tools.js'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const usage = 'usage: node scripts/set-up.js --for start|test [--quiet]'

/** @param {readonly string[]} words */
function readOptions(words) {
  /** @type {{ purpose: 'start' | 'test', quiet: boolean }} */
  const options = { purpose: 'start', quiet: false }
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]
    const next = words[at + 1]
    if (word === '--quiet') options.quiet = true
    else if (word === '--for' && (next === 'start' || next === 'test')) {
      options.purpose = next
      at += 1
    } else throw new SetUpError(`'${word}' is not understood`, usage, 2)
  }
  return options
}

async function setUp() {
  const { purpose, quiet } = readOptions(process.argv.slice(2))
  checkNode(process.versions.node)
  const state = join(root, '.set-up')
  const context = { root, state, purpose, progress: createProgress({ quiet }) }
  const debian = debianStep(context)
  const ready = () => debian.isDone() && packagesAreInstalled(context) && isBuilt(context)
  if (ready()) return context.progress.done('everything is in place')
  mkdirSync(state, { recursive: true })
  // Two commands started at once would otherwise install into one folder.
  await withLock(context, async () => {
    await debian.run()
    if (!packagesAreInstalled(context)) await installPackages(context)
    if (!isBuilt(context)) await build(context)
  })
  context.progress.done('ready')
}

setUp().catch((error) => {
  if (!(error instanceof SetUpError)) throw error
  process.stderr.write(`\nset-up stopped: ${error.message}\n  what to do: ${error.cure}\n`)
  process.exitCode = error.exitCode
})
