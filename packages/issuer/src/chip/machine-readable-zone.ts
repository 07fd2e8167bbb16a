import type { CivilDate } from '../civil-date.js'

/** The printed forms of ICAO Doc 9303: cards (parts 5 and 6) and passports (part 4). */
export type ZoneFormat = 'TD1' | 'TD2' | 'TD3'

/** What a machine readable zone says, its check digits tried. */
export type MachineReadableZone = {
  readonly format: ZoneFormat
  /** One or two letters: `P`, `PM`, `I`, … */
  readonly documentCode: string
  /** Three letters (`CHN`, `D`, `UTO`): who issued the document. */
  readonly issuingState: string
  readonly documentNumber: string
  /** Transliterated, upper case, parts divided by single spaces; Han names as pinyin. */
  readonly familyName: string
  /** As {@link familyName}; empty where the document has one name only. */
  readonly givenName: string
  /** The year is written with two digits: the latest such day that has come. */
  readonly birthdate: CivilDate
  readonly sex: 'male' | 'female' | 'unspecified'
  /** Three letters, as {@link issuingState}. */
  readonly nationality: string
  /** The last day of validity, of this century. */
  readonly expires: CivilDate
}
