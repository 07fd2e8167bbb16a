import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { certificateTypes, epochSeconds } from '@netcert/credential'
import { typeFileName } from './type-file-name.js'
import { makeFolder, writeAtomically } from './atomic-file.js'
import { endWardCertificates, type WardParts } from './coming-of-age.js'
import type { ExpiredRecords } from './expired-records.js'
import { IssuerError } from './issuer-error.js'
import type { IssuerKeyStore } from './issuer-key-store.js'
import type { StoredStatusList } from './list-store.js'
import {
  publishRegistrar,
  type RegistrarPublication,
  type RegistrarPublicationParts,
} from './registrar-publication.js'
import { readRootKey } from './root-key.js'
import { publishStatistics, type StatisticsParts } from './statistics.js'
import { type StatusPublicationParts, signStatusList } from './status-publication.js'
import type { TrustListFacts } from './trust-list-content.js'
import { currentTrustList } from './trust-list-signing.js'

export type PublishOptions = {
  /** Folder for the static files; made where it is missing. */
  readonly out: string
  /** The root key, where it is kept elsewhere than in the data folder: signs a new trust list. */
  readonly rootKeyFile?: string
}

export type PublishReport = {
  readonly trustList: {
    readonly sequence: number
    readonly expiresAt: Date
    /** Whether it was signed now; otherwise the stored one was written again. */
    readonly signed: boolean
  }
  readonly statusLists: readonly { readonly uri: string; readonly file: string }[]
  readonly types: readonly string[]
  /** Ward certificates ended because their child is 14 by now. */
  readonly cameOfAge: number
  /** Platforms in the public register, and the registrar's own status lists. */
  readonly register: RegistrarPublication
}

export type PublicationParts = StatusPublicationParts &
  WardParts & {
    /** As it should say now. */
    readonly facts: () => Promise<TrustListFacts>
    readonly keys: Pick<IssuerKeyStore, 'putPublished'>
    readonly registrar: RegistrarPublicationParts
    readonly statistics: StatisticsParts
    readonly expired: ExpiredRecords
    readonly rootDid: string
    /** Where the root key lies until it is moved offline. */
    readonly ownRootKeyFile: string
  }

/** Anybody may read what is published, whatever the process's umask. */
const FILE_MODE = 0o644
const FOLDER_MODE = 0o755
/** A process that keeps meeting another publisher gives up after so many rounds. */
const PUBLISH_TRIES = 8

/**
 * Writes trust list, status lists, register, statistics and type metadata as static files, each
 * replaced in one step.
 * Status lists come first: an expired trust list must not hold back a revocation.
 *
 * @throws IssuerError `root_key_needed`, `root_key_wrong`, `root_key_malformed`, `publish_busy`.
 */
export async function publish(
  parts: PublicationParts,
  options: PublishOptions,
): Promise<PublishReport> {
  const { out } = options
  for (const folder of [out, join(out, 'status'), join(out, 'types')]) {
    await makeFolder(folder, FOLDER_MODE)
  }
  const cameOfAge = await endWardCertificates(parts)
  await parts.expired.forget()
  const statusLists = []
  for (const list of await parts.lists.statusLists()) {
    const file = join('status', `${list.list}.jwt`)
    await publishStatusList(parts, list, join(out, file))
    statusLists.push({ uri: parts.places.uriOf(list.list), file })
  }
  const register = await publishRegistrar(parts.registrar, out)
  await publishStatistics(parts.statistics, out)
  const types = await publishTypes(out)
  const { facts, current } = await trustListOf(parts, options)
  const { token, ...trustList } = current
  await writeAtomically(join(out, 'trust-list.jwt'), token, FILE_MODE)
  // From now on verifiers can know the keys; the next one is not used before they all do.
  const dids = facts.issuers.flatMap(({ keys }) => keys.map(({ did }) => did))
  await parts.keys.putPublished(dids, epochSeconds(parts.clock()))
  return { trustList, statusLists, types, cameOfAge, register }
}

/**
 * Of two processes that publish at once the older version could be written last. Whoever finds a
 * newer version begun after writing writes once more, so the last file is never an older one.
 */
async function publishStatusList(
  parts: PublicationParts,
  list: StoredStatusList,
  file: string,
): Promise<void> {
  for (let tries = 0; tries < PUBLISH_TRIES; tries++) {
    const { token, version, issuedAt } = await signStatusList(parts, list)
    await writeAtomically(file, token, FILE_MODE)
    await parts.lists.putPublished(list.list, issuedAt.getTime() / 1000)
    if ((await parts.lists.versionOf(list.list)) === version) return
  }
  throw new IssuerError('publish_busy', 'Other processes keep publishing; publish after them.')
}

async function publishTypes(out: string): Promise<string[]> {
  const files: string[] = []
  for (const { vct, documentText } of certificateTypes.values()) {
    const file = join('types', typeFileName(vct))
    await writeAtomically(join(out, file), documentText, FILE_MODE)
    files.push(file)
  }
  return files
}

/**
 * The trust list as it would be published now, for a wallet on this machine that receives before
 * anything was published.
 *
 * @throws IssuerError `root_key_needed`, `root_key_wrong`, `root_key_malformed`.
 */
export async function currentTrustListToken(parts: PublicationParts): Promise<string> {
  return (await trustListOf(parts, {})).current.token
}

async function trustListOf(
  parts: PublicationParts,
  { rootKeyFile }: Pick<PublishOptions, 'rootKeyFile'>,
) {
  const file = rootKeyFile ?? ((await isThere(parts.ownRootKeyFile)) ? parts.ownRootKeyFile : null)
  const { lists, rootDid, clock } = parts
  const facts = await parts.facts()
  const current = await currentTrustList(
    { lists, facts, rootDid, now: clock() },
    file === null ? undefined : () => readRootKey(file),
    rootKeyFile !== undefined,
  )
  return { facts, current }
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
