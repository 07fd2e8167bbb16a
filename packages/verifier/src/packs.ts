// The door `@netcert/verifier/packs`: offline packs in folders and files, on Node.
export { openPackFile, type PackFile } from './offline-pack/pack-file.js'
export { type PackFolder, readPacks, takeInFile } from './offline-pack/pack-folder.js'
export { type ImportedPack, importPack, type KeptPacks } from './offline-pack/pack-import.js'
export { packFloors } from './trust-floor.js'
export { packFetcher, type PackPlace } from './offline-pack/pack-download.js'
export { keptPacksOf } from './trust-reader.js'
