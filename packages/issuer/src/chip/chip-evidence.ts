import { createCountryTrust } from './country-trust.js'
import { type ChipContent, verifyChipUnder } from './document-chip.js'
import type { MachineReadableZone } from './machine-readable-zone.js'

/** What is checked, and when. */
export type CheckChipOptions = ChipContent & { readonly now: Date }

/** What a genuine document says about its holder. Nothing of the chip is kept beside it. */
export type ChipFacts = {
  /** The code of the machine readable zone: `P`, `PM`, `I`, … */
  readonly documentType: string
} & Omit<MachineReadableZone, 'format' | 'documentCode'>

/** Tells genuine documents of known states from all others. */
export type ChipEvidence = {
  /**
   * Passive authentication and the machine readable zone.
   *
   * @throws IssuerError `chip_…`, naming the step that failed
   */
  check(options: CheckChipOptions): ChipFacts
}

/** Whose documents count. */
export type ChipEvidenceOptions = {
  /** DER of country signing certificates, as `readMasterList` or `readCscaFolder` return them. */
  readonly cscaCertificates: readonly Uint8Array[]
}

/**
 * A checker of document chips that trusts these country signing authorities and no others.
 *
 * @throws IssuerError `csca_malformed`
 */
export function createChipEvidence({ cscaCertificates }: ChipEvidenceOptions): ChipEvidence {
  const trust = createCountryTrust(cscaCertificates)
  return {
    check: (options) => {
      const { documentCode, format: _format, ...facts } = verifyChipUnder(trust, options).mrz
      return { documentType: documentCode, ...facts }
    },
  }
}
