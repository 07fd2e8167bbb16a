import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FreshnessPolicy, freshnessPolicies } from '@netcert/credential'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makePack, packIssuer, rootDid } from '../../../test/offline/pack-ground.js'
import {
  at,
  HOUR,
  NOW,
  signStatusList,
  signTrustList,
  STATUS_URI,
} from '../../../test/trust-ground.js'
import { importPack } from './offline-pack/pack-import.js'
import { openVerifier } from './open.js'
import { createTrustReader } from './trust-reader.js'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'netcert-reader-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const place = (name: string) => join(home, name)
const places = () => ({
  ...{ rootDid, listsDir: place('lists'), packsDir: place('packs') },
  stateFile: place('state.json'),
})
const listOf = (index: number, issuedAt: Date) =>
  signStatusList({ statuses: [[index, 1]], issuedAt })

async function writeLists(index: number, issuedAt: Date, sequence = 7): Promise<void> {
  await mkdir(place('lists/status'), { recursive: true })
  const content = { sequence, issuers: [packIssuer()] }
  await writeFile(place('lists/trust-list.jwt'), await signTrustList(content))
  await writeFile(place('lists/status/1.jwt'), await listOf(index, issuedAt))
}

async function bringPack(seq: number, index: number, issuedAt: Date, sequence = 7): Promise<void> {
  const entries = [['status-list', STATUS_URI, await listOf(index, issuedAt)] as const]
  await writeFile(
    place('stick'),
    await makePack({ seq, issuedAt, entries, trustList: { sequence } }),
  )
  const kept = { dir: place('packs'), rootDid, stateFile: place('state.json') }
  await importPack(kept, { file: place('stick'), now: NOW })
}

describe('trust on this machine', () => {
  it('needs something to go by, and says so', async () => {
    const reader = createTrustReader({ ...places(), listsDir: null })
    await expect(reader.read(NOW)).rejects.toMatchObject({ code: 'lists_unreadable' })
    await expect(createTrustReader(places()).read(NOW)).rejects.toMatchObject({
      code: 'lists_unreadable',
    })
  })

  it('is of a pack alone, of lists alone, or of both with the newer part of each', async () => {
    await bringPack(1, 5, at(-3 * HOUR))
    const reader = createTrustReader(places())
    const alone = await reader.read(NOW)
    expect(alone.failures).toMatchObject([{ code: 'lists_unreadable' }])
    expect(alone.trust.timeFloor).toBe(at(-3 * HOUR).getTime() / 1000)
    await writeLists(6, at(-HOUR), 8)
    const both = await reader.read(NOW)
    expect(both.failures).toEqual([])
    expect(both.trust.trustList.sequence).toBe(8)
    expect(both.trust.timeFloor).toBe(at(-HOUR).getTime() / 1000)
    await rm(place('packs'), { recursive: true })
    const listsAlone = await createTrustReader(places()).read(NOW)
    expect(listsAlone.trust.trustList.sequence).toBe(8)
  })

  it('keeps what it has when one of them goes bad', async () => {
    await bringPack(1, 5, at(-3 * HOUR))
    await writeLists(6, at(-HOUR), 8)
    const reader = createTrustReader(places())
    await reader.read(NOW)
    await writeFile(place('lists/trust-list.jwt'), 'cut')
    const read = await reader.read(NOW)
    expect(read.failures).toHaveLength(1)
    expect(read.trust.trustList.sequence).toBe(8)
  })

  it('picks up a pack that somebody else brought, and looks again only then', async () => {
    await bringPack(1, 5, at(-3 * HOUR))
    const reader = createTrustReader({ ...places(), listsDir: null })
    await reader.read(NOW)
    expect(await reader.havePacksChanged()).toBe(false)
    await bringPack(2, 6, at(-HOUR))
    expect(await reader.havePacksChanged()).toBe(true)
    await reader.read(NOW)
    expect(reader.holding()?.seq).toBe(2)
    expect(await reader.havePacksChanged()).toBe(false)
  })

  it('is read with a clock that stopped, from lists too', async () => {
    await writeLists(6, at(-HOUR))
    await createTrustReader(places()).read(NOW)
    const { trust } = await createTrustReader(places()).read(new Date(0))
    expect(trust.timeFloor).toBe(at(-HOUR).getTime() / 1000)
    // Whatever is newer than what was seen is not taken in by such a clock.
    await writeLists(6, at(-60), 8)
    const later = await createTrustReader(places()).read(new Date(0))
    expect(later.trust.timeFloor).toBe(at(-HOUR).getTime() / 1000)
  })
})

it('a verifier is opened from packs alone, and tells their age', async () => {
  await bringPack(1, 5, at(-3 * HOUR))
  const freshness: FreshnessPolicy = freshnessPolicies['grace-24h']
  const opened = await openVerifier({
    ...{ audience: 'https://shop.example', rootDid, clock: () => NOW, freshness, store: null },
    ...{ listsDir: null, packsDir: place('packs'), stateFile: place('state.json') },
  })
  expect(opened.packs()).toMatchObject({ seq: 1, builtAt: at(-3 * HOUR) })
  await bringPack(2, 6, at(-HOUR))
  await opened.refresh()
  expect(opened.packs()?.seq).toBe(2)
  await opened.close()
})
