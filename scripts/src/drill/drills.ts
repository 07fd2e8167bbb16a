import type { Drill } from './drill.js'
import { databaseLost, databaseRolledBack, diskFull } from './database-drills.js'
import { issuerKeyStolen, wrongMasterKey } from './key-drills.js'
import { clockOff, statusKeyLost, trustListExpiring } from './list-drills.js'

/** Everything that can be practised, in the order of the operations page. */
export const drills: readonly Drill[] = [
  trustListExpiring,
  statusKeyLost,
  issuerKeyStolen,
  databaseRolledBack,
  clockOff,
  diskFull,
  wrongMasterKey,
  databaseLost,
]
