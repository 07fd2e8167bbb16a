import { mkdirSync, writeFileSync } from 'node:fs'
import { expect } from 'vitest'
import type { Run } from '../e2e/netcert-process.js'
import { temporaryFolder } from '../e2e/netcert-process.js'
import {
  AUDIENCE,
  at,
  DAY,
  mint,
  NONCE,
  NOW,
  present,
  root,
  signStatusList,
  STATUS_URI,
} from '../trust-ground.js'
import { type Ailment, offline, triedIn } from './machine.js'
import { type GroundEntry, makePack, type PackChanges } from './pack-ground.js'

/** A folder of packs on a machine without any network, and the commands that are run there. */
export type OfflineWalk = ReturnType<typeof startWalk>

/** Begins with an empty folder. Every run asserts that nothing so much as tried to open a socket. */
export function startWalk() {
  const folder = temporaryFolder()
  const packs = folder.at('packs')
  mkdirSync(packs)
  let count = 0
  const name = (what: string) => folder.at(`${what}-${++count}`)

  async function run(args: readonly string[], ailment: Ailment & { input?: string } = {}) {
    const record = name('record')
    const result = await offline([...args, '--json'], { clock: NOW, ...ailment, record })
    expect(triedIn(record)).toEqual([])
    return result
  }

  /** An old certificate with entry 5 on the list, shown at that moment. */
  async function verify(pack: string, clock: Date, ...more: string[]): Promise<Run> {
    const certificate = await mint({ issuedAt: at(-20 * DAY), expiresAt: at(60 * DAY) })
    const input = await present(certificate, { issuedAt: new Date(clock.getTime() - 5_000) })
    const trust = ['--trust', root.signer.did, '--pack', pack]
    const question = ['--audience', AUDIENCE, '--nonce', NONCE, '--query', 'age-over-18']
    return run(['verify', '-', ...trust, ...question, ...more], { clock, input })
  }

  async function packFile(changes: PackChanges): Promise<string> {
    const file = name('stick')
    writeFileSync(file, await makePack(changes))
    return file
  }

  /** Imports a pack into the folder. */
  async function bring(changes: PackChanges, ailment: Ailment = {}): Promise<Run> {
    const file = await packFile(changes)
    return run(['pack', 'import', file, '--packs', packs, '--trust', root.signer.did], ailment)
  }

  return { folder, packs, name, verify, packFile, bring }
}

/** One status list with these entries revoked. */
export async function listsOf(
  revoked: readonly number[],
  issuedAt: Date,
): Promise<readonly GroundEntry[]> {
  const statuses = revoked.map((index) => [index, 1] as const)
  return [['status-list', STATUS_URI, await signStatusList({ statuses, issuedAt })]]
}
