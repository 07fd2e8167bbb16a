export {
  type Database,
  type DatabaseLocation,
  type OpenDatabaseOptions,
  openDatabase,
} from './database.js'
export { AgentError, type AgentErrorCode, isUniqueViolation } from './errors.js'
export type { Migration } from './migrations.js'
