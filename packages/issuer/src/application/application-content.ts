import { z } from 'zod'
import { DOCUMENT_TYPES, type DocumentType } from '../document-number.js'
import { CONFIGURATION_IDS } from '../vci-configurations.js'

/** The levels an application can ask for; a presence check comes later, and goes into one copy. */
const ASKED_ASSURANCES = ['document', 'document+face'] as const
export type AskedAssurance = (typeof ASKED_ASSURANCES)[number]

const MOST_NAME = 400

/**
 * What a citizen states, closed-world: a member nobody knows is an error, so that nothing more is
 * collected than stands here. The published form is `schemas/application.schema.json`.
 */
export const applicationSchema = z.strictObject({
  document: z
    .strictObject({
      type: z.enum(DOCUMENT_TYPES),
      number: z.string().min(1).max(40).describe('As printed; letters in either case'),
    })
    .describe('Any document of the person that the authentic source knows'),
  family_name: z.string().max(MOST_NAME).describe('Empty for a name of one part'),
  given_name: z.string().min(1).max(MOST_NAME),
  birthdate: z.string().length(10).describe('YYYY-MM-DD'),
  assurance: z.enum(ASKED_ASSURANCES).default('document').describe('The level asked for'),
  types: z
    .array(z.string().min(1).max(64))
    .min(1)
    .max(8)
    .default(['network-certificate'])
    .describe(`Certificates asked for: ${CONFIGURATION_IDS.join(', ')}`),
  guardian: z
    .strictObject({
      applies: z
        .literal(true)
        .describe('A guardian applies, or consents, and proves it with a certificate of their own'),
    })
    .optional()
    .describe('For people under 18, and for nobody else'),
  consent: z
    .strictObject({
      purposes: z
        .string()
        .length(43)
        .describe('Base64url SHA-256 of purposes.json, as `netcert application purposes` shows it'),
      language: z.enum(['zh-CN', 'en']).describe('The language the purposes were read in'),
    })
    .describe('What is processed and why was shown before anything was asked for'),
})

/** An application as it is written in a file. */
export type WrittenApplication = z.infer<typeof applicationSchema>

/** What is sealed of an application until it is decided; in normal form where there is one. */
export type ApplicationContent = {
  readonly documentType: DocumentType
  /** Upper case, ASCII. */
  readonly documentNumber: string
  /** As written: whether it is exactly what is on record is part of the answer. */
  readonly familyName: string
  readonly givenName: string
  readonly birthdate: string
  /** A guardian applies, or consents, for the person. */
  readonly byGuardian: boolean
}

/** The JSON Schema (draft 2020-12) of the file, as it is published. */
export function applicationJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(applicationSchema, {
    target: 'draft-2020-12',
    io: 'input',
  })
  return {
    $schema,
    $id: 'urn:netcert:schema:application:1',
    title: 'Application for network certificates',
    description:
      'What `netcert application submit` takes. Beside the form, document number, names and birth date are checked.',
    ...schema,
  }
}
