import type { OperatorRole } from './access.js'

/** What a source file asks an operator for, and for which commands. */
export type RoleRow = {
  /** Below packages/issuer/src. */
  readonly file: string
  readonly commands: readonly string[]
  readonly role: OperatorRole
  /** Needs two of them where two are registered. */
  readonly two?: true
}

/**
 * Who may do what, in one place. A test holds it against the sources and against
 * docs/operations.md. What is missing here asks for no role: publishing, renewing accreditations,
 * retention, serving, `doctor`, `audit verify`, `operator list`, `keys list`, `platform list`.
 */
export const ROLE_TABLE: readonly RoleRow[] = [
  { file: 'recorded-import', commands: ['citizens import'], role: 'enrol' },
  { file: 'issuer', commands: ['citizens list'], role: 'enrol' },
  { file: 'minting', commands: ['mint'], role: 'enrol' },
  { file: 'offer-desk', commands: ['offer create'], role: 'enrol' },
  { file: 'presence', commands: ['presence record'], role: 'enrol' },
  { file: 'application/application-desk', commands: ['application …'], role: 'enrol' },
  { file: 'minors/custody', commands: ['guardian change'], role: 'enrol' },
  { file: 'minors/handovers', commands: ['guardian handovers'], role: 'enrol' },
  { file: 'ending/corrections', commands: ['citizens correct'], role: 'enrol' },
  { file: 'ending/recovery-contacts', commands: ['person contact …'], role: 'enrol' },
  { file: 'ending/revocation-codes', commands: ['person code'], role: 'enrol' },
  {
    file: 'ending/certificate-desk',
    commands: ['certificate suspend', 'certificate reinstate', 'certificate revoke'],
    role: 'revoke',
  },
  { file: 'ending/devices', commands: ['person devices'], role: 'revoke' },
  { file: 'minors/ward-pause', commands: ['guardian suspend'], role: 'revoke' },
  { file: 'erasure/cancellation-desk', commands: ['person cancel'], role: 'revoke' },
  { file: 'registrar', commands: ['platform revoke', 'platform remove'], role: 'revoke' },
  {
    file: 'audit/audit-desk',
    commands: ['audit list', 'audit export', 'audit mirror'],
    role: 'audit',
  },
  { file: 'reidentification', commands: ['number reidentify'], role: 'audit' },
  { file: 'officers', commands: ['number officer create', 'number officer revoke'], role: 'keys' },
  { file: 'audit/operators', commands: ['operator create', 'operator revoke'], role: 'keys' },
  { file: 'key-rotation', commands: ['keys next', 'keys activate'], role: 'keys' },
  { file: 'key-rotation', commands: ['keys revoke'], role: 'keys', two: true },
  { file: 'lists/root-rotation', commands: ['keys next', 'keys activate'], role: 'keys' },
  { file: 'lists/key-desk', commands: ['keys rotate'], role: 'keys' },
  { file: 'signing-resumption', commands: ['signer resume'], role: 'keys' },
  { file: 'registrar', commands: ['platform register', 'platform accredit'], role: 'keys' },
  { file: 'backup/backup-open', commands: ['backup create'], role: 'keys' },
]
