export type {
  ApplicationDesk,
  ApplicationDetails,
  ApplicationView,
} from './application/application-desk.js'
export type { ApplicationState } from './application/application-store.js'
export type { Decision } from './application/deciding.js'
export type { AddedEvidence } from './application/evidence-recording.js'
export {
  createLivenessStatement,
  LIVENESS_TYP,
  livenessSchema,
} from './application/presence-evidence.js'
export { type ApplicationPurposes, applicationPurposes } from './application/purposes.js'
export { OPERATOR_REFUSALS, REFUSAL_TEXTS } from './application/refusal-texts.js'
export { OPERATOR_ROLES, type OperatorRole } from './audit/access.js'
export { type AuditDesk, verifyAuditFiles } from './audit/audit-desk.js'
export type { AuditEntry, AuditEventName } from './audit/audit-entry.js'
export { auditFolder, readMirror } from './audit/audit-mirror.js'
export type { AuditFault, AuditVerification } from './audit/audit-verification.js'
export type { CreateOperatorOptions, Operator, OperatorDesk } from './audit/operators.js'
export { type LoginCodeMessage, type LoginCodeSender, operatorLogSender } from './as-login-code.js'
export type { AuthenticSource, CitizenRegister, SourceCitizen } from './authentic-source.js'
export type { ImportCounts, ImportOptions, ImportReport, RefusedRow } from './citizen-import.js'
export { CITIZEN_COLUMNS, type CitizenColumn, type RowNormalisation } from './citizen-row.js'
export { ageOn, type CivilDate, civilDateAt } from './civil-date.js'
export { COPY_POLICIES, type CopyKind, type CopyPolicy, copyPolicy } from './copy-policy.js'
export type { CertificateDesk, SetStatusOptions, StatusReport } from './ending/certificate-desk.js'
export type { Device } from './ending/devices.js'
export type { EndingDesk } from './ending/ending-assembly.js'
export { revocationPageOf } from './ending/revocation-page-address.js'
export { REVOCATION_TEXTS } from './ending/revocation-texts.js'
export { DOCUMENT_COLUMNS, type DocumentImportReport } from './document-import.js'
export type { Problem, ProblemCode } from './examination.js'
export type { InitOptions, InitReport } from './initialisation.js'
export type { CitizenPage, ListCitizensOptions } from './citizen-page.js'
export { Issuer } from './issuer.js'
export { IssuerError, type IssuerErrorCode } from './issuer-error.js'
export { type IssuerKey, type KeyState, ROTATED_USES, type RotatedUse } from './issuer-keys.js'
export type { ActivateKeyOptions, NextKeyOptions, RevokeKeyOptions } from './key-rotation.js'
export type { KeyDesk } from './lists/key-desk.js'
export type { ListsDesk } from './lists/lists-desk.js'
export type { ListsStanding } from './lists/lists-standing.js'
export type { PublicationFailure, TickWork } from './lists/publication-steps.js'
export type { BuildPackOptions, BuiltPack } from './offline-pack/pack-building.js'
export type { PackDesk } from './offline-pack/pack-desk.js'
export { type PackFile, packFileOf } from './offline-pack/pack-folder.js'
export { openOfferDesk, type OfferDesk } from './offer-desk.js'
export type { MintedBatch, MintOptions } from './minting.js'
export type { CustodyReport } from './minors/custody.js'
export type { Handover } from './minors/handovers.js'
export type { MinorDesk } from './minors/minor-desk.js'
export type { NumberDesk } from './number-desk.js'
export type { CreateOfficerOptions, Officer } from './officers.js'
export {
  addPlatformNumberKey,
  examineIssuer,
  initIssuer,
  type OpenedIssuer,
  type OpenIssuerOptions,
  openIssuer,
} from './open.js'
export type { CancelReport } from './person-cancellation.js'
export type { PresenceCheck, RecordedPresence } from './presence.js'
export type { NumberCase, Reidentified, ReidentifyOptions } from './reidentification.js'
export type { PublicationRun, PublishOptions, PublishReport } from './publication.js'
export { ROW_REFUSAL_CODES, rowFinding, type RowRefusal } from './row-refusal.js'
export { type SampleCitizensOptions, sampleCitizens } from './sample-citizens.js'
export { STATUS_REASONS, type StatusName, type StatusReason } from './status-change.js'
export type { CreatedOffer } from './vci-offers.js'
