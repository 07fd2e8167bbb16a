import { z } from 'zod'
import { IssuerError } from '../issuer-error.js'
import type { SampleDocument } from './sample-zone.js'

const name = z.string().regex(/^[A-Z](?:[A-Z]|[ '-](?=[A-Z]))*$/)
const state = z.string().regex(/^[A-Z]{3}$/)
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)

/** A file for `netcert chip sample`; what it leaves out is that of a passport. */
const sampleFile = z.strictObject({
  format: z.enum(['TD1', 'TD2', 'TD3']).default('TD3'),
  document_code: z
    .string()
    .regex(/^[A-Z]{1,2}$/)
    .default('P'),
  document_number: z.string().regex(/^[A-Z0-9]{1,9}$/),
  family_name: name,
  given_name: name.or(z.literal('')),
  nationality: state,
  birthdate: day,
  sex: z.enum(['male', 'female', 'unspecified']),
  expires: day,
})

/**
 * Reads what a sample document shall say.
 *
 * @throws IssuerError `sample_document_malformed`, naming the members that are wrong
 */
export function parseSampleDocument(value: unknown): SampleDocument {
  const parsed = sampleFile.safeParse(value)
  if (!parsed.success) throw malformedSample(parsed.error)
  const { document_code, document_number, family_name, given_name, ...rest } = parsed.data
  return {
    ...rest,
    documentCode: document_code,
    documentNumber: document_number,
    familyName: family_name,
    givenName: given_name,
  }
}

function malformedSample({ issues }: z.ZodError): IssuerError {
  const members = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys : [issue.path.join('.')],
  )
  const named = [...new Set(members)].filter((it) => /^[a-z_]{1,32}$/.test(it)).join(', ')
  return new IssuerError(
    'sample_document_malformed',
    `The sample document cannot be made${named === '' ? '' : `: ${named}`}. \`netcert chip sample --help\` shows one.`,
  )
}
