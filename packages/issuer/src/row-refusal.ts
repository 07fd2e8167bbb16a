/**
 * Why a row of the authentic source was refused, and what to do about it. The sentences name
 * columns and rules, never a value of the person.
 */
export const ROW_REFUSALS = {
  row_empty: 'Every cell of the row is empty; remove the row.',
  row_too_long: 'The row is longer than 16 KiB; check for a missing line end.',
  column_count: 'The row has more or fewer cells than the header; check commas and quotes.',
  csv_syntax: 'The quotes of the row do not match; quote the whole cell and double quotes inside.',
  encoding: 'The row is not UTF-8; save the file as UTF-8.',
  control_character: 'A cell holds a control, bidirectional or invisible character; retype it.',
  document_type: 'The document type is not one the source knows.',
  document_number: 'The document number has not the form of its document type.',
  document_number_check: 'The check character of the document number is wrong; compare the card.',
  document_number_conflict: 'The document number is already on record with other facts.',
  name_empty: 'The given name is empty; a name of one part goes into given_name.',
  name_characters: 'A name holds a character other than Han or Latin letters and their joiners.',
  name_too_long: 'A name is longer than 200 characters.',
  sex: 'The sex is neither male nor female.',
  birthdate: 'The birth date is not a day of the calendar written YYYY-MM-DD.',
  birthdate_in_future: 'The birth date is in the future.',
  birthdate_too_old: 'The birth date is more than 130 years ago.',
  birthdate_mismatch: 'The birth date is not the one inside the document number.',
  nationality: 'The nationality is not a three-letter code of ISO 3166-1.',
  residence_region: 'The residence region is not a two-letter code of ISO 3166-2:CN.',
  phone: 'The phone number is neither 11 digits nor an international number.',
  emergency_contact_phone:
    'The emergency contact is neither 11 digits nor an international number.',
  guardian_required: 'The person is under 18 and names no guardian.',
  guardian_for_adult: 'The person is 19 or older and names a guardian.',
  guardian_unknown: 'A guardian is not on record; guardians stand before those they answer for.',
  guardian_is_minor: 'A guardian is under 18.',
  guardian_is_self: 'The person names themself as guardian.',
  guardian_repeated: 'The same guardian is named twice.',
  person_unknown:
    'No person on record has the document of the first two columns; import them first.',
  guardian_too_many: 'More than four guardians are named.',
} as const

export type RowRefusal = keyof typeof ROW_REFUSALS
