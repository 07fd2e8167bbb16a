import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { packFloors, readPacks } from '@netcert/verifier/packs'
import { afterAll, describe, expect, it } from 'vitest'
import { jsonOf } from '../e2e/netcert-process.js'
import { at, HOUR, NOW, root, STATUS_PREFIX, signStatusList } from '../trust-ground.js'
import { canBeAlone, offline, startOffline } from './machine.js'
import { type OfflineWalk, startWalk } from './offline-walk.js'
import type { GroundEntry } from './pack-ground.js'

const walks: OfflineWalk[] = []
afterAll(() => walks.forEach(({ folder }) => folder.remove()))

/** Enough lists that an import takes a while. */
async function lists(issuedAt: Date): Promise<readonly GroundEntry[]> {
  const some = Array.from({ length: 20 }, async (_, index): Promise<GroundEntry> => {
    const uri = `${STATUS_PREFIX}${index + 1}`
    return ['status-list', uri, await signStatusList({ uri, issuedAt, entries: 2 ** 16 })]
  })
  return Promise.all(some)
}

/** The state that a start finds after whatever happened. */
async function seqAtBoot({ packs }: OfflineWalk): Promise<number | undefined> {
  const floor = await packFloors.read(join(packs, 'trust-state.json'))
  const holding = await readPacks({ dir: packs, rootDid: root.signer.did }, { now: NOW, floor })
  return holding?.seq
}

async function begin(): Promise<OfflineWalk> {
  const walk = startWalk()
  walks.push(walk)
  jsonOf(await walk.bring({ seq: 1, issuedAt: at(-3 * HOUR), entries: await lists(at(-3 * HOUR)) }))
  return walk
}

/** How long an import takes here and now, in milliseconds: kills are to fall into it. */
async function durationOfImport(): Promise<number> {
  const walk = await begin()
  const file = await walk.packFile({ seq: 2, entries: await lists(at(-HOUR)) })
  const began = performance.now()
  await offline(importing(walk, file), { clock: NOW })
  return performance.now() - began
}

const importing = (walk: OfflineWalk, file: string) => [
  ...['pack', 'import', file, '--packs', walk.packs, '--trust', root.signer.did, '--json'],
]

describe.skipIf(!canBeAlone)('an import that is killed', () => {
  it('before its n-th call into the file system leaves the old state or the new, for every n', async () => {
    const first = await begin()
    const file = await first.packFile({ seq: 2, entries: await lists(at(-HOUR)) })
    const left = { old: 0, new: 0 }
    for (let call = 1; ; call += 1) {
      // Each from the same beginning, for what is left of a kill is looked at by the next import.
      const walk = startWalk()
      cpSync(first.packs, walk.packs, { recursive: true })
      const kill = { at: call, folder: walk.packs }
      const run = await offline(importing(walk, file), { clock: NOW, kill })
      const found = await seqAtBoot(walk)
      walk.folder.remove()
      expect([1, 2], `after a kill at call ${call}`).toContain(found)
      left[found === 1 ? 'old' : 'new'] += 1
      if (run.code === 0) break
      expect(run.code, 'it was killed, and nothing else').toBeNull()
    }
    // Both sides of the one moment that counts were met.
    expect(left.old).toBeGreaterThan(5)
    expect(left.new).toBeGreaterThan(2)
  }, 300_000)

  it('at any moment leaves the old state or the new', async () => {
    const walk = await begin()
    const undisturbed = await durationOfImport()
    let seq = 1
    let killed = 0
    for (let trial = 0; trial < 60; trial += 1) {
      const issuedAt = at(-2 * HOUR + trial)
      const file = await walk.packFile({ seq: seq + 1, issuedAt, entries: await lists(issuedAt) })
      const child = startOffline(importing(walk, file), { clock: NOW })
      child.stdin?.end()
      const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
      const timer = setTimeout(() => child.kill('SIGKILL'), undisturbed * (0.3 + Math.random()))
      if ((await ended) === null) killed += 1
      clearTimeout(timer)
      const found = await seqAtBoot(walk)
      expect([seq, seq + 1]).toContain(found)
      seq = found ?? Number.NaN
    }
    expect(killed).toBeGreaterThan(5)
  }, 300_000)
})
