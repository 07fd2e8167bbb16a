import {
  type ClaimPath,
  epochSeconds,
  type JsonObject,
  type JsonValue,
  type PublicJwk,
} from '@netcert/credential'
import { z } from 'zod'
import type {
  AccreditationContent,
  AccreditedCredential,
  RegisterMembers,
} from './accreditation-content.js'
import type { LocalisedText } from './display-text.js'
import { displayText, instantSchema, tokenText, webUrl } from './wire-text.js'

/** An accreditation lives 30 days at most. */
export const MAX_ACCREDITATION_SECONDS = 30 * 86_400

/** Bounds of an accreditation, before it is understood. */
export const accreditationLimits = {
  maxCharacters: 64 * 1024,
  maxCredentials: 16,
  maxTypes: 16,
  maxClaims: 64,
  maxPathSteps: 32,
  maxLanguages: 16,
  maxPlatformIdCharacters: 128,
} as const

const localised = z
  .array(z.object({ lang: z.string().min(2).max(35), value: displayText }))
  .min(1)
  .max(accreditationLimits.maxLanguages)

const step = z.union([z.string().min(1).max(512), z.int().min(0), z.null()])
const path = z.union([
  z.array(step).min(1).max(accreditationLimits.maxPathSteps),
  z.string().min(1).max(512),
])
// A claim whose path cannot be read makes the whole accreditation unreadable.
const claimList = z.array(z.object({ path })).min(1).max(accreditationLimits.maxClaims)

const credential = z
  .object({
    format: z.string().min(1).max(64),
    meta: z.looseObject({
      vct_values: z
        .array(z.string().min(1).max(512))
        .min(1)
        .max(accreditationLimits.maxTypes)
        .optional(),
    }),
    claim: claimList.optional(),
    claims: claimList.optional(),
  })
  .refine((entry) => entry.format !== 'dc+sd-jwt' || entry.meta.vct_values !== undefined)
  .refine((entry) => entry.claim !== undefined || entry.claims !== undefined)
  // Two lists that differ would be read as one by some and as the other by others.
  .refine(({ claim, claims }) => {
    if (claim === undefined || claims === undefined) return true
    return JSON.stringify(pathsOf(claim)) === JSON.stringify(pathsOf(claims))
  })

/**
 * The payload of an accreditation: a registration certificate of ETSI TS 119 475 (v1.2.1, tables 7
 * to 10), a W3C VC-JWT, and what neither has. Unknown members are dropped.
 *
 * @see docs/formats/accreditation.md
 */
export const accreditationSchema = z.object({
  iss: z
    .string()
    .max(256)
    .regex(/^did:key:z[1-9A-HJ-NP-Za-km-z]+$/),
  /** The platform's identifier: permanent, never given to another. */
  sub: z
    .string()
    .min(1)
    .max(accreditationLimits.maxPlatformIdCharacters)
    .regex(/^[\x21-\x7e]+$/),
  jti: tokenText,
  iat: instantSchema,
  nbf: instantSchema.optional(),
  exp: instantSchema,
  cnf: z.object({ jwk: z.looseObject({}) }),
  name: displayText,
  display_name: localised.optional(),
  purpose: localised,
  intended_use_id: tokenText,
  country: z.string().length(2).optional(),
  registry_uri: webUrl.optional(),
  entitlements: z.array(z.string().max(256)).min(1).max(16).optional(),
  credentials: z.array(credential).min(1).max(accreditationLimits.maxCredentials),
  legal_basis: displayText.regex(/^(none|consent|law:.+)$/u),
  max_claims: z.int().min(1).max(64),
  retention_seconds: z
    .int()
    .min(0)
    .max(100 * 366 * 86_400),
  stores_raw_claims: z.boolean(),
  privacy_policy: webUrl,
  support_uri: z.string().max(2048).optional(),
  receipt_uri: webUrl,
  deletion_uri: webUrl,
  report_uri: webUrl,
  status: z
    .object({
      status_list: z.object({ idx: z.int().min(0), uri: webUrl }),
    })
    .optional(),
  vc: z
    .looseObject({
      type: z.array(z.string().max(256)).min(1).max(16),
      credentialSubject: z.looseObject({ id: z.string().max(256).optional() }),
    })
    .optional(),
})

/** An accreditation's payload with its wire names. */
export type AccreditationMembers = z.infer<typeof accreditationSchema>

const SERVICE_PROVIDER = 'https://uri.etsi.org/19475/Entitlement/Service_Provider'
const CREDENTIALS_CONTEXT = 'https://www.w3.org/2018/credentials/v1'

/** The payload of an accreditation. The registrar signs it with `typ` {@link ACCREDITATION_TYP}. */
export function encodeAccreditation(
  content: AccreditationContent,
  register: RegisterMembers,
): JsonObject {
  const { status, requestJwk } = content
  return {
    iss: content.registrar,
    sub: content.platformId,
    jti: content.id,
    iat: epochSeconds(content.issuedAt),
    nbf: epochSeconds(content.issuedAt),
    exp: epochSeconds(content.expiresAt),
    cnf: { jwk: jwkMembers(requestJwk) },
    name: content.name['zh-CN'],
    display_name: encodeLocalised(content.name),
    purpose: encodeLocalised(content.purpose),
    intended_use_id: content.purposeId,
    country: register.country,
    registry_uri: register.registryUri,
    entitlements: [SERVICE_PROVIDER],
    credentials: content.credentials.map(encodeCredential),
    legal_basis: content.legalBasis,
    max_claims: content.maxClaims,
    retention_seconds: content.retentionSeconds,
    stores_raw_claims: content.storesRawClaims,
    privacy_policy: content.privacyPolicy,
    support_uri: content.deletionUri,
    receipt_uri: content.receiptUri,
    deletion_uri: content.deletionUri,
    report_uri: content.reportUri,
    ...(status && { status: { status_list: { idx: status.index, uri: status.uri } } }),
    vc: {
      '@context': [CREDENTIALS_CONTEXT],
      type: ['VerifiableCredential', 'PlatformAccreditation'],
      credentialSubject: { intended_use_id: content.purposeId },
    },
  }
}

/** The paths of a list of claims; a text is the name of one member. */
export function pathsOf(claims: readonly { readonly path: JsonValue }[]): readonly ClaimPath[] {
  return claims.map(({ path: written }) =>
    typeof written === 'string' ? [written] : (written as ClaimPath),
  )
}

/** Both languages; where one is missing the other stands for it. */
export function readLocalised(entries: z.infer<typeof localised>): LocalisedText {
  const of = (language: string) =>
    entries.find(({ lang }) => lang.toLowerCase().split('-')[0] === language)?.value
  const first = entries[0]?.value ?? ''
  const chinese = of('zh')
  const english = of('en')
  return { 'zh-CN': chinese ?? english ?? first, en: english ?? chinese ?? first }
}

function encodeCredential({ format, vctValues, claims }: AccreditedCredential): JsonObject {
  return {
    format,
    meta: vctValues.length === 0 ? {} : { vct_values: vctValues },
    claim: claims.map((registered) => ({ path: registered })),
  }
}

function encodeLocalised(text: LocalisedText): JsonValue {
  return [
    { lang: 'zh-CN', value: text['zh-CN'] },
    { lang: 'en', value: text.en },
  ]
}

function jwkMembers(jwk: PublicJwk): JsonObject {
  return { ...jwk }
}
