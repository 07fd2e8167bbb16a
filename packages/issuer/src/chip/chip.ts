// The door `@netcert/issuer/chip`: apart from the main one, because its libraries take as long to
// load as all the rest, and only an office that reads chips needs them.
export {
  type CheckChipOptions,
  type ChipEvidence,
  type ChipEvidenceOptions,
  type ChipFacts,
  createChipEvidence,
} from './chip-evidence.js'
export { type CscaFolder, readCscaFolder } from './csca-folder.js'
export {
  type ChipContent,
  type DocumentSigner,
  type VerifiedChip,
  verifyDocumentChip,
  type VerifyDocumentChipOptions,
} from './document-chip.js'
export type { MachineReadableZone, ZoneFormat } from './machine-readable-zone.js'
export { type MasterList, readMasterList, type ReadMasterListOptions } from './master-list.js'
export { SAMPLE_ALGORITHMS, type SampleAlgorithm } from './sample-algorithm.js'
export {
  createSampleAuthority,
  type SampleAuthority,
  type SampleAuthorityOptions,
} from './sample-authority.js'
export { parseSampleDocument } from './sample-document.js'
export type { SampleDocument } from './sample-zone.js'
