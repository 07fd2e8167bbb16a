import type { Database, KeyStore, Vault } from '@netcert/agent'
import { assembleApplications } from './application/application-assembly.js'
import type { Access } from './audit/access.js'
import type { AuditCarrying } from './audit/audit-carrying.js'
import { assembleAudit } from './audit/audit-assembly.js'
import type { AuditTrail } from './audit/audit-trail.js'
import { createPersonStore } from './person-store.js'
import { createCitizenRegister } from './authentic-source.js'
import { createAuditStore } from './audit/audit-store.js'
import { UNFINISHED_FACT } from './backup/backup-store.js'
import { renewPersonKeys } from './backup/person-keys-renewal.js'
import type { CertificateSigner } from './certificate-signer.js'
import type { IssuerConfig } from './config.js'
import type { DataFolder } from './data-folder.js'
import { assembleEnding } from './ending/ending-assembly.js'
import { Issuer } from './issuer.js'
import { assembleErasure } from './erasure/erasure-assembly.js'
import { IssuerError } from './issuer-error.js'
import { assemblePeople } from './issuer-people.js'
import { assembleMinors, guardianEvidence } from './minors/minor-assembly.js'
import { createIssuerKeys, keyMissing } from './issuer-keys.js'
import { openIssuerSigners } from './issuer-signers.js'
import { keyModesOf } from './key-modes.js'
import { assembleLists } from './lists/lists-assembly.js'
import type { IssuerSchema } from './issuer-schema-store.js'
import type { SignatureStore } from './signature-store.js'
import { createSourceStore, type SourceSchema, type SourceStore } from './source-store.js'
import { createStatusPlaces } from './status-places.js'
import { createIssuerStore, type IssuerStore } from './store.js'
import { type IssuerDids, KEY_ALIASES, trustListFacts } from './trust-list-content.js'
import type { RequestKeys } from './vci-request-keys.js'

/** What has to be open before there is an issuer. */
export type IssuerGround = {
  readonly config: IssuerConfig
  readonly folder: DataFolder
  readonly vault: Vault
  readonly keyStore: KeyStore
  readonly database: Database<IssuerSchema>
  readonly sourceDatabase: Database<SourceSchema>
  readonly rootDid: string
  readonly clock: () => Date
  /** In this process, or one of its own. */
  readonly certificates: CertificateSigner
  readonly signatures: SignatureStore
  readonly requestKeys: RequestKeys
  readonly audit: AuditTrail
  readonly carrying: AuditCarrying
  readonly access: Access
}

/** Name of the row that says which environment a database belongs to. */
export const ENVIRONMENT_FACT = 'environment'

/**
 * Puts an issuer together.
 *
 * @throws IssuerError `environment_mismatch` for a database of another folder, `key_missing`.
 */
export async function assembleIssuer(ground: IssuerGround): Promise<Issuer> {
  const { vault, certificates, audit, access, clock } = ground
  const store = createIssuerStore(ground.database)
  const sourceStore = createSourceStore(ground.sourceDatabase)
  await assertOwn(ground, store, sourceStore)
  const register = createCitizenRegister({ store: sourceStore, vault })
  const people = assemblePeople(ground, { store, register })
  const { enrolment } = people
  const minors = assembleMinors(ground, { store, register, enrolment })
  const { batches, lists } = store
  const places = createStatusPlaces({ lists, vault, baseUrl: ground.config.base_url })
  const published = await assembleKeys(ground, store)
  const signers = await openIssuerSigners({ ...ground, keys: published.keys })
  const signer = signers.status
  const held = { store, coolDowns: people.coolDowns, keys: published.keys, places, signer }
  const { expired, undoEnrolment, ...erasing } = assembleErasure(ground, held)
  const { presented } = erasing
  const known = { register, enrolment }
  const { desks, contactEvidence } = assembleEnding(ground, { ...known, store, presented })
  const applications = assembleApplications(ground, {
    ...{ ...known, signer, undoEnrolment, contactEvidence },
    assertWard: (wish) => minors.desk.assertWard(wish),
    assertCitizen: (citizen, ids) => minors.desk.assertOwn(citizen, ids),
    guardianEvidence: guardianEvidence(ground, { presented, source: register }),
  })
  const planned = { enrolment, batches, places, links: minors.links }
  const tickWork = ticksBesides(ground, () => desks.certificates.endDue())
  return new Issuer({
    ...{ register, store, clock, applications, minors: minors.desk },
    minting: { ...planned, certificates, audit, access, clock },
    ...assembleLists(ground, {
      ...{ ...published, store, places, signers, expired, tickWork },
      birthdays: minors.birthdays,
    }),
    ...people.parts,
    ...erasing,
    ...desks,
    ...assembleAudit(ground),
  })
}

/** @throws IssuerError `environment_mismatch`, `restore_unfinished` */
async function assertOwn(
  { config }: IssuerGround,
  { lists }: IssuerStore,
  source: SourceStore,
): Promise<void> {
  assertEnvironment(config, await lists.getFact(ENVIRONMENT_FACT))
  assertEnvironment(config, await source.getFact(ENVIRONMENT_FACT))
  assertFinished(await lists.getFact(UNFINISHED_FACT))
}

/** What a tick does besides publishing. */
function ticksBesides(ground: IssuerGround, endDue: () => Promise<number>) {
  return [
    { name: 'suspensions', run: endDue },
    { name: 'person_keys', run: () => renewPersonKeys({ ...ground, ...backedUp(ground) }) },
  ]
}

/** The keys as they are at each moment, and what a trust list would say of them then. */
async function assembleKeys({ config, keyStore }: IssuerGround, { issuerKeys }: IssuerStore) {
  const createdAt = new Date(config.created_at)
  const dids = await issuerDids(keyStore)
  const keys = createIssuerKeys({ store: issuerKeys, keyStore, createdAt })
  const said = { dids, baseUrl: config.base_url, keyModes: keyModesOf(config) }
  const facts = async () => trustListFacts({ ...said, keys: await keys.all() })
  return { keys, facts, createdAt }
}

/** The identifiers of the issuer's keys. @throws IssuerError `key_missing`. */
export async function issuerDids(keyStore: KeyStore): Promise<IssuerDids> {
  const didOf = async (alias: string): Promise<string> => {
    const key = await keyStore.get(alias)
    if (key !== undefined) return key.did
    throw keyMissing(alias)
  }
  return {
    credential: await didOf(KEY_ALIASES.credential),
    status: await didOf(KEY_ALIASES.status),
    registrar: await didOf(KEY_ALIASES.registrar),
    pack: await didOf(KEY_ALIASES.pack),
  }
}

/** @throws IssuerError `environment_mismatch` for a database of another folder. */
export function assertEnvironment(config: IssuerConfig, found: string | undefined): void {
  if (found === config.environment) return
  throw new IssuerError(
    'environment_mismatch',
    'The database belongs to another data folder; name the folder and database that go together.',
  )
}

/** What the keys beside the backups hang on. */
function backedUp({ folder, database }: IssuerGround) {
  const lastCancelled = () => createAuditStore(database).lastOf('person_cancelled')
  return { dir: folder.dir, persons: createPersonStore(database), lastCancelled }
}

/** @throws IssuerError `restore_unfinished` for a restored database that could give an index twice. */
function assertFinished(unfinished: string | undefined): void {
  if (unfinished === undefined) return
  throw new IssuerError(
    'restore_unfinished',
    'A restore of the database broke off; remove that database and run netcert restore again.',
  )
}
