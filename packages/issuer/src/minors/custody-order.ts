import { z } from 'zod'
import { cleanCell, normalNumber, Refused } from '../citizen-cell.js'
import { type Finding, text } from '../finding.js'
import { IssuerError } from '../issuer-error.js'

const MOST_GUARDIANS = 4

/**
 * Who is guardian of a minor from now on, closed-world. Nobody that is not named stays one.
 */
const custodySchema = z.strictObject({
  guardian_document_numbers: z.array(z.string().min(1).max(40)).min(1).max(MOST_GUARDIANS),
})

/** Document numbers of the guardians, in normal form. */
export type CustodyOrder = { readonly guardianNumbers: readonly string[] }

/** What can be wrong with a custody order; each code is stable. */
const CUSTODY_REFUSALS = {
  custody_form: {
    reason: text('内容不是所要求的格式。', 'It has not the form that is asked for.'),
    cure: text(
      '只写 guardian_document_numbers：一至四个证件号码。',
      'Write guardian_document_numbers and nothing else: one to four document numbers.',
    ),
  },
  custody_number: {
    reason: text(
      '证件号码含有不可用的字符。',
      'The document number has characters it cannot have.',
    ),
    cure: text('请按证件填写号码。', 'Write the number as it is printed.'),
  },
  custody_repeated: {
    reason: text('同一号码出现两次。', 'The same number stands there twice.'),
    cure: text('每位监护人只写一次。', 'Name each guardian once.'),
  },
  custody_unknown: {
    reason: text('权威数据源中没有该证件号码。', 'The authentic source does not have the number.'),
    cure: text('请先导入该监护人。', 'Import the guardian first.'),
  },
  custody_self: {
    reason: text('这是未成年人本人的号码。', 'It is the number of the minor.'),
    cure: text('请填写监护人的号码。', 'Write the number of a guardian.'),
  },
  custody_minor: {
    reason: text('监护人未满十八周岁。', 'The guardian is under 18.'),
    cure: text('请填写成年监护人。', 'Name a guardian of full age.'),
  },
} as const
export type CustodyRefusal = keyof typeof CUSTODY_REFUSALS

/** One finding about a custody order; never a value of it. */
export function custodyFinding(code: CustodyRefusal, place: number | null): Finding {
  const field = place === null ? 'guardian_document_numbers' : `guardian_document_numbers[${place}]`
  return { field, code, ...CUSTODY_REFUSALS[code] }
}

/** @returns an IssuerError `custody_invalid` */
export function custodyInvalid(findings: readonly Finding[], cause?: unknown): IssuerError {
  const message = 'The custody order cannot be carried out; every field that is wrong is listed.'
  return new IssuerError('custody_invalid', message, { findings, cause })
}

/** Reads a custody order. @throws IssuerError `custody_invalid` with its findings. */
export function readCustodyOrder(input: unknown): CustodyOrder {
  const parsed = custodySchema.safeParse(input)
  if (!parsed.success) throw custodyInvalid([custodyFinding('custody_form', null)])
  const findings: Finding[] = []
  const guardianNumbers = parsed.data.guardian_document_numbers.map((written, place) => {
    const number = readNumber(written)
    if (number === undefined) findings.push(custodyFinding('custody_number', place))
    return number ?? ''
  })
  for (const [place, number] of guardianNumbers.entries()) {
    if (number === '' || guardianNumbers.indexOf(number) === place) continue
    findings.push(custodyFinding('custody_repeated', place))
  }
  if (findings.length > 0) throw custodyInvalid(findings)
  return { guardianNumbers }
}

function readNumber(written: string): string | undefined {
  try {
    const number = normalNumber(cleanCell(written, new Set()), new Set())
    return /^[A-Z0-9()/-]{5,30}$/.test(number) ? number : undefined
  } catch (error) {
    if (error instanceof Refused) return undefined
    throw error
  }
}
