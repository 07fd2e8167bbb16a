import type { Database, KeyStore } from '@netcert/agent'
import type { IssuerConfig } from '../config.js'
import type { IssuerSchema } from '../issuer-schema-store.js'
import { type Access, type Actor, openAccess } from './access.js'
import { createAuditCarrying, type AuditCarrying } from './audit-carrying.js'
import { openHeadSigner } from './audit-head.js'
import { auditFolder, openAuditMirror } from './audit-mirror.js'
import { createAuditStore } from './audit-store.js'
import { type AuditTrail, createAuditTrail } from './audit-trail.js'
import {
  activeOperators,
  assertActiveOperator,
  type OperatorKeyFiles,
  readOperators,
} from './operator-actor.js'
import { createOperatorStore } from './operator-store.js'

export type OpenAuditOptions = OperatorKeyFiles & {
  readonly dir: string
  /** Where the folder will lie, while it is made elsewhere. */
  readonly place?: string
  readonly config: IssuerConfig
  readonly database: Database<IssuerSchema>
  readonly keyStore: KeyStore
  readonly clock: () => Date
  /** Who is at work, where no key file says it. */
  readonly actor?: Actor | undefined
}

/** The audit log of a process, and who is at work in it. */
export type OpenedAudit = {
  readonly audit: AuditTrail
  readonly access: Access
  readonly carrying: AuditCarrying
}

/**
 * Opens the audit log of a data folder.
 *
 * @throws IssuerError `operator_key_malformed`, `operator_unknown`, `operator_revoked`,
 *   `operator_repeated`, `operator_needed`.
 */
export async function openAudit(options: OpenAuditOptions): Promise<OpenedAudit> {
  const { dir, config, database, keyStore, clock } = options
  const operators = createOperatorStore(database)
  const actor = options.actor ?? (await readOperators(operators, options))
  const store = createAuditStore(database)
  const carrying = createAuditCarrying({
    store,
    mirror: openAuditMirror(auditFolder(dir, config), auditFolder(options.place ?? dir, config)),
    headSigner: () => openHeadSigner(keyStore, config.algorithm),
    clock,
  })
  const assertActive: Parameters<typeof createAuditTrail>[0]['assertActive'] = (trx, id) =>
    assertActiveOperator(operators, id, trx)
  return {
    audit: createAuditTrail({ store, carrying, actor, assertActive, clock }),
    access: openAccess(actor, await activeOperators(operators)),
    carrying,
  }
}

/** The first entry of the audit log names the key that its heads are signed with. */
export async function recordBegin(
  ground: Omit<OpenAuditOptions, 'clock'>,
  now: Date,
): Promise<void> {
  const { did } = await openHeadSigner(ground.keyStore, ground.config.algorithm)
  const { audit } = await openAudit({ ...ground, clock: () => now })
  const event = { event: 'issuer_initialised', details: { audit_key: did } } as const
  await audit.record(() => Promise.resolve({ result: undefined, event }))
  await audit.close()
}
