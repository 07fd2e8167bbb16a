import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AUDIENCE, NONCE } from './material.js'
import { createMaterial } from './material-creation.js'
import { timeProcesses } from './processes.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const command = 'scripts/netcert.js'

/** The command line as a person meets it: wall time of its help and of an offline verification. */
export async function timeCommands(runs) {
  const folder = mkdtempSync(join(tmpdir(), 'netcert-bench-'))
  try {
    const verify = [command, 'verify', ...(await writeVerification(folder))]
    const { status, stderr } = spawnSync(process.execPath, verify, { cwd: root, encoding: 'utf8' })
    if (status !== 0) throw new Error(`netcert verify ended with ${status}: ${stderr}`)
    const [help, verified] = timeProcesses([[command, '--help'], verify], runs)
    return { help: help.wallMs, verify: verified.wallMs }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A presentation made just now, and the published lists with a status list of 2^20 entries. */
async function writeVerification(folder) {
  const material = await createMaterial({ holders: 1 })
  mkdirSync(join(folder, 'lists', 'status'), { recursive: true })
  writeFileSync(join(folder, 'lists', 'trust-list.jwt'), material.trustList)
  writeFileSync(join(folder, 'lists', 'status', '1.jwt'), material.lists.long)
  writeFileSync(join(folder, 'answer.txt'), material.presentations[0])
  return [
    join(folder, 'answer.txt'),
    ...['--trust', material.rootDid],
    ...['--lists', join(folder, 'lists')],
    ...['--audience', AUDIENCE],
    ...['--nonce', NONCE],
    ...['--query', 'age-band'],
  ]
}
