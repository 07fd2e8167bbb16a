import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

/**
 * Loaded before a program that is to die at its n-th call into the file system (OFFLINE_KILL_AT), right
 * before the call is made: as a kill -9 or a pulled plug would have it. Only calls below the folder that
 * OFFLINE_KILL_IN names are counted, and those on files opened there.
 */

const killAt = Number(process.env['OFFLINE_KILL_AT'])
const place = process.env['OFFLINE_KILL_IN'] ?? ''
let calls = 0

function step() {
  calls += 1
  if (calls === killAt) process.kill(process.pid, 'SIGKILL')
}

const promises = fs.promises
for (const name of ['open', 'rename', 'rm', 'mkdir', 'readdir', 'stat', 'access', 'readFile']) {
  const real = Reflect.get(promises, name)
  Reflect.set(promises, name, async (/** @type {unknown[]} */ ...parts) => {
    const isInside = parts.some((part) => typeof part === 'string' && part.startsWith(place))
    if (isInside) step()
    const result = await real(...parts)
    return isInside && name === 'open' ? counted(result) : result
  })
}
syncBuiltinESMExports()

/** @param {import('node:fs/promises').FileHandle} handle */
function counted(handle) {
  for (const name of ['writeFile', 'sync']) {
    const real = Reflect.get(handle, name).bind(handle)
    Reflect.set(handle, name, (/** @type {unknown[]} */ ...parts) => {
      step()
      return real(...parts)
    })
  }
  return handle
}
