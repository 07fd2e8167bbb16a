import { readFile } from 'node:fs/promises'
import { url } from 'node:inspector'
import { CommandFailure, exitCodes } from './failure.js'

/**
 * Keeps debuggers out of a process that serves: whoever reaches one reads keys and people's records.
 *
 * @throws CommandFailure `debugger_refused` when one is open already.
 */
export function refuseDebuggers(): void {
  if (url() !== undefined) {
    throw new CommandFailure('debugger_refused', 'A debugger is open on this process.', {
      exit: exitCodes.fault,
      cure: 'Leave --inspect out of the command and of NODE_OPTIONS.',
    })
  }
  // Node opens its debugger on this signal, for any process of the same user, unless it is heard.
  process.on('SIGUSR1', () => {})
}

/** Whether a crash would leave the memory of this process in a file; null where that is not known. */
export async function leavesCoreDumps(limitsFile = '/proc/self/limits'): Promise<boolean | null> {
  const limits = await readFile(limitsFile, 'utf8').catch(() => '')
  const soft = /^Max core file size\s+(\S+)/m.exec(limits)?.[1]
  return soft === undefined ? null : soft !== '0'
}
