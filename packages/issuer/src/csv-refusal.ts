import { type Finding, text } from './finding.js'
import { IssuerError } from './issuer-error.js'

const columnsNamed = text('首行须为列名。', 'Its first line names the columns.')

/** Why a whole CSV file is refused, and what to do; nothing of it is stored then. */
const FILE_REFUSALS = {
  csv_empty: [text('文件为空。', 'The file is empty.'), columnsNamed],
  csv_encoding: [
    text('首行不是 UTF-8 的 CSV 表头。', 'The first line is no CSV header in UTF-8.'),
    text('请将文件另存为 UTF-8 编码的 CSV。', 'Save the file as CSV, UTF-8.'),
  ],
  csv_column_unknown: [
    text('有未知的列。', 'The column is not one that is known.'),
    text('请删除该列。', 'Remove it.'),
  ],
  csv_column_missing: [text('缺少该列。', 'The column is missing.'), columnsNamed],
  csv_column_repeated: [
    text('该列出现两次。', 'The column stands twice.'),
    text('请只保留一列。', 'Keep one of them.'),
  ],
} as const

/**
 * The error of a CSV file that is refused whole: message in English, finding in both languages.
 *
 * @param field - The columns it is about, as they may be shown.
 */
export function csvRefused(
  code: keyof typeof FILE_REFUSALS,
  message: string,
  field = '',
): IssuerError {
  const [reason, cure] = FILE_REFUSALS[code]
  const finding: Finding = { field, code, reason, cure }
  return new IssuerError(code, message, { findings: [finding] })
}
