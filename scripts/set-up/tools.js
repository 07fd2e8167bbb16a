/** What must be on the machine before npm runs: a recent Node and, for sqlite3, a compiler. */
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { SetUpError } from './progress.js'

const oldestNode = '20.19.0'

/**
 * @param {string} version - `process.versions.node`
 * @throws {SetUpError} when Node is older than this project can use.
 */
export function checkNode(version) {
  if (compareVersions(version, oldestNode) >= 0) return
  throw new SetUpError(
    `this is Node ${version}; netcert needs Node ${oldestNode} or newer`,
    'install a current Node (for example from https://nodejs.org), then run the command again',
  )
}

/**
 * @param {string} left
 * @param {string} right
 * @returns {number} Below, at or above 0, as `left` is older than, the same as or newer than `right`.
 */
export function compareVersions(left, right) {
  const [a, b] = [left, right].map((version) =>
    version.split('.').map((part) => parseInt(part, 10)),
  )
  for (let at = 0; at < 3; at += 1) {
    const difference = (a?.[at] ?? 0) - (b?.[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/**
 * @param {string} name
 * @returns {boolean} Whether a program of this name would be found.
 */
export function hasProgram(name) {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return true
    } catch {
      // Not in this folder; the next one may have it.
    }
  }
  return false
}
