import { IssuerError } from '../issuer-error.js'
import type { MachineReadableZone } from './machine-readable-zone.js'

/** What was read from the chip of a document. */
export type ChipContent = {
  /** EF.SOD as it stands on the chip, tag 77 included. */
  readonly sod: Uint8Array
  /** Data groups by number (1 to 16), each as it stands on the chip; 1 is needed. */
  readonly dataGroups: ReadonlyMap<number, Uint8Array>
}

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

/** A checker of document chips that trusts these country signing authorities and no others. */
export function createChipEvidence(_options: ChipEvidenceOptions): ChipEvidence {
  return {
    check() {
      throw new IssuerError('chip_issuer_unknown', 'No country signing certificate is trusted.')
    },
  }
}
