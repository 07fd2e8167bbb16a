// The offline pack: docs/formats/offline-pack.md.
export type { PackErrorCode } from '../errors.js'
export {
  isPackEntryType,
  type PackEntry,
  type PackEntryType,
  type PlacedPackEntry,
  packEntryTypes,
  packLimits,
  TRUST_LIST_NAME,
} from './pack-entry.js'
export {
  encodePackManifest,
  PACK_TYP,
  type PackKind,
  type PackManifest,
  parsePackManifest,
} from './pack-manifest.js'
export { encodePackHeader, PACK_MAGIC, type ReadPack, readPack } from './pack-reading.js'
export { type PackSource, packSourceOf, readPackEntry, readPackText } from './pack-source.js'
export {
  assertPackFollows,
  type PackStanding,
  type VerifiedPack,
  verifyPackManifest,
} from './pack-verification.js'
