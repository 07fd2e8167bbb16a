import { mkdtempSync, rmSync } from 'node:fs'
import { copyFile, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createStatusDelta, generateSigner } from '@netcert/credential'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  codeOfTaking,
  makePack,
  type PackChanges,
  rootDid,
} from '../../../../test/offline/pack-ground.js'
import {
  at,
  DAY,
  HOUR,
  NOW,
  signStatusList,
  STATUS_URI,
  statusKey,
} from '../../../../test/trust-ground.js'
import { readFloor } from '../trust-floor.js'
import { readPacks } from './pack-folder.js'
import { importPack } from './pack-import.js'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'netcert-packs-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const dir = () => join(home, 'packs')
const kept = () => ({ dir: dir(), rootDid, stateFile: join(home, 'trust-state.json') })
let count = 0
async function fileOf(changes: PackChanges): Promise<string> {
  const file = join(home, `stick-${++count}`)
  await writeFile(file, await makePack(changes))
  return file
}
const bring = async (changes: PackChanges, now = NOW) =>
  importPack(kept(), { file: await fileOf(changes), now })
/** As a start does. */
const boot = async (now = NOW) =>
  readPacks(kept(), { now, floor: await readFloor(kept().stateFile) })
const seqAtBoot = async (now = NOW) => (await boot(now))?.seq
const packFiles = async () => (await readdir(dir())).filter((name) => name.endsWith('.ncpack'))

/** A delta that changes nothing, and makes the word of the list newer. */
const renewal = async (seq: number, base: number, issuedAt: Date): Promise<PackChanges> => {
  const entries = new Uint8Array(256)
  const list = { bits: 2 as const, bytes: entries }
  const times = { issuedAt, expiresAt: at(7 * DAY), ttlSeconds: 12 * HOUR }
  const text = await createStatusDelta({
    ...{ uri: STATUS_URI, before: list, after: list, signer: statusKey.signer, ...times },
  })
  return { seq, base, issuedAt, entries: [['status-delta', STATUS_URI, text]] }
}
const fullAt = async (seq: number, issuedAt: Date): Promise<PackChanges> => ({
  ...{ seq, issuedAt },
  entries: [['status-list', STATUS_URI, await signStatusList({ issuedAt })]],
})

describe('a folder of packs', () => {
  it('holds nothing before the first one', async () => {
    expect(await boot()).toBeNull()
  })

  it('has the newest full pack and what goes on from it, over every restart', async () => {
    expect(await bring(await fullAt(1, at(-4 * HOUR)))).toMatchObject({ isNew: true })
    expect(await seqAtBoot()).toBe(1)
    await bring(await renewal(2, 1, at(-3 * HOUR)))
    await bring(await renewal(3, 2, at(-2 * HOUR)))
    expect(await seqAtBoot()).toBe(3)
    expect(await packFiles()).toHaveLength(3)
    await bring(await fullAt(4, at(-HOUR)))
    expect(await seqAtBoot()).toBe(4)
    // What was before is displaced, with everything that was kept beside it.
    expect(await readdir(dir())).toHaveLength(2)
  })

  it('keeps what it has when something is refused, and leaves no trace of that', async () => {
    await bring(await fullAt(5, at(-HOUR)))
    const before = await readdir(dir())
    const refusals = [
      await codeOfTaking(bring({ seq: 4 })),
      await codeOfTaking(bring(await renewal(9, 8, at(-60)))),
      await codeOfTaking(bring({ seq: 6, signer: statusKey.signer })),
      await codeOfTaking(bring({ seq: 6, issuedAt: at(2 * DAY) })),
      await codeOfTaking(importPack(kept(), { file: join(home, 'none'), now: NOW })),
      await codeOfTaking(importPack(kept(), { file: home, now: NOW })),
    ]
    expect(refusals).toEqual([
      ...['pack_older', 'pack_base', 'pack_untrusted', 'pack_from_future'],
      ...['pack_unreadable', 'pack_unreadable'],
    ])
    expect(await readdir(dir())).toEqual(before)
    expect(await seqAtBoot()).toBe(5)
  })

  it('says when the very pack is there already', async () => {
    const file = await fileOf({ seq: 2 })
    await importPack(kept(), { file, now: NOW })
    expect(await importPack(kept(), { file, now: NOW })).toMatchObject({ isNew: false })
    expect(await packFiles()).toHaveLength(1)
  })

  it('does not go back when older files are put there or newer ones taken away', async () => {
    const older = await fileOf(await fullAt(1, at(-4 * HOUR)))
    await importPack(kept(), { file: older, now: NOW })
    await bring(await renewal(2, 1, at(-3 * HOUR)))
    for (const name of await packFiles()) {
      if (name.includes('delta')) await rm(join(dir(), name))
    }
    expect(await codeOfTaking(boot())).toBe('packs_damaged')
    await bring(await fullAt(3, at(-2 * HOUR)))
    await copyFile(older, join(dir(), '9999-by-hand.ncpack'))
    expect(await seqAtBoot()).toBe(3)
    for (const name of await packFiles()) {
      if (!name.startsWith('9999')) await rm(join(dir(), name))
    }
    expect(await codeOfTaking(boot())).toBe('packs_damaged')
    // A whole pack that is newer puts it right again.
    await bring(await fullAt(4, at(-HOUR)))
    expect(await seqAtBoot()).toBe(4)
  })

  it('is refused when it was damaged on the disk', async () => {
    await bring({ seq: 1 })
    const [name = ''] = await packFiles()
    await truncate(join(dir(), name), 5_000)
    expect(await codeOfTaking(boot())).toBe('packs_damaged')
    const bytes = await makePack({ seq: 1 })
    bytes[bytes.length - 3] = (bytes[bytes.length - 3] ?? 0) ^ 1
    await writeFile(join(dir(), name), bytes)
    expect(await codeOfTaking(boot())).toBe('packs_damaged')
  })

  it('is read with a clock that stopped, and then takes in nothing', async () => {
    await bring(await fullAt(1, at(-4 * HOUR)))
    await bring(await renewal(2, 1, at(-HOUR)))
    for (const now of [new Date(0), new Date('2000-01-01T00:00:00Z'), at(-DAY)]) {
      expect(await seqAtBoot(now)).toBe(2)
      expect(await codeOfTaking(bring(await fullAt(3, at(60)), now))).toBe('pack_from_future')
    }
  })

  it('follows a new root over restarts, also where a delta announced it', async () => {
    const next = await generateSigner('ES256')
    await bring({ ...(await fullAt(1, at(-5 * HOUR))) })
    const announcing = { nextRoot: next.signer.did, sequence: 8 }
    await bring({ ...(await renewal(2, 1, at(-4 * HOUR))), trustList: announcing })
    const rotated = { rootSigner: next.signer, trustList: { sequence: 9 } }
    await bring({ ...(await renewal(3, 2, at(-3 * HOUR))), ...rotated })
    expect((await boot())?.floor.pin?.root).toBe(next.signer.did)
    const back = { ...(await renewal(4, 3, at(-2 * HOUR))), trustList: { sequence: 10 } }
    expect(await codeOfTaking(bring(back))).toBe('pack_root')
    await bring({ ...(await fullAt(5, at(-HOUR))), ...rotated })
    expect((await boot())?.floor.pin?.root).toBe(next.signer.did)
  })
})

describe('an import that was killed', () => {
  it('before the pack was in place leaves the old state', async () => {
    await bring(await fullAt(1, at(-4 * HOUR)))
    const part = await makePack(await fullAt(2, at(-HOUR)))
    await writeFile(join(dir(), '.5c1e.part'), part.subarray(0, 3_000))
    await writeFile(join(dir(), '0002-full.ncpack.floor.json'), '{"sequence":0')
    expect(await seqAtBoot()).toBe(1)
  })

  it('after it, before anything else, leaves the new state', async () => {
    await bring(await fullAt(1, at(-4 * HOUR)))
    const state = await readFile(kept().stateFile)
    const names = await packFiles()
    const old = await Promise.all(names.map((name) => readFile(join(dir(), name))))
    await bring(await fullAt(2, at(-HOUR)))
    // As it was the moment after the rename: the old pack still there, the floor not raised.
    await writeFile(kept().stateFile, state)
    await Promise.all(names.map((name, index) => writeFile(join(dir(), name), old[index] ?? '')))
    expect(await seqAtBoot()).toBe(2)
    await bring(await fullAt(3, at(-60)))
    expect(await packFiles()).toHaveLength(1)
  })
})
