import { type Finding, said, text } from './finding.js'

const compare = text('请与证件核对。', 'Compare with the document.')
const telephone = text(
  '请填写 11 位数字，或以 + 开头的号码。',
  'Write 11 digits, or a number that begins with +.',
)

/**
 * Why a row of the authentic source was refused, and what to do about it. The sentences name
 * columns and rules, never a value of the person.
 */
const ROW_REFUSALS = {
  row_empty: said(
    '',
    text('该行所有单元格为空。', 'Every cell of the row is empty.'),
    text('请删除该行。', 'Remove the row.'),
  ),
  row_too_long: said(
    '',
    text('该行超过 16 KiB。', 'The row is longer than 16 KiB.'),
    text('请检查是否缺少换行。', 'Check for a missing line end.'),
  ),
  column_count: said(
    '',
    text('该行的单元格数与表头不一致。', 'The row has more or fewer cells than the header.'),
    text('请检查逗号和引号。', 'Check commas and quotes.'),
  ),
  csv_syntax: said(
    '',
    text('该行的引号不配对。', 'The quotes of the row do not match.'),
    text(
      '请将整个单元格加引号，内部的引号写两次。',
      'Quote the whole cell and double quotes inside.',
    ),
  ),
  encoding: said(
    '',
    text('文本不是 UTF-8。', 'The text is not UTF-8.'),
    text('请将文件另存为 UTF-8。', 'Save the file as UTF-8.'),
  ),
  control_character: said(
    '',
    text(
      '含有控制、双向或不可见字符。',
      'It holds a control, bidirectional or invisible character.',
    ),
    text('请重新输入该单元格。', 'Type the cell again.'),
  ),
  document_type: said(
    'document_type',
    text('没有该种证件。', 'The document type is not one the source knows.'),
    text('请使用文档中列出的代码。', 'Use one of the codes in the format page.'),
  ),
  document_number: said(
    'document_number',
    text(
      '证件号码不符合该种证件的格式。',
      'The document number has not the form of its document type.',
    ),
    compare,
  ),
  document_number_check: said(
    'document_number',
    text('证件号码的校验码不正确。', 'The check character of the document number is wrong.'),
    compare,
  ),
  document_number_conflict: said(
    'document_number',
    text(
      '该证件号码已有登记，内容不同。',
      'The document number is already on record with other facts.',
    ),
    text(
      '如有变更，请使用 netcert citizens correct。',
      'If something changed, use netcert citizens correct.',
    ),
  ),
  name_empty: said(
    'given_name',
    text('名字为空。', 'The given name is empty.'),
    text('只有一个部分的姓名请写在 given_name。', 'A name of one part goes into given_name.'),
  ),
  name_characters: said(
    'given_name',
    text(
      '姓名中含有汉字、拉丁字母及其连接符以外的字符。',
      'A name holds a character other than Han or Latin letters and their joiners.',
    ),
    text('请按证件上的写法填写。', 'Write it as the document does.'),
  ),
  name_too_long: said(
    'given_name',
    text('姓名超过 200 个字符。', 'A name is longer than 200 characters.'),
    compare,
  ),
  sex: said(
    'sex',
    text('性别既不是 male 也不是 female。', 'The sex is neither male nor female.'),
    text('请填写 male 或 female。', 'Write male or female.'),
  ),
  birthdate: said(
    'birthdate',
    text(
      '出生日期不是 YYYY-MM-DD 格式的日历日期。',
      'The birth date is not a day of the calendar written YYYY-MM-DD.',
    ),
    text('请按 YYYY-MM-DD 填写。', 'Write it as YYYY-MM-DD.'),
  ),
  birthdate_in_future: said(
    'birthdate',
    text('出生日期在未来。', 'The birth date is in the future.'),
    compare,
  ),
  birthdate_too_old: said(
    'birthdate',
    text('出生日期距今超过 130 年。', 'The birth date is more than 130 years ago.'),
    compare,
  ),
  birthdate_mismatch: said(
    'birthdate',
    text(
      '出生日期与证件号码中的日期不一致。',
      'The birth date is not the one inside the document number.',
    ),
    compare,
  ),
  nationality: said(
    'nationality',
    text(
      '国籍不是 ISO 3166-1 的三字母代码。',
      'The nationality is not a three-letter code of ISO 3166-1.',
    ),
    text('请使用三字母代码，例如 CHN。', 'Use three letters, such as CHN.'),
  ),
  residence_region: said(
    'residence_region',
    text(
      '居住地区不是 ISO 3166-2:CN 的两字母代码。',
      'The residence region is not a two-letter code of ISO 3166-2:CN.',
    ),
    text('请使用两字母代码，例如 GD。', 'Use two letters, such as GD.'),
  ),
  phone: said(
    'phone',
    text(
      '电话号码既不是 11 位数字也不是国际号码。',
      'The phone number is neither 11 digits nor an international number.',
    ),
    telephone,
  ),
  emergency_contact_phone: said(
    'emergency_contact_phone',
    text(
      '紧急联系电话既不是 11 位数字也不是国际号码。',
      'The emergency contact is neither 11 digits nor an international number.',
    ),
    telephone,
  ),
  guardian_required: said(
    'guardian_document_numbers',
    text('未满 18 岁，但没有写明监护人。', 'The person is under 18 and names no guardian.'),
    text('请填写监护人的证件号码。', 'Write the document number of a guardian.'),
  ),
  guardian_for_adult: said(
    'guardian_document_numbers',
    text('年满 19 岁，却写有监护人。', 'The person is 19 or older and names a guardian.'),
    text('请将该单元格留空。', 'Leave the cell empty.'),
  ),
  guardian_unknown: said(
    'guardian_document_numbers',
    text('监护人没有登记。', 'A guardian is not on record.'),
    text('请将监护人排在被监护人之前。', 'Put guardians before those they answer for.'),
  ),
  guardian_is_minor: said(
    'guardian_document_numbers',
    text('监护人未满 18 岁。', 'A guardian is under 18.'),
    text('请填写成年监护人。', 'Name a guardian of full age.'),
  ),
  guardian_is_self: said(
    'guardian_document_numbers',
    text('监护人是本人。', 'The person names themself as guardian.'),
    text('请填写另一人。', 'Name somebody else.'),
  ),
  guardian_repeated: said(
    'guardian_document_numbers',
    text('同一监护人写了两次。', 'The same guardian is named twice.'),
    text('每位监护人只写一次。', 'Name each guardian once.'),
  ),
  guardian_too_many: said(
    'guardian_document_numbers',
    text('监护人超过四位。', 'More than four guardians are named.'),
    text('请最多填写四位。', 'Name four at most.'),
  ),
  person_unknown: said(
    '',
    text(
      '前两列的证件不属于任何登记在册的人。',
      'No person on record has the document of the first two columns.',
    ),
    text('请先导入本人。', 'Import the person first.'),
  ),
} as const

/** Why a row was refused; each code is stable. */
export type RowRefusal = keyof typeof ROW_REFUSALS

/** All of them. */
export const ROW_REFUSAL_CODES = Object.keys(ROW_REFUSALS) as readonly RowRefusal[]

/**
 * What is said of a refusal.
 *
 * @param field - The column it happened in, for refusals that any column can have.
 */
export function rowFinding(code: RowRefusal, field?: string): Finding {
  const text = ROW_REFUSALS[code]
  return { ...text, code, field: field ?? text.field }
}
