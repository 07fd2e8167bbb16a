import { z } from 'zod'
import { ProtocolError } from './errors.js'
import { encryptionJwkSchema } from './message-encryption.js'
import { readBySchema, shownText, webUrl } from './wire-text.js'

/** BCP 47 by its outline: a language and subtags. */
const locale = z
  .string()
  .max(64)
  .regex(/^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/)
const imageUri = z
  .string()
  .max(128 * 1024)
  .regex(/^(?:https?:\/\/|data:image\/)/i)
const image = z.object({ uri: imageUri, alt_text: shownText.optional() })
const names = z.array(z.string().min(1).max(200)).min(1).max(64)

const oncePerLocale = (entries: readonly { readonly locale?: string | undefined }[]): boolean =>
  new Set(entries.map((entry) => entry.locale?.toLowerCase())).size === entries.length

const credentialDisplay = z.object({
  name: shownText,
  locale: locale.optional(),
  logo: image.optional(),
  description: shownText.optional(),
  background_color: z.string().max(64).optional(),
  background_image: z.object({ uri: imageUri }).optional(),
  text_color: z.string().max(64).optional(),
})

const claimDescription = z.object({
  path: z
    .array(z.union([z.string(), z.int().min(0), z.null()]))
    .min(1)
    .max(32),
  mandatory: z.boolean().optional(),
  display: z
    .array(z.object({ name: shownText.optional(), locale: locale.optional() }))
    .min(1)
    .refine(oncePerLocale, 'one entry for each locale')
    .optional(),
})

const proofType = z.object({
  proof_signing_alg_values_supported: names,
  key_attestations_required: z
    .object({ key_storage: names.optional(), user_authentication: names.optional() })
    .optional(),
})

const credentialConfiguration = z
  .object({
    format: z.string().min(1).max(100),
    vct: z.string().min(1).max(2000).optional(),
    scope: z
      .string()
      .max(200)
      .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/)
      .optional(),
    // Formats of others name algorithms by numbers.
    credential_signing_alg_values_supported: z
      .array(z.union([z.string(), z.number()]))
      .min(1)
      .optional(),
    cryptographic_binding_methods_supported: names.optional(),
    proof_types_supported: z.record(z.string().max(64), proofType).optional(),
    credential_metadata: z
      .object({
        display: z
          .array(credentialDisplay)
          .min(1)
          .refine(oncePerLocale, 'one entry for each locale')
          .optional(),
        claims: z
          .array(claimDescription)
          .min(1)
          .max(256)
          .refine(pathsDiffer, 'one entry for each path')
          .optional(),
      })
      .optional(),
  })
  .refine((it) => it.format !== 'dc+sd-jwt' || it.vct !== undefined, 'dc+sd-jwt needs vct')
  .refine(
    (it) =>
      (it.cryptographic_binding_methods_supported === undefined) ===
      (it.proof_types_supported === undefined),
    'binding methods and proof types stand together',
  )
export type CredentialConfiguration = z.infer<typeof credentialConfiguration>

const requestEncryption = z.object({
  jwks: z.object({
    keys: z
      .array(z.looseObject({ kty: z.string() }))
      .min(1)
      .max(32),
  }),
  enc_values_supported: names,
  zip_values_supported: names.optional(),
  encryption_required: z.boolean(),
})
const responseEncryption = z.object({
  alg_values_supported: names,
  enc_values_supported: names,
  zip_values_supported: names.optional(),
  encryption_required: z.boolean(),
})

/** Metadata of a Credential Issuer (OpenID4VCI 1.0 §12.2.4). Unknown members are dropped. */
export const issuerMetadataSchema = z
  .object({
    credential_issuer: webUrl,
    authorization_servers: z.array(webUrl).min(1).max(16).optional(),
    credential_endpoint: webUrl,
    nonce_endpoint: webUrl.optional(),
    deferred_credential_endpoint: webUrl.optional(),
    notification_endpoint: webUrl.optional(),
    // Where a person can pass a presence check, in a browser.
    netcert_presence_uri: webUrl.optional(),
    credential_request_encryption: requestEncryption.optional(),
    credential_response_encryption: responseEncryption.optional(),
    batch_credential_issuance: z.object({ batch_size: z.int().min(2) }).optional(),
    display: z
      .array(
        z.object({ name: shownText.optional(), locale: locale.optional(), logo: image.optional() }),
      )
      .min(1)
      .refine(oncePerLocale, 'one entry for each locale')
      .optional(),
    credential_configurations_supported: z.record(
      z.string().min(1).max(200),
      credentialConfiguration,
    ),
  })
  .refine(
    (it) =>
      it.credential_response_encryption === undefined ||
      it.credential_request_encryption !== undefined,
    'response encryption needs request encryption',
  )
export type IssuerMetadata = z.infer<typeof issuerMetadataSchema>

/**
 * Reads an issuer's metadata and checks that it is about the issuer it was asked of, byte for byte.
 *
 * @throws ProtocolError `issuer_metadata_malformed`
 * @see OpenID4VCI 1.0 §12.2.3, §12.2.4
 */
export function parseIssuerMetadata(
  value: unknown,
  options: { readonly issuer: string },
): IssuerMetadata {
  const metadata = readBySchema(issuerMetadataSchema, value, {
    code: 'issuer_metadata_malformed',
    what: "The issuer's metadata",
  })
  if (metadata.credential_issuer === options.issuer) return metadata
  throw new ProtocolError(
    'issuer_metadata_malformed',
    "The issuer's metadata names another issuer than the one it was fetched from; do not use it.",
  )
}

/**
 * Whether certificates of a configuration can carry a claim. `platform_number` says that the issuer
 * answers `platform_number_blinded` for it: no member of our own announces that.
 */
export function offersClaim(metadata: IssuerMetadata, id: string, name: string): boolean {
  if (!Object.hasOwn(metadata.credential_configurations_supported, id)) return false
  const found = metadata.credential_configurations_supported[id]
  const claims = found?.credential_metadata?.claims ?? []
  return claims.some(({ path }) => path.length === 1 && path[0] === name)
}

/** Keys an issuer announces for requests, as far as we can encrypt to them. */
export function requestEncryptionKeys(metadata: IssuerMetadata) {
  const keys = metadata.credential_request_encryption?.jwks.keys ?? []
  return keys.flatMap((key) => {
    const parsed = encryptionJwkSchema.safeParse(key)
    return parsed.success ? [parsed.data] : []
  })
}

function pathsDiffer(
  claims: readonly { readonly path: readonly (string | number | null)[] }[],
): boolean {
  return new Set(claims.map((claim) => JSON.stringify(claim.path))).size === claims.length
}
