import { join } from 'node:path'
import { epochSeconds } from '@netcert/credential'
import { writeAtomically } from '../atomic-file.js'
import { IssuerError } from '../issuer-error.js'
import type { StoredIssuerKey } from '../issuer-key-store.js'
import { aliasOf, type IssuerKey } from '../issuer-keys.js'
import { type KeyDeskParts, namedKey, NOTHING_YET } from '../key-rotation.js'
import { isKeyFileThere } from '../private-key-file.js'
import { createRootKey, readRootKey } from '../root-key.js'
import { ROOT_LEAD_SECONDS } from './key-plan.js'
import { assertLead, nextExists, nextMissing } from './next-key.js'

/** A root has no window on a list; its row ends at a day nobody meets. */
const ROOT_LIFETIME_SECONDS = 100 * 365 * 86_400

export type NextRootOptions = {
  /** Where its key file is made; `secrets/root-<n>.key` when nothing else is said. */
  readonly keyFile?: string
}

export type ActivateRootOptions = {
  /** The next root's key file, where it was moved away: whoever activates can sign with it. */
  readonly keyFile?: string
  readonly emergency: boolean
}

/** What an operator can do with the root of the trust domain. */
export type RootRotation = {
  /** The root of now, and those before and after it. */
  list(): Promise<readonly IssuerKey[]>
  /**
   * Makes the next root and its key file; the next trust list announces it, signed by the old root.
   *
   * @throws IssuerError `next_key_exists`, `root_key_wrong`, `root_key_malformed`, `operator_…`.
   */
  next(options: NextRootOptions): Promise<IssuerKey & { readonly keyFile: string }>
  /**
   * Has the next root sign from now on, and writes it to `root.did`. Verifiers that saw the
   * announcement follow with the first list it signs.
   *
   * @throws IssuerError `next_key_missing`, `next_key_early`, `root_key_needed`, `root_key_wrong`,
   *   `root_key_malformed`, `operator_…`.
   */
  activate(options: ActivateRootOptions): Promise<IssuerKey>
}

export type RootRotationParts = KeyDeskParts & {
  /** As `root.did` said when this process began: the first root, while there was no other. */
  readonly rootDid: string
  readonly createdAt: Date
}

/** Rotation of the root. */
export function createRootRotation(parts: RootRotationParts): RootRotation {
  return {
    async list() {
      const roots = (await parts.keys.all()).filter(({ use }) => use === 'root')
      return roots.length > 0 ? roots : [firstRoot(parts)]
    },
    next: (options) => makeNext(parts, options),
    activate: (options) => activate(parts, options),
  }
}

/** The root that signs now: trust lists by anybody else are nobody's. */
export async function activeRoot({
  keys,
  rootDid,
}: Pick<RootRotationParts, 'keys' | 'rootDid'>): Promise<Pick<IssuerKey, 'alias' | 'did'>> {
  const active = (await keys.all()).find(({ use, state }) => use === 'root' && state === 'active')
  return active ?? { alias: aliasOf('root', 1), did: rootDid }
}

/** Where the key of a root lies until it is moved offline. */
export function rootKeyFile(secrets: string, alias: string): string {
  return join(secrets, alias === aliasOf('root', 1) ? 'root.key' : `${alias}.key`)
}

async function makeNext(parts: RootRotationParts, options: NextRootOptions) {
  const { keys, store, folder, audit, clock } = parts
  parts.access.require('keys')
  const known = (await keys.all()).filter(({ use }) => use === 'root')
  if (known.some(({ state }) => state === 'next')) throw nextExists('root')
  const alias = aliasOf('root', Math.max(known.length, 1) + 1)
  const keyFile = options.keyFile ?? rootKeyFile(folder.secrets, alias)
  const did = await rootMadeOrBrought(parts, keyFile)
  const at = epochSeconds(clock())
  const window = { not_before: at, not_after: at + ROOT_LIFETIME_SECONDS }
  const row = { alias, key_use: 'root', did, state: 'next', ...window, ...NOTHING_YET }
  const first = [...(await keys.first()), ...(known.length === 0 ? [firstRow(parts)] : [])]
  const step = { first, row, retiredLiveSeconds: ROOT_LIFETIME_SECONDS }
  const made = await store.putNext(step, (trx) =>
    audit.append(trx, { event: 'key_made', subject: alias, details: { use: 'root' } }),
  )
  if (!made) throw nextExists('root')
  await audit.settle()
  return { ...(await namedKey(parts, alias)), keyFile }
}

/**
 * A file that is there is taken: an interrupted run left it, or it was made on a machine of its own.
 * It is never overwritten.
 */
async function rootMadeOrBrought(
  { config, keys, rootDid }: RootRotationParts,
  file: string,
): Promise<string> {
  const isThere = await isKeyFileThere(file)
  const { did } = await (isThere ? readRootKey(file) : createRootKey(file, config.algorithm))
  const known = (await keys.all()).some((key) => key.did === did)
  if (!known && did !== rootDid) return did
  const text = `${file} is the key of a root that there was already; name another file.`
  throw new IssuerError('root_key_wrong', text)
}

async function activate(
  parts: RootRotationParts,
  { keyFile, emergency }: ActivateRootOptions,
): Promise<IssuerKey> {
  const { keys, store, folder, audit, clock } = parts
  parts.access.require('keys')
  const next = (await keys.all()).find(({ use, state }) => use === 'root' && state === 'next')
  if (next === undefined) throw nextMissing('root')
  assertLead(next, { now: clock(), emergency, leadSeconds: ROOT_LEAD_SECONDS })
  // Whoever cannot sign with it would leave the domain without a trust list.
  const { did } = await readRootKey(keyFile ?? rootKeyFile(folder.secrets, next.alias))
  if (did !== next.did) {
    const text =
      'That is not the key of the root that was announced; bring the file keys next made.'
    throw new IssuerError('root_key_wrong', text)
  }
  const details = { use: 'root', emergency }
  const isActive = await store.activate('root', epochSeconds(clock()), (trx) =>
    audit.append(trx, { event: 'key_activated', subject: next.alias, details }),
  )
  if (!isActive) throw nextMissing('root')
  await audit.settle()
  await writeAtomically(folder.rootDid, `${next.did}\n`, 0o644)
  return namedKey(parts, next.alias)
}

function firstRow({ rootDid, createdAt }: RootRotationParts): StoredIssuerKey {
  const at = epochSeconds(createdAt)
  return {
    ...{ alias: aliasOf('root', 1), key_use: 'root', did: rootDid, state: 'active' },
    ...{ not_before: at, not_after: at + ROOT_LIFETIME_SECONDS },
    ...{ ...NOTHING_YET, published_at: at, activated_at: at },
  }
}

function firstRoot(parts: RootRotationParts): IssuerKey {
  const { alias, did, not_after: end } = firstRow(parts)
  const since = { publishedAt: parts.createdAt, activatedAt: parts.createdAt }
  return {
    ...{ alias, did, use: 'root', state: 'active', notBefore: parts.createdAt, ...since },
    ...{ notAfter: new Date(end * 1000), retiredAt: null, revokedAt: null, revokedSince: null },
  }
}
