import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTrustDomain, testNow } from '../../../test/trust-domain.js'
import { readEventKey, readGateKey } from './gate-folder.js'
import { initVerifier } from './initialisation.js'

describe('the keys of a venue’s gates', () => {
  let dir: string
  beforeAll(async () => {
    dir = join(await mkdtemp(join(tmpdir(), 'netcert-gate-')), 'verifier')
    const { rootDid } = await createTrustDomain()
    await initVerifier({
      ...{ dir, baseUrl: 'https://venue.example', rootDid, packs: true, now: testNow },
    })
  })
  afterAll(() => rm(join(dir, '..'), { recursive: true }))

  it('are one for an event, though all its lanes are made at once', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => readEventKey(dir, 'final')))
    const later = await readEventKey(dir, 'final')
    expect(new Set([...keys, later].map((key) => key.join())).size).toBe(1)
    expect(await readEventKey(dir, 'another')).not.toEqual(later)
    expect(await readdir(join(dir, 'secrets', 'gate-events'))).toEqual(['another.key', 'final.key'])
  })

  it('are made once, by the first of several who ask', async () => {
    const told = await Promise.all(Array.from({ length: 4 }, () => readGateKey({ dir })))
    expect(new Set(told.map(({ did }) => did)).size).toBe(1)
    expect(told.filter(({ created }) => created)).toHaveLength(1)
    expect(await readGateKey({ dir })).toMatchObject({ did: told[0]?.did, created: false })
  })
})
