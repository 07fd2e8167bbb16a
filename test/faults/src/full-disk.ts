import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { acknowledged, type IssuerRun } from './issuer-run.js'
import { noKill } from './killable-process.js'
import { type Outcome, type Place, spread } from './trial.js'
import { copyWorld, mint, restart, revoke, type World } from './world.js'

const kib = 1024

/** The largest file and all files of a folder, in bytes. */
function sizesOf(folder: string): { readonly largest: number; readonly all: number } {
  const sizes = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(folder, name)))
    .map((entry) => (entry.isFile() ? entry.size : 0))
  return { largest: Math.max(...sizes), all: sizes.reduce((sum, size) => sum + size, 0) }
}

function mount(folder: string, bytes: number): boolean {
  mkdirSync(folder, { recursive: true })
  const words = ['-t', 'tmpfs', '-o', `size=${Math.ceil(bytes / kib)}k`, 'tmpfs', folder]
  return process.getuid?.() === 0 && spawnSync('mount', words).status === 0
}

/**
 * The disk fills up while certificates are minted: the command ends with a code, not in a crash;
 * what left before is revocable; with room again everything goes on.
 *
 * As root on a small file system of its own; else under a limit on the size of a file, which
 * SQLite meets as a write that fails.
 */
export async function fullDisk(pristine: World, place: Place): Promise<Outcome> {
  const folder = join(place.folder, 'disk')
  const room = spread(place, 200, 1200) * kib
  if (!mount(folder, 2 * sizesOf(pristine.dir).all + room)) return limitedFiles(pristine, place)
  try {
    const world = copyWorld(pristine, join(folder, 'issuer'))
    const { run, batches } = await mint(world, 100_000, { kill: noKill })
    // Full still: a revocation either holds or says that it could not be stored.
    const refused = await revoke(world, batches.slice(0, 1), { kill: noKill })
    spawnSync('mount', ['-o', 'remount,size=256m', folder])
    return await afterwards(world, batches, [run, refused])
  } finally {
    spawnSync('umount', [folder])
  }
}

async function limitedFiles(pristine: World, place: Place): Promise<Outcome> {
  const world = copyWorld(pristine, join(place.folder, 'issuer'))
  const limit = Math.ceil(sizesOf(world.dir).largest / kib + spread(place, 50, 600))
  const under = `ulimit -f ${limit}`
  const { run, batches } = await mint(world, 100_000, { kill: noKill, under })
  const refused = await revoke(world, batches.slice(0, 1), { kill: noKill, under })
  return afterwards(world, batches, [run, refused])
}

async function afterwards(
  world: World,
  batches: readonly string[],
  [minting, revoking]: readonly [IssuerRun, IssuerRun],
): Promise<Outcome> {
  const wrong = crashes('minting', minting)
  // Revoking one batch may find a little room; only a crash would be wrong.
  if (!revoking.lines.some(({ kind }) => kind === 'revoked'))
    wrong.push(...crashes('revoking', revoking))
  const found = await restart(world, batches)
  const lost = [...found.lost, ...wrong]
  return { trial: 'full disk', ...found, lost, acknowledged: acknowledged(minting) }
}

function crashes(what: string, { lines, signal, errors }: IssuerRun): string[] {
  const failure = lines.find((line) => line.kind === 'failed')
  if (failure !== undefined && failure.code !== 'uncoded') return []
  return [`${what} on a full disk ended without a code: ${signal ?? ''} ${errors}`]
}
