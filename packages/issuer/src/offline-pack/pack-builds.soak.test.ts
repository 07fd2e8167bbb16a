import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packSourceOf, readPack, readPackEntry } from '@netcert/protocol/offline-pack'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildChildProgram, runChildProgram } from '../../../../test/child-program.js'
import { databasesOn, engines } from '../../../../test/database-engines.js'
import { issuerFamily } from '../../../../test/issuer-family.js'
import { openIssuerDatabase } from '../open.js'
import { readIssuerConfig } from '../config.js'
import { dataFolder } from '../data-folder.js'
import { KEPT_PACKS } from './pack-folder.js'

/** The number of a pack that is whole to its last byte. */
async function wholePack(file: string): Promise<number> {
  const source = packSourceOf(await readFile(file))
  const { manifest, entries } = await readPack(source)
  for (const entry of entries) await readPackEntry(source, entry)
  return manifest.sequence
}

describe.each(engines)('processes that build offline packs on one issuer, %s', (engine) => {
  const family = issuerFamily(databasesOn(engine))
  let program = ''

  beforeAll(async () => {
    program = await buildChildProgram('test/issuer-pack-program.ts')
  })

  const outOf = (name: string) => join(family.folder, name)
  const start = (name: string, count: number) =>
    runChildProgram(program, [family.test.dir, outOf(name), String(count)])
  const numbersOf = (lines: readonly string[]) => lines.map(Number).filter(Number.isFinite)
  /** Lists as a nation has them, all empty. */
  const openLists = async (count: number) => {
    const { dir } = family.test
    const database = await openIssuerDatabase(dir, await readIssuerConfig(dataFolder(dir).config))
    const empty = { bits: 2, next_sequence: 2 ** 20, version: 0, published_at: 0 }
    const rows = Array.from({ length: count }, (_, at) => ({ list: at + 2, ...empty }))
    await database.kysely.insertInto('status_lists').values(rows).execute()
    await database.close()
  }

  it('never give a number twice', async () => {
    const children = ['a', 'b', 'c'].map((name) => start(`${name}.ncpack`, 8))
    expect(await Promise.all(children.map(({ ended }) => ended))).toEqual([0, 0, 0])
    const numbers = children.flatMap(({ lines }) => numbersOf(lines))
    expect(new Set(numbers).size).toBe(24)
    expect(Math.max(...numbers)).toBe(24)
    const kept = await readdir(join(family.test.dir, 'packs'))
    expect(kept).toHaveLength(KEPT_PACKS)
  })

  it('can be killed at any moment: no half file, and no number comes twice', async () => {
    await openLists(40)
    const seen: number[] = []
    for (let trial = 0; trial < 12; trial++) {
      const { child, lines, ended } = start('killed.ncpack', 100)
      // Every other time the moment a pack is there; else somewhere on the way, start-up included.
      if (trial % 2 === 0) child.stdout!.once('data', () => child.kill('SIGKILL'))
      else setTimeout(() => child.kill('SIGKILL'), 250 + 90 * trial)
      expect(await ended).toBe('SIGKILL')
      seen.push(...numbersOf(lines))
      const folder = join(family.test.dir, 'packs')
      for (const name of await readdir(folder).catch(() => [])) {
        if (!name.startsWith('.')) {
          expect(`${await wholePack(join(folder, name))}.ncpack`).toBe(name)
        }
      }
      const out = await wholePack(outOf('killed.ncpack')).catch((error: NodeJS.ErrnoException) =>
        error.code === 'ENOENT' ? 0 : -1,
      )
      expect(out).toBeGreaterThanOrEqual(Math.max(0, ...seen))
    }
    expect(seen.length).toBeGreaterThan(3)
    expect(new Set(seen).size).toBe(seen.length)
    const { sequence } = await family.issuer.packs.build({ out: outOf('after.ncpack') })
    expect(sequence).toBeGreaterThan(Math.max(...seen))
  })

  it('need no more memory for more lists', async () => {
    const peakOf = async () => {
      const { lines, ended } = start('large.ncpack', 1)
      expect(await ended).toBe(0)
      return Number(lines.at(-1)?.split(' ')[1])
    }
    await openLists(20)
    const few = await peakOf()
    const { dir } = family.test
    const database = await openIssuerDatabase(dir, await readIssuerConfig(dataFolder(dir).config))
    const empty = { bits: 2, next_sequence: 2 ** 20, version: 0, published_at: 0 }
    const rows = Array.from({ length: 380 }, (_, at) => ({ list: at + 22, ...empty }))
    await database.kysely.insertInto('status_lists').values(rows).execute()
    await database.close()
    const many = await peakOf()
    process.stdout.write(`${engine}: peak memory ${few} MB with 21 lists, ${many} MB with 401\n`)
    // Inflated, 380 lists of 2^20 entries would be 100 MB.
    expect(many - few).toBeLessThan(60)
  }, 120_000)
})
