import { join } from 'node:path'
import { certificateTypes, epochSeconds } from '@netcert/credential'
import type { AuditTrail } from './audit/audit-trail.js'
import { makeFolder, writeAtomically } from './atomic-file.js'
import { endWardCertificates, type WardParts } from './coming-of-age.js'
import type { ExpiredRecords } from './expired-records.js'
import type { IssuerKeyStore } from './issuer-key-store.js'
import type { IssuerKey } from './issuer-keys.js'
import {
  createSteps,
  type PublicationFailure,
  type PublicationSteps,
  type TickWork,
} from './lists/publication-steps.js'
import { rootKeyFile as ownRootKeyFile } from './lists/root-rotation.js'
import { type ListPublishingParts, publishStatusList } from './lists/status-list-publishing.js'
import { type PackPublicationParts, publishNewestPack } from './offline-pack/pack-publication.js'
import {
  publishRegistrar,
  type RegistrarPublication,
  type RegistrarPublicationParts,
} from './registrar-publication.js'
import { isKeyFileThere } from './private-key-file.js'
import { readRootKey } from './root-key.js'
import type { SignatureStore } from './signature-store.js'
import { publishStatistics, type StatisticsParts } from './statistics.js'
import type { TrustListFacts } from './trust-list-content.js'
import { currentTrustList } from './trust-list-signing.js'
import { typeFileName } from './type-file-name.js'

export type PublishOptions = {
  /** Folder for the static files; made where it is missing. */
  readonly out: string
  /** The root key, where it is kept elsewhere than in the data folder: signs a new trust list. */
  readonly rootKeyFile?: string
  /**
   * Status lists as of the tick: however often and by whom this is called, a tick has one version of
   * each list, so that nobody can tell what was revoked together. Without it, as of this moment.
   */
  readonly atTick?: boolean
  /** What is done before, each as a step of its own. */
  readonly also?: readonly TickWork[]
}

export type PublishReport = {
  readonly trustList: {
    readonly sequence: number
    readonly expiresAt: Date
    /** Whether it was signed now; otherwise the stored one was written again. */
    readonly signed: boolean
  }
  readonly statusLists: readonly {
    readonly uri: string
    readonly file: string
    /** Whether there is a new version of it. */
    readonly signed: boolean
  }[]
  readonly types: readonly string[]
  /** Ward certificates ended because their child is 14 by now. */
  readonly cameOfAge: number
  /** Platforms in the public register, and the registrar's own status lists. */
  readonly register: RegistrarPublication
  /** Number of the offline pack that lies beside the lists; `null` where there is none. */
  readonly pack: number | null
}

/** What a run of the job came to: what could not be done does not keep the rest. */
export type PublicationRun = Omit<PublishReport, 'trustList'> & {
  /** `null` where it could not be written; the one there was stays. */
  readonly trustList: PublishReport['trustList'] | null
  readonly failed: readonly PublicationFailure[]
}

export type PublicationParts = ListPublishingParts &
  WardParts & {
    /** As it should say now. */
    readonly facts: () => Promise<TrustListFacts>
    readonly keys: Pick<IssuerKeyStore, 'putPublished'>
    readonly registrar: RegistrarPublicationParts
    readonly statistics: StatisticsParts
    readonly packs: PackPublicationParts
    readonly expired: ExpiredRecords
    /** What else is due at each tick. */
    readonly tickWork: readonly TickWork[]
    readonly audit: AuditTrail
    readonly signatures: Pick<SignatureStore, 'lastNumber'>
    /** The root that signs now. */
    readonly root: () => Promise<Pick<IssuerKey, 'alias' | 'did'>>
    /** Where a root key lies until it is moved offline. */
    readonly secrets: string
  }

/** Anybody may read what is published, whatever the process's umask. */
const FILE_MODE = 0o644
const FOLDER_MODE = 0o755

/**
 * Writes trust list, status lists, register, statistics and type metadata as static files, each
 * replaced in one step. All is tried before the first failure is thrown.
 *
 * @throws IssuerError `root_key_needed`, `root_key_wrong`, `root_key_malformed`, `publish_busy`.
 */
export async function publish(
  parts: PublicationParts,
  options: PublishOptions,
): Promise<PublishReport> {
  const { failed, trustList, ...report } = await runPublication(parts, options)
  const [first] = failed
  if (first !== undefined) throw first.error
  if (trustList === null) throw new TypeError('what did not fail was done')
  return { trustList, ...report }
}

/** The same as the job does it: each step by itself, and a report of those that failed. */
export async function runPublication(
  parts: PublicationParts,
  options: PublishOptions,
): Promise<PublicationRun> {
  const { out, also = [] } = options
  const steps = createSteps(parts.published, epochSeconds(parts.clock()))
  await steps.run('folder', async () => {
    for (const folder of [out, join(out, 'status'), join(out, 'types')]) {
      await makeFolder(folder, FOLDER_MODE)
    }
  })
  const cameOfAge = (await steps.run('coming_of_age', () => endWardCertificates(parts))) ?? 0
  await steps.run('expired', () => parts.expired.forget())
  for (const { name, run } of [...also, ...parts.tickWork]) await steps.run(name, run)
  const statusLists = await publishStatusLists(parts, steps, options)
  const register = await publishRegistrar(parts.registrar, steps, out)
  await steps.run('statistics', () => publishStatistics(parts.statistics, out))
  const pack = (await steps.run('pack', () => publishNewestPack(parts.packs, out))) ?? null
  const types = (await steps.run('types', () => publishTypes(out))) ?? []
  const trustList = (await steps.run('trust_list', () => publishTrustList(parts, options))) ?? null
  await steps.run('audit', () => record(parts, { statusLists, trustList }))
  return { trustList, statusLists, types, cameOfAge, register, pack, failed: steps.failed }
}

async function publishStatusLists(
  parts: PublicationParts,
  steps: PublicationSteps,
  { out, atTick = false }: PublishOptions,
): Promise<PublishReport['statusLists']> {
  const written: { uri: string; file: string; signed: boolean }[] = []
  await steps.run('status_lists', async () => {
    for (const list of await parts.lists.statusLists()) {
      const file = join('status', `${list.list}.jwt`)
      const place = { file: join(out, file), atTick }
      const step = `status/${list.list}`
      const done = await steps.run(step, () => publishStatusList(parts, list, place))
      if (done !== undefined) written.push({ uri: parts.places.uriOf(list.list), file, ...done })
    }
  })
  return written
}

async function publishTrustList(
  parts: PublicationParts,
  options: PublishOptions,
): Promise<PublishReport['trustList']> {
  const { facts, current } = await trustListOf(parts, options)
  const { token, ...trustList } = current
  await writeAtomically(join(options.out, 'trust-list.jwt'), token, FILE_MODE)
  // From now on verifiers can know the keys; the next one is not used before they all do.
  const listed = [...facts.issuers.flatMap(({ keys }) => keys), ...facts.registrars]
  const roots = facts.nextRoot === null ? [] : [facts.nextRoot]
  const dids = [...listed.map(({ did }) => did), ...roots]
  await parts.keys.putPublished(dids, epochSeconds(parts.clock()))
  return trustList
}

/** Puts on record what was signed for this; a run that only wrote files again did nothing. */
async function record(
  { audit, signatures, lists, registrar }: PublicationParts,
  { statusLists, trustList }: Pick<PublicationRun, 'statusLists' | 'trustList'>,
): Promise<void> {
  const signed = statusLists.filter((list) => list.signed).length
  if (signed === 0 && trustList?.signed !== true) return
  const own = await lists.statusLists()
  const others = await registrar.accreditations.lists()
  // A log that is kept elsewhere tells what a database that was set back has forgotten.
  const details = {
    status_lists: signed,
    status_list: Math.max(0, ...own.map(({ list }) => list)),
    registrar_list: Math.max(0, ...others.map(({ list }) => list)),
    trust_list: trustList?.sequence ?? null,
    signatures: await signatures.lastNumber(),
  }
  await audit.record(() =>
    Promise.resolve({ result: null, event: { event: 'published', details } }),
  )
  await audit.signHead()
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
export async function currentTrustListToken(
  parts: PublicationParts,
  options: Pick<PublishOptions, 'rootKeyFile'> = {},
): Promise<string> {
  return (await trustListOf(parts, options)).current.token
}

async function trustListOf(
  parts: PublicationParts,
  { rootKeyFile }: Pick<PublishOptions, 'rootKeyFile'>,
) {
  const { lists, clock, secrets } = parts
  const { alias, did: rootDid } = await parts.root()
  const own = ownRootKeyFile(secrets, alias)
  const file = rootKeyFile ?? ((await isKeyFileThere(own)) ? own : null)
  const facts = await parts.facts()
  const current = await currentTrustList(
    { lists, facts, rootDid, now: clock() },
    file === null ? undefined : () => readRootKey(file),
    rootKeyFile !== undefined,
  )
  return { facts, current }
}
