import type { IssuerGround } from '../issuer-assembly.js'
import { type AuditDesk, createAuditDesk } from './audit-desk.js'
import { AUDIT_KEY_ALIAS } from './audit-head.js'
import { auditFolder, openAuditMirror } from './audit-mirror.js'
import { createAuditStore } from './audit-store.js'
import { createOperatorStore } from './operator-store.js'
import { createOperatorDesk, type OperatorDesk } from './operators.js'

/** The desks of an issuer's audit log and of its operators. */
export type AuditDesks = { readonly auditLog: AuditDesk; readonly operators: OperatorDesk }

/** Puts the desks together. */
export function assembleAudit(ground: IssuerGround): AuditDesks {
  const { folder, config, database, keyStore } = ground
  const files = auditFolder(folder.dir, config)
  return {
    auditLog: createAuditDesk({
      ...ground,
      store: createAuditStore(database),
      folder: files,
      mirror: openAuditMirror(files).name,
      key: async () => (await keyStore.get(AUDIT_KEY_ALIAS))?.did,
    }),
    operators: createOperatorDesk({ ...ground, operators: createOperatorStore(database) }),
  }
}
