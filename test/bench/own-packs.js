import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { takeInFile } from '@netcert/verifier/packs'
import { median } from './rounds.js'

const run = promisify(execFile)
const ROUNDS = 5

/**
 * Imports and verifies the offline pack of a nation of 10^9 indices: 954 lists of 2^20, 1 % revoked. In
 * a process of its own, because what it takes in memory is asked for too.
 *
 * @returns {Promise<{ cpuMs: number, wallMs: number, deltaMs: number, heldMb: number, peakMb: number, fileMb: number }>}
 */
export async function measureNationPack() {
  const folder = mkdtempSync(join(tmpdir(), 'netcert-nation-'))
  try {
    const script = (name) => fileURLToPath(new URL(name, import.meta.url))
    await run(process.execPath, [script('nation-pack.js'), folder])
    const own = await run(process.execPath, ['--expose-gc', script('own-packs.js'), folder])
    return JSON.parse(own.stdout)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** CPU time in milliseconds, and what came out. */
async function timed(work) {
  const [cpu, wall] = [process.cpuUsage(), performance.now()]
  const result = await work()
  const { user, system } = process.cpuUsage(cpu)
  return { result, cpuMs: (user + system) / 1000, wallMs: performance.now() - wall }
}

async function importNation(folder) {
  const rootDid = readFileSync(join(folder, 'root.did'), 'utf8').trim()
  const now = new Date()
  const file = join(folder, 'full.ncpack')
  const taken = []
  let holding = null
  for (let round = 0; round < ROUNDS; round += 1) {
    const { result, cpuMs, wallMs } = await timed(() =>
      takeInFile(file, { rootDid, now, held: null }),
    )
    taken.push({ cpuMs, wallMs })
    // The one before is let go: what is held is asked for below.
    holding = result
  }
  globalThis.gc()
  const { heapUsed, external } = process.memoryUsage()
  const peakMb = process.resourceUsage().maxRSS / 1024
  const delta = await timed(() =>
    takeInFile(join(folder, 'since-1.ncpack'), { rootDid, now, held: holding }),
  )
  return {
    cpuMs: median(taken.map(({ cpuMs }) => cpuMs)),
    wallMs: median(taken.map(({ wallMs }) => wallMs)),
    deltaMs: delta.cpuMs,
    heldMb: (heapUsed + external) / 2 ** 20,
    peakMb,
    fileMb: readFileSync(file).length / 1e6,
  }
}

const [, script, folder] = process.argv
if (script === fileURLToPath(import.meta.url)) {
  console.log(JSON.stringify(await importNation(folder)))
}
