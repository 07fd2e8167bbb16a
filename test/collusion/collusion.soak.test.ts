import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databasesOn } from '../database-engines.js'
import { dossiersOf, type Lists, readLists } from './dossiers.js'
import { issuerMutants, withIssuerMutant } from './issuer-mutants.js'
import { type Asked, findClues, isTelling, rowsOf, seenBy } from './issuer-view.js'
import { findMatches, isSuspicious } from './matching.js'
import { mutants, withMutant } from './mutants.js'
import { createWorld, publishLists, showOneTimeCopies, type World } from './population.js'

/**
 * 1,000 people at two platforms, with a real issuer, real certificates and the wallet's schedule.
 * What chance may do is in bounds.ts. Each mutant shows that the fault it names would be found; they
 * take part of the people, since they are to be found at once.
 */
const PEOPLE = 1_000
const SOME = 150
const CANCELLED = 60

const databases = databasesOn('sqlite')
let folder = ''
let world: World
let lists: Lists

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcert-collusion-'))
  world = await createWorld({ people: PEOPLE, dir: join(folder, 'issuer'), databases })
}, 240_000)

afterAll(async () => {
  await world.close()
  await rm(folder, { recursive: true })
})

describe('an issuer that looks at all it has, knows and was told', () => {
  let asked: readonly Asked[]
  let platformIds: readonly [string, string]
  beforeAll(async () => {
    platformIds = [world.platforms[0].id, world.platforms[1].id]
    const batches = new Set(world.fetched.map(({ batch }) => batch))
    const rows = await rowsOf(join(world.dir, 'issuer.sqlite'), batches)
    asked = world.fetched
      .toSorted((one, other) => one.at - other.at)
      .map((one) => ({ ...one, rows: rows.get(one.batch) ?? [], request: requestOf(one.b) }))
  })

  it('has rows of every request, so that there is something to look at', () => {
    expect(asked).toHaveLength(2 * PEOPLE)
    expect(asked.filter(({ rows }) => rows.length === 0)).toEqual([])
  })

  it('cannot tell which platform any request is for', () => {
    const clues = findClues(seenBy(asked, platformIds))
    expect(clues.length).toBeGreaterThan(100)
    expect(clues.filter(isTelling)).toEqual([])
  })

  it.each(issuerMutants)('could tell by $name', (mutant) => {
    const some = asked.filter(({ person }) => person < SOME)
    const broken = withIssuerMutant(mutant, some, platformIds)
    expect(findClues(seenBy(broken, platformIds)).filter(isTelling)).not.toEqual([])
  })

  it('keeps neither points nor blindings nor certificates, and no platform, in any file', async () => {
    const files = await filesIn(world.dir)
    expect(files.length).toBeGreaterThan(2)
    const texts = await Promise.all(files.map((file) => readFile(file, 'latin1')))
    const sought = [...platformIds, ...world.fetched.slice(0, 200).flatMap(traces)]
    for (const text of texts) {
      expect(sought.filter((one) => text.includes(one))).toEqual([])
    }
  })
})

describe('two platforms that put together all they ever received', () => {
  beforeAll(async () => {
    const cancelled = new Set(world.fetched.map(({ citizen }) => citizen))
    for (const citizen of [...cancelled].slice(0, CANCELLED)) {
      await world.issuer.certificates.setStatus({
        target: { citizen },
        status: 'revoked',
        reason: 'citizen_asked',
      })
    }
    lists = await readLists(await publishLists(world))
  })

  it('have a number of each person, the same at every visit and no other’s', () => {
    for (const [at, platform] of world.platforms.entries()) {
      const copies = world.fetched.filter((one) => one.platform === at)
      const numbers = copies.slice(0, 100).map(({ credential, r }) => {
        return platform.openNumber({ ...pairOf(credential), r })
      })
      expect(new Set(numbers).size).toBe(100)
    }
  })

  it('join nobody more often than chance does', () => {
    const [left, right] = world.received
    const findings = findMatches(dossiersOf(left, lists), dossiersOf(right, lists))
    expect(findings.length).toBeGreaterThan(30)
    expect(findings.filter(isSuspicious)).toEqual([])
  }, 120_000)

  it('have groups of people with equal facts, and revoked ones among them', () => {
    const facts = dossiersOf(world.received[0], lists).map((dossier) => dossier.facts)
    const groups = new Map(facts.map((one) => [one, facts.filter((it) => it === one).length]))
    expect([...groups.keys()].some((one) => one.includes('status=1'))).toBe(true)
    expect(Math.max(...groups.values())).toBeGreaterThan(PEOPLE / 4)
  })

  it.each(mutants)('would join people by $name', (mutant) => {
    const [left, right] = world.received
    const [l, r] = withMutant(mutant, [left.slice(-SOME), right.slice(-SOME)])
    // Without the lists: a mutant may have moved the place in them.
    const findings = findMatches(dossiersOf(l, new Map()), dossiersOf(r, new Map()))
    expect(findings.filter(isSuspicious)).not.toEqual([])
  })
})

describe('two platforms that were shown a one-time copy each, of one batch', () => {
  it('join nobody more often than chance does, among the people who were served in one hour', async () => {
    const [left, right] = await showOneTimeCopies(world, { people: 300, hours: 3 })
    const findings = findMatches(dossiersOf(left, lists), dossiersOf(right, lists))
    expect(findings.length).toBeGreaterThan(10)
    expect(findings.filter(isSuspicious)).toEqual([])
  }, 120_000)
})

/** As the wallet writes it; the proof holds a key of the copy's own and a nonce of the issuer's. */
function requestOf(b: string): string {
  return JSON.stringify({
    credential_configuration_id: 'network-certificate-platform',
    proofs: { jwt: ['…'] },
    platform_number_blinded: b,
  })
}

type Copy = World['fetched'][number]

/** What of a copy would be known again if the issuer kept it. */
function traces({ b, r, credential }: Copy): string[] {
  const [jwt = ''] = credential.split('~')
  const { e } = pairOf(credential)
  const raw = [b, r, e].map((text) => Buffer.from(text, 'base64url').toString('latin1'))
  return [b, r, e, ...raw.map((bytes) => bytes.slice(1)), jwt.slice(-40)]
}

function pairOf(credential: string): { readonly b: string; readonly e: string } {
  for (const encoded of credential.split('~').slice(1)) {
    const text = Buffer.from(encoded, 'base64url').toString()
    if (!text.includes('"platform_number"')) continue
    return (JSON.parse(text) as [string, string, { b: string; e: string }])[2]
  }
  throw new Error('a copy without a number')
}

async function filesIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  return entries.filter((it) => it.isFile()).map((it) => join(it.parentPath, it.name))
}
