export {
  type Database,
  type DatabaseLocation,
  type OpenDatabaseOptions,
  openDatabase,
} from './database.js'
export { AgentError, type AgentErrorCode, isUniqueViolation } from './errors.js'
export type { KeyType } from './key-pair.js'
export { type KeyStoreSchema, keyStoreMigrations } from './key-schema.js'
export {
  type KeysApart,
  type KeyStore,
  type OpenKeyStoreOptions,
  openKeyStore,
} from './key-store.js'
export type { StoredKey } from './key-row.js'
export { createMasterKey } from './master-key.js'
export { checkMasterKey } from './master-key-check.js'
export type { Migration } from './migrations.js'
export { createNewFile } from './new-file.js'
export { type DataKey, openVault, type Vault } from './vault.js'
export { assertSafeEnvironment } from './safe-environment.js'
