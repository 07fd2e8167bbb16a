import { z } from 'zod'

/** The bounds of a registration; the accreditation keeps to them. */
const MOST_NAME = 64
const MOST_PURPOSE = 200
const MOST_PURPOSES = 32
const MOST_CREDENTIALS = 8
const MOST_CLAIMS = 64
/** Twenty years: longer than any law asks that is known here. */
const MOST_RETENTION_SECONDS = 20 * 365 * 86_400

const localised = (most: number) =>
  z.strictObject({
    'zh-CN': z
      .string()
      .min(1)
      .max(most * 2)
      .describe(`Han and Latin, ${most} characters`),
    en: z
      .string()
      .min(1)
      .max(most * 2)
      .describe(`Latin, ${most} characters`),
  })

const address = z
  .string()
  .max(1000)
  .regex(/^https?:\/\/[!-~]+$/, 'must be an address: https://…')
  .describe('https; plain http on this machine only, for a trial')

const purposeId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be small letters, digits and hyphens, 64 at most')

const credential = z.strictObject({
  format: z.literal('dc+sd-jwt'),
  vct_values: z.array(z.string().min(1).max(200)).min(1).max(8).describe('Certificate types'),
  claims: z
    .array(z.array(z.string().min(1).max(100)).min(1).max(4))
    .min(1)
    .max(MOST_CLAIMS)
    .describe('Paths of claims, each as narrow as it can be'),
})

const publicKey = z
  .union([
    z.strictObject({
      kty: z.literal('EC'),
      crv: z.literal('P-256'),
      x: z.string(),
      y: z.string(),
    }),
    z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() }),
  ])
  .describe('Public half of the key that signs requests, receipts and deletions')

const purpose = z.strictObject({
  id: purposeId.describe('Permanent name of the purpose; that of the sector template if it is one'),
  purpose: localised(MOST_PURPOSE).describe('What people read before they share'),
  legal_basis: z
    .string()
    .regex(/^(none|consent|law:[^\s](.{0,118}[^\s])?)$/u, 'must be none, consent or law:<article>')
    .describe('none: no identity claim; consent: a consent of its own; law:<article>'),
  legal_basis_text: localised(MOST_PURPOSE).nullable().default(null),
  credentials: z.array(credential).min(1).max(MOST_CREDENTIALS),
  max_claims: z.int().min(1).max(MOST_CLAIMS).describe('Distinct claims of a person in 24 hours'),
  retention_seconds: z.int().min(0).max(MOST_RETENTION_SECONDS),
  stores_raw_claims: z.boolean(),
  request_jwk: publicKey
    .optional()
    .describe('A key of its own for this purpose, as gates have; it can be revoked alone'),
})

/**
 * The file a platform is registered with, closed-world: a member nobody knows is an error. The
 * published form is `schemas/platform-registration.schema.json`.
 */
export const platformRegistrationSchema = z.strictObject({
  id: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9._:/-]{0,126}[a-z0-9]$/,
      'must be 2 to 128 small letters, digits and ._:/-, as in https://shop.example',
    )
    .describe('Permanent: platform numbers hang on it; never given to anybody else'),
  name: localised(MOST_NAME).describe('Shown on consent screens'),
  operator: z
    .strictObject({
      name: localised(MOST_NAME),
      registration_number: z
        .string()
        .regex(/^[A-Z0-9][A-Z0-9-]{3,39}$/, 'must be capitals, digits and hyphens, 4 to 40')
        .describe('Of the company register; in China the unified social credit code'),
    })
    .describe('Who answers for the platform; an id never passes to another operator'),
  request_jwk: publicKey,
  addresses: z.strictObject({
    website: address,
    privacy_policy: address,
    receipt: address.describe('Where receipts of disclosures come from'),
    deletion: address.describe('Takes signed deletion requests'),
  }),
  purposes: z.array(purpose).min(1).max(MOST_PURPOSES),
})

/** A registration whose form is right. */
export type PlatformRegistration = z.infer<typeof platformRegistrationSchema>
export type RegisteredPurpose = PlatformRegistration['purposes'][number]

/** Most characters of names and of purposes. */
export const textBounds = { name: MOST_NAME, purpose: MOST_PURPOSE } as const

/** The JSON Schema (draft 2020-12) of the file, as it is published. */
export function platformRegistrationJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(platformRegistrationSchema, {
    target: 'draft-2020-12',
    io: 'input',
  })
  return {
    $schema,
    $id: 'urn:netcert:schema:platform-registration:1',
    title: 'Registration of a platform',
    description:
      'What `netcert platform register` takes. Beside the form, names, claims and legal basis are checked.',
    ...schema,
  }
}
