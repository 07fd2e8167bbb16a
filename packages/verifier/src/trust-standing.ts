import type { FreshnessPolicy } from '@netcert/credential'
import { agePack, type PackAge } from './offline-pack/pack-holding.js'
import { createTrustReader, type ReadTrustParts, trustPlacesOf } from './trust-reader.js'
import { policiesOf, readSettings, verifierFolder } from './verifier-folder.js'

/** What a verifier goes by at the moment. */
export type TrustStanding = {
  /** null: nothing at hand holds. */
  readonly trust: {
    readonly sequence: number
    readonly endsAt: Date
    /** A clock before it is wrong. */
    readonly timeFloor: Date
  } | null
  /** null: no offline pack is kept. */
  readonly pack: PackAge | null
  readonly policy: FreshnessPolicy
  /** Codes of what lies there and does not count. */
  readonly failures: readonly string[]
}

/**
 * Reads what a verifier's folder holds, as a start of it would. Nothing is fetched.
 *
 * @throws VerifierError `verifier_missing`, `config_invalid`
 */
export async function readTrustStanding(options: {
  readonly dir: string
  readonly now: Date
}): Promise<TrustStanding> {
  const { dir, now } = options
  const folder = verifierFolder(dir)
  const settings = await readSettings(folder)
  const reader = createTrustReader(trustPlacesOf(folder, settings))
  const read = await reader
    .read(now)
    .catch((error: unknown) => ({ trust: null, failures: [error] }))
  const holding = reader.holding()
  return {
    trust: trustOf(read.trust),
    pack: holding === null ? null : agePack(holding, now),
    policy: policiesOf(settings).freshness,
    failures: read.failures.map(codeOf),
  }
}

function trustOf(trust: ReadTrustParts['trust'] | null): TrustStanding['trust'] {
  if (trust === null) return null
  const { sequence, expiresAt: endsAt } = trust.trustList
  return { sequence, endsAt, timeFloor: new Date(trust.timeFloor * 1000) }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'fault'
}
