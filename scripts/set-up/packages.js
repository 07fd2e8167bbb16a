/** The npm packages: are exactly those of package-lock.json there, and if not, `npm ci`. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lastLines, run, SetUpError } from './progress.js'

/**
 * @typedef {{ version?: string, link?: boolean, optional?: boolean, devOptional?: boolean,
 *   peer?: boolean }} LockedPackage
 * @typedef {Record<string, LockedPackage>} Lock
 */

/**
 * Compares what npm wrote after its last complete install with package-lock.json, and looks whether
 * each package's folder is still there. Times of files say nothing after a `git checkout`.
 *
 * @param {{ root: string, state: string }} context
 */
export function packagesAreInstalled({ root, state }) {
  if (existsSync(join(state, 'installing'))) return false
  const installed = readLock(join(root, 'node_modules', '.package-lock.json'))
  const wanted = readLock(join(root, 'package-lock.json'))
  if (installed === null || wanted === null) return false
  return everyWantedIsThere(wanted, installed) && everyInstalledIsWhole(root, wanted, installed)
}

/**
 * @param {Lock} wanted
 * @param {Lock} installed
 */
function everyWantedIsThere(wanted, installed) {
  return Object.entries(wanted).every(([path, { version, optional, devOptional, peer }]) => {
    if (!path.startsWith('node_modules/')) return true
    const there = installed[path]
    // Optional ones are for other systems: npm leaves them out.
    if (there === undefined) return Boolean(optional ?? devOptional ?? peer)
    return there.version === version
  })
}

/**
 * @param {string} root
 * @param {Lock} wanted
 * @param {Lock} installed
 */
function everyInstalledIsWhole(root, wanted, installed) {
  return Object.keys(installed).every(
    (path) => wanted[path] !== undefined && existsSync(join(root, path, 'package.json')),
  )
}

/**
 * @param {string} file
 * @returns {Lock | null}
 */
function readLock(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch {
    return null
  }
}

/**
 * @param {{ root: string, state: string, progress: import('./progress.js').Progress }} context
 * @throws {SetUpError} with npm's last lines and what they call for.
 */
export async function installPackages({ root, state, progress }) {
  // Stays behind when npm is killed, so that a half-filled node_modules is never taken for a whole one.
  const mark = join(state, 'installing')
  mkdirSync(state, { recursive: true })
  writeFileSync(mark, '')
  await progress.step('installing npm packages (the first time about 2 minutes)', async () => {
    const log = join(state, 'npm-ci.log')
    const words = ['ci', '--prefer-offline', '--no-audit', '--no-fund', '--no-progress']
    const { ok, output } = await run([...npm(), ...words], { cwd: root, log })
    if (!ok)
      throw new SetUpError(`npm ci failed:\n${lastLines(output)}`, `${cure(output)} (${log})`)
  })
  rmSync(mark)
}

/** The npm that runs this script where there is one, so that the version is the one asked for. */
function npm() {
  const running = process.env['npm_execpath']
  return running?.endsWith('.js') ? [process.execPath, running] : ['npm']
}

/** @type {readonly (readonly [RegExp, string])[]} */
const cures = [
  [/EUSAGE|can only install packages when/, 'run `npm install` and commit package-lock.json'],
  [/ENOSPC/, 'the disk is full: free about 1 GB'],
  [/EACCES|EPERM/, 'the folder belongs to another user: take it over or clone again'],
  [
    /gyp ERR|node-gyp|prebuild-install/,
    'sqlite3 had to be compiled and could not: install g++, make and python3',
  ],
  [
    /ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ECONNRESET|network/,
    'npm reached no registry: go online',
  ],
  [/EINTEGRITY/, 'npm’s cache holds a damaged package: run `npm cache verify`'],
  [/ENOENT.*npm|spawn npm/, 'npm was not found: install npm 10 or newer'],
]

/** @param {string} output */
function cure(output) {
  const found = cures.find(([sign]) => sign.test(output))
  return `${found?.[1] ?? 'read the lines above'}, then run the command again`
}
