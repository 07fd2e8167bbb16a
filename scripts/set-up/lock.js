/** One set-up at a time: a folder is the lock, since making one is atomic everywhere. */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A lock without a holder's number is one that is being taken, unless it is older than this. */
const abandonedSeconds = 10

/**
 * Runs `work` while no other process runs any under the same state folder.
 *
 * A holder that died (Ctrl-C, power) leaves its folder behind: the next one takes it over.
 *
 * @param {{ state: string, progress: import('./progress.js').Progress }} context
 * @param {() => Promise<void>} work
 */
export async function withLock({ state, progress }, work) {
  const folder = join(state, 'lock')
  let told = false
  while (!take(folder)) {
    if (!told)
      progress.note(`another set-up is running (process ${holder(folder)}): waiting for it`)
    told = true
    await sleep(200)
  }
  const release = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', release)
  try {
    await work()
  } finally {
    process.off('exit', release)
    release()
  }
}

/** @param {string} folder */
function take(folder) {
  if (makeFolder(folder)) {
    writeFileSync(join(folder, 'pid'), String(process.pid))
    return true
  }
  if (isAbandoned(folder)) dropAbandoned(folder)
  return false
}

/** @param {string} folder */
function makeFolder(folder) {
  try {
    mkdirSync(folder)
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  }
}

/**
 * A folder is looked at again under a guard before it goes: of several that wait, one removes it,
 * and never one that somebody has taken in the meantime.
 *
 * @param {string} folder
 */
function dropAbandoned(folder) {
  const guard = `${folder}-guard`
  if (!makeFolder(guard)) {
    // Whoever made the guard needs no more than an instant, unless it died there.
    if (ageSeconds(guard) > abandonedSeconds) rmSync(guard, { recursive: true, force: true })
    return
  }
  if (isAbandoned(folder)) rmSync(folder, { recursive: true, force: true })
  rmSync(guard, { recursive: true, force: true })
}

/** @param {string} folder */
function isAbandoned(folder) {
  const pid = holder(folder)
  return pid === 0 ? ageSeconds(folder) > abandonedSeconds : !isAlive(pid)
}

/**
 * @param {string} folder
 * @returns {number} The holder's process id, 0 where none is written (yet).
 */
function holder(folder) {
  try {
    return Number(readFileSync(join(folder, 'pid'), 'utf8'))
  } catch {
    return 0
  }
}

/** @param {string} folder */
function ageSeconds(folder) {
  try {
    return (Date.now() - statSync(folder).mtimeMs) / 1000
  } catch {
    return 0
  }
}

/**
 * Whether the holder still runs. Where the system tells, a number that went to another program, or
 * to a dead process nobody collected, is no holder.
 *
 * @param {number} pid
 */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (!isCode(error, 'EPERM')) return false
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('set-up')
  } catch {
    return !existsSync('/proc/self/cmdline')
  }
}

/** @param {unknown} error @param {string} code */
function isCode(error, code) {
  return error instanceof Error && 'code' in error && error.code === code
}
