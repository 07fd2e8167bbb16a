import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { leavesCoreDumps } from '../closed-process.js'
import { type Finding, failed, problem, warning, well } from './finding.js'

const GIBIBYTE = 1024 ** 3

/** What the machine must offer: Node, SQLite, a sane clock, room on the disk, a quiet environment. */
export async function checkMachine(dir: string, now: Date): Promise<Finding[]> {
  return [
    checkNode(),
    await checkSqlite(),
    checkClock(now),
    await checkDisk(dir),
    checkEnvironment(),
    await checkCoreDumps(),
  ]
}

function checkNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const found = `Node ${process.versions.node}`
  if (major > 20 || (major === 20 && minor >= 19)) return well('Node', found)
  return problem('Node', 'node_too_old', `${found} is too old.`, 'Install Node 20.19 or newer.')
}

async function checkSqlite(): Promise<Finding> {
  try {
    await import('@netcert/agent')
    return well('SQLite', 'the database module loads')
  } catch (error) {
    const cure = 'Run `npm ci`: it compiles sqlite3 and needs g++, make and python3.'
    return { ...failed('SQLite', error), code: 'sqlite_missing', cure }
  }
}

/** No netcert release is older than this day; a clock behind it makes every certificate "future". */
const RELEASED = new Date('2026-01-01T00:00:00Z')

function checkClock(now: Date): Finding {
  if (now >= RELEASED) return well('Clock', `${now.toISOString().slice(0, 16)}Z`)
  const found = `The clock says ${now.toISOString().slice(0, 10)}, before this software was made.`
  return problem('Clock', 'clock_behind', found, 'Set the clock; certificates are dated by it.')
}

async function checkDisk(dir: string): Promise<Finding> {
  const room = await roomFor(dir)
  if (room === undefined) return well('Disk', 'not known here')
  const found = `${(room / GIBIBYTE).toFixed(1)} GiB free`
  if (room > GIBIBYTE) return well('Disk', found)
  const cure = 'Free some space: revocations must always find room to be written.'
  if (room > GIBIBYTE / 16) return warning('Disk', 'disk_low', `Only ${found}.`, cure)
  return problem('Disk', 'disk_full', `Only ${found}.`, cure)
}

/** Bytes free where a folder is, or will be. */
async function roomFor(dir: string): Promise<number | undefined> {
  const stat = await statfs(dir).catch(() => undefined)
  if (stat !== undefined) return stat.bavail * stat.bsize
  const parent = dirname(dir)
  return parent === dir ? undefined : roomFor(parent)
}

async function checkCoreDumps(): Promise<Finding> {
  const leaves = await leavesCoreDumps()
  if (leaves !== true) return well('Crashes', 'leave no memory behind')
  const found = 'A crash may write the memory of the process, keys included, to a file.'
  const cure = 'Serve with `ulimit -c 0`, or LimitCORE=0 under systemd.'
  return warning('Crashes', 'core_dumps', found, cure)
}

function checkEnvironment(): Finding {
  const debug = process.env['DEBUG'] ?? ''
  if (/veramo|\*/i.test(debug)) {
    const found = 'DEBUG is set for libraries that print private keys.'
    return problem('Environment', 'unsafe_environment', found, 'Unset DEBUG and start again.')
  }
  if (process.env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    const found = 'NODE_TLS_REJECT_UNAUTHORIZED=0 switches off the checking of certificates.'
    return problem('Environment', 'unsafe_environment', found, 'Unset it.')
  }
  return well('Environment', 'nothing that leaks keys')
}
