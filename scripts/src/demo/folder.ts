import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CommandFailure, exitCodes } from '../failure.js'

/** Says that a folder was made by the demo, and by which process. */
const marker = 'made-by-netcert-demo'

/**
 * Makes an empty demo folder. One that an earlier demo made is emptied; any other is left alone.
 *
 * @throws CommandFailure `folder_not_ours` when there is something else in it, or when another
 *   demo is running there.
 */
export async function prepareFolder(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST' && error.code !== 'ENOTDIR') throw error
    throw notOurs(dir, 'There is a file of that name.')
  })
  const names = await readdir(dir)
  if (names.length > 0) {
    if (!names.includes(marker)) throw notOurs(dir, 'It holds files the demo did not make.')
    await refuseRunning(dir)
    for (const name of names.filter((entry) => entry !== marker)) {
      await rm(join(dir, name), { recursive: true })
    }
  }
  await writeFile(join(dir, marker), `${process.pid}\n`)
}

async function refuseRunning(dir: string): Promise<void> {
  const pid = Number((await readFile(join(dir, marker), 'utf8')).trim())
  if (!Number.isSafeInteger(pid) || pid <= 1 || pid === process.pid) return
  try {
    // Signal 0 only asks whether the process is there.
    process.kill(pid, 0)
  } catch {
    return
  }
  throw notOurs(dir, `Another demo is running there (process ${pid}).`)
}

/** Says that nobody works in the folder any more; the folder stays to be looked at. */
export async function leaveFolder(dir: string): Promise<void> {
  await writeFile(join(dir, marker), '0\n').catch(() => {})
}

function notOurs(dir: string, why: string): CommandFailure {
  return new CommandFailure('folder_not_ours', `The demo cannot use ${dir}. ${why}`, {
    exit: exitCodes.wrongUse,
    cure: 'Name another folder with --dir; the demo makes it.',
  })
}
