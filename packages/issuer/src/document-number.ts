import type { CivilDate } from './civil-date.js'

/** Kinds of documents the authentic source knows; the codes of the claim `document_type`. */
export const DOCUMENT_TYPES = [
  'resident_id',
  'passport',
  'foreign_permanent_resident',
  'hk_macao_resident_permit',
  'taiwan_resident_permit',
  'mainland_travel_permit_hk_macao',
  'mainland_travel_permit_taiwan',
] as const

export type DocumentType = (typeof DOCUMENT_TYPES)[number]

/**
 * Numbers without a check character of their own. Cards of the 18-digit form, which carry a
 * birth date and a check character, are read by `RESIDENT_FORM` first.
 */
const OLD_FORMS: Readonly<Record<DocumentType, RegExp | undefined>> = {
  resident_id: undefined,
  passport: /^(?=.*\d)[A-Z0-9]{6,9}$/,
  foreign_permanent_resident: /^[A-Z]{2,3}\d{12,13}$/,
  hk_macao_resident_permit: /^[A-Z]{1,2}\d{7,8}$/,
  taiwan_resident_permit: /^[A-Z]{1,2}\d{7,8}$/,
  mainland_travel_permit_hk_macao: /^[A-Z]{1,2}\d{7,10}$/,
  // A card has 8 digits; the booklet before it 10, and a letter for the times it was renewed.
  mainland_travel_permit_taiwan: /^\d{8}(?:\d{2}[A-Z]?)?$/,
}

/** The 18 characters of GB 11643: area 6, birth date 8, order 3, check 1. */
const RESIDENT_FORM = /^\d{17}[\dX]$/

const RESIDENT_FORM_TYPES: ReadonlySet<DocumentType> = new Set([
  'resident_id',
  'foreign_permanent_resident',
  'hk_macao_resident_permit',
  'taiwan_resident_permit',
])

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECK_CHARACTERS = '10X98765432'

/** What a document number says of itself. */
export type DocumentNumberReading =
  | { readonly form: 'resident'; readonly birthdate: CivilDate }
  | { readonly form: 'other' }
  | { readonly form: 'bad'; readonly reason: 'document_number' | 'document_number_check' }

export function isDocumentType(text: string): text is DocumentType {
  return (DOCUMENT_TYPES as readonly string[]).includes(text)
}

/** Judges a normalised number (upper case, ASCII digits) by the rules of its document type. */
export function readDocumentNumber(type: DocumentType, number: string): DocumentNumberReading {
  if (RESIDENT_FORM_TYPES.has(type) && RESIDENT_FORM.test(number)) {
    if (checkCharacter(number.slice(0, 17)) !== number[17]) {
      return { form: 'bad', reason: 'document_number_check' }
    }
    const digits = number.slice(6, 14)
    return {
      form: 'resident',
      birthdate: `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`,
    }
  }
  const old = OLD_FORMS[type]
  return old?.test(number) === true ? { form: 'other' } : { form: 'bad', reason: 'document_number' }
}

/**
 * The 18th character of a resident identity number.
 *
 * @param body - The first 17 digits.
 * @see ISO 7064 MOD 11-2, GB 11643-1999
 */
export function checkCharacter(body: string): string {
  let sum = 0
  WEIGHTS.forEach((weight, position) => {
    sum += weight * (body.charCodeAt(position) - 48)
  })
  return CHECK_CHARACTERS.charAt(sum % 11)
}
