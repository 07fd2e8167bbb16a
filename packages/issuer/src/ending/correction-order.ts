import { z } from 'zod'
import type { CitizenColumn } from '../citizen-row.js'
import { type Finding, said, text } from '../finding.js'
import { IssuerError } from '../issuer-error.js'
import type { RowRefusal } from '../row-refusal.js'

/** What can be corrected: names, region, document and phones; only what changed is written. */
const correctionSchema = z.strictObject({
  document_type: z.string().max(64).optional(),
  document_number: z.string().max(64).optional(),
  family_name: z.string().max(2_000).optional(),
  given_name: z.string().max(2_000).optional(),
  residence_region: z.string().max(64).optional(),
  phone: z.string().max(64).optional(),
  emergency_contact_phone: z.string().max(64).optional(),
})

/** Cells of the person's row that change. */
export type Correction = Readonly<Partial<Record<CitizenColumn, string>>>
const CORRECTABLE = Object.keys(correctionSchema.shape) as readonly CitizenColumn[]

const card = text('请与证件核对。', 'Compare with the document.')
const retype = text('请重新输入。', 'Type it again.')

/** What can be wrong with a correction; each code is stable. */
const CORRECTION_REFUSALS = {
  correction_form: said(
    '',
    text('内容不是所要求的格式。', 'It has not the form that is asked for.'),
    text(
      '请写一个 JSON 对象，值均为字符串，只含已变更的字段。',
      'Write a JSON object of strings with what changed, and nothing else.',
    ),
  ),
  correction_unknown: said(
    '',
    text('该字段不能更正。', 'This field cannot be corrected.'),
    text(
      `可更正的字段：${CORRECTABLE.join('、')}。`,
      `What can be corrected: ${CORRECTABLE.join(', ')}.`,
    ),
  ),
  correction_empty: said(
    '',
    text('没有写明任何变更。', 'It says nothing that changed.'),
    text('请至少写一个字段。', 'Write at least one field.'),
  ),
  encoding: said('', text('不是 UTF-8 文本。', 'It is not UTF-8.'), retype),
  control_character: said(
    '',
    text(
      '含有控制、双向或不可见字符。',
      'It holds a control, bidirectional or invisible character.',
    ),
    retype,
  ),
  document_type: said(
    'document_type',
    text('没有该种证件。', 'There is no such kind of document.'),
    card,
  ),
  document_number: said(
    'document_number',
    text('号码不符合该种证件的格式。', 'The number has not the form of its document.'),
    card,
  ),
  document_number_check: said(
    'document_number',
    text('校验码不正确。', 'The check character is wrong.'),
    card,
  ),
  document_number_conflict: said(
    'document_number',
    text('该号码属于另一人。', 'The number is somebody else’s on record.'),
    card,
  ),
  birthdate_mismatch: said(
    'document_number',
    text(
      '号码中的出生日期与登记的不一致。',
      'The birth date inside the number is not the one on record.',
    ),
    card,
  ),
  name_empty: said(
    'given_name',
    text('名字为空。', 'The given name is empty.'),
    text('单名请写入 given_name。', 'A name of one part goes into given_name.'),
  ),
  name_characters: said(
    '',
    text('姓名含有不允许的字符。', 'The name holds a character that is not allowed.'),
    text('请只用汉字或拉丁字母及间隔号。', 'Use Han or Latin letters and the dot between parts.'),
  ),
  name_too_long: said('', text('姓名过长。', 'The name is longer than 200 characters.'), card),
  residence_region: said(
    'residence_region',
    text('没有该地区代码。', 'There is no such region.'),
    text('请用 ISO 3166-2:CN 两位代码。', 'Use the two letters of ISO 3166-2:CN.'),
  ),
  phone: said(
    'phone',
    text('电话号码不正确。', 'It is no telephone number.'),
    text('请用 11 位或国际号码。', 'Use 11 digits, or an international number.'),
  ),
  emergency_contact_phone: said(
    'emergency_contact_phone',
    text('电话号码不正确。', 'It is no telephone number.'),
    text('请用 11 位或国际号码。', 'Use 11 digits, or an international number.'),
  ),
} as const
type CorrectionRefusal = keyof typeof CORRECTION_REFUSALS

/** Reads a correction, closed-world. @throws IssuerError `correction_invalid` with its findings. */
export function readCorrection(input: unknown): Correction {
  const parsed = correctionSchema.safeParse(input)
  if (!parsed.success) {
    throw correctionInvalid(parsed.error.issues.flatMap((issue) => findingsOf(issue)))
  }
  const given = Object.entries(parsed.data).filter(([, value]) => value !== undefined)
  if (given.length === 0) throw correctionInvalid([finding('', 'correction_empty')])
  return Object.fromEntries(given)
}

/**
 * The refusal of a corrected row. A character that is wrong is looked for in what was given.
 *
 * @returns an IssuerError `correction_invalid`
 */
export function rowRefused(code: RowRefusal, correction: Correction): IssuerError {
  const known: CorrectionRefusal = isRefusal(code) ? code : 'correction_form'
  const { field } = CORRECTION_REFUSALS[known]
  const [only = '', ...more] = Object.keys(correction)
  return correctionInvalid([finding(field === '' && more.length === 0 ? only : field, known)])
}

function findingsOf(issue: z.core.$ZodIssue): readonly Finding[] {
  if (issue.code === 'unrecognized_keys') {
    // What is no plain name may be anything, also a value.
    return issue.keys.map((key) =>
      finding(/^[a-z_]{1,40}$/.test(key) ? key : '', 'correction_unknown'),
    )
  }
  return [finding(issue.path.map(String).join('.'), 'correction_form')]
}

function finding(field: string, code: CorrectionRefusal): Finding {
  return { ...CORRECTION_REFUSALS[code], code, field }
}

function isRefusal(code: string): code is CorrectionRefusal {
  return Object.hasOwn(CORRECTION_REFUSALS, code)
}

function correctionInvalid(findings: readonly Finding[]): IssuerError {
  const message = 'The correction cannot be carried out; every field that is wrong is listed.'
  return new IssuerError('correction_invalid', message, { findings })
}
