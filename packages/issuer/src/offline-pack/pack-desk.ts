import {
  type BuildPackOptions,
  type BuiltPack,
  buildPack,
  type PackBuildingParts,
} from './pack-building.js'

/** The offline packs of an issuer. */
export type PackDesk = {
  /**
   * Builds the next pack, full or as the changes since an earlier one. Asks for no role: it gives out
   * nothing but what `publish` does.
   *
   * @throws IssuerError `pack_base_unknown`, `pack_unusable`, `root_key_needed`, `root_key_wrong`,
   *   `root_key_malformed`, `publish_busy`, `signing_key_none`; what the disk says
   */
  build(options: BuildPackOptions): Promise<BuiltPack>
}

/** The desk of packs. */
export function createPackDesk(parts: PackBuildingParts): PackDesk {
  return { build: (options) => buildPack(parts, options) }
}
