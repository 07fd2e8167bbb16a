import { type CertificateType, certificateType } from '@netcert/credential'
import {
  CONTENT_ENCRYPTIONS,
  type CredentialConfiguration,
  ENCRYPTION_ALGORITHM,
  type EncryptionPrivateJwk,
  type IssuerMetadata,
  publicEncryptionJwk,
} from '@netcert/protocol'
import type { CopyPolicy } from './copy-policy.js'
import {
  BATCH_SIZE,
  CONFIGURATION_IDS,
  type ConfigurationId,
  configurationPolicy,
} from './vci-configurations.js'
import { LOGO_DATA_URI } from './vci-logo.js'

/** The languages of all that is shown. */
export const LOCALES = ['zh-CN', 'en'] as const
export type Locale = (typeof LOCALES)[number]

const ISSUER_NAME: Readonly<Record<Locale, string>> = {
  'zh-CN': '网络身份认证机构',
  en: 'Network identity issuer',
}
const LOGO_TEXT: Readonly<Record<Locale, string>> = {
  'zh-CN': '圆环与对勾',
  en: 'A ring and a tick',
}
/** What tells the copies of one type apart for a person. */
const COPIES_NAME: Partial<Record<ConfigurationId, Readonly<Record<Locale, string>>>> = {
  'network-certificate-platform': { 'zh-CN': '（平台专用）', en: ' for one platform' },
}

export type MetadataParts = {
  /** The Credential Issuer Identifier. */
  readonly baseUrl: string
  readonly signingAlgorithm: 'ES256' | 'EdDSA'
  readonly encryptionKey: EncryptionPrivateJwk
  /** Whether key attestations are looked at. */
  readonly attestations: boolean
  /** Where a person passes a presence check in a browser; `null` where there is no such page. */
  readonly presenceUri: string | null
  readonly locales: readonly Locale[]
}

/** Metadata of this issuer (OpenID4VCI 1.0 §12.2.4), made from configuration only. */
export function createIssuerMetadata(parts: MetadataParts): IssuerMetadata {
  const { baseUrl, encryptionKey, locales, presenceUri } = parts
  const key = publicEncryptionJwk(encryptionKey)
  const encryption = {
    enc_values_supported: [...CONTENT_ENCRYPTIONS],
    zip_values_supported: ['DEF'],
    encryption_required: false,
  }
  return {
    credential_issuer: baseUrl,
    credential_endpoint: `${baseUrl}/credential`,
    nonce_endpoint: `${baseUrl}/nonce`,
    deferred_credential_endpoint: `${baseUrl}/deferred-credential`,
    notification_endpoint: `${baseUrl}/notification`,
    ...(presenceUri === null ? {} : { netcert_presence_uri: presenceUri }),
    credential_request_encryption: { jwks: { keys: [key] }, ...encryption },
    credential_response_encryption: { alg_values_supported: [ENCRYPTION_ALGORITHM], ...encryption },
    batch_credential_issuance: { batch_size: BATCH_SIZE },
    display: locales.map((locale) => ({
      name: ISSUER_NAME[locale],
      locale,
      logo: { uri: LOGO_DATA_URI, alt_text: LOGO_TEXT[locale] },
    })),
    credential_configurations_supported: Object.fromEntries(
      CONFIGURATION_IDS.map((id) => [id, configurationOf(id, parts)]),
    ),
  }
}

function configurationOf(id: ConfigurationId, parts: MetadataParts): CredentialConfiguration {
  const policy = configurationPolicy(id)
  const type = certificateType(policy.vct)
  const algorithms = { proof_signing_alg_values_supported: ['ES256', 'EdDSA'] }
  return {
    format: 'dc+sd-jwt',
    vct: type.vct,
    scope: id,
    credential_signing_alg_values_supported: [parts.signingAlgorithm],
    cryptographic_binding_methods_supported: ['jwk', 'did:key'],
    proof_types_supported: {
      jwt: algorithms,
      ...(parts.attestations ? { attestation: algorithms } : {}),
    },
    credential_metadata: {
      display: parts.locales.map((locale) => displayOf(id, type, locale, parts.baseUrl)),
      claims: type.claims
        .filter((claim) => claim.class !== 'technical')
        .filter((claim) => isOffered(policy, claim.path[0]))
        .map((claim) => ({
          path: [...claim.path],
          mandatory: claim.mandatory,
          display: parts.locales.map((locale) => ({ name: claim.label[locale], locale })),
        })),
    },
  }
}

/** Who finds `platform_number` listed may ask for one: with copies that are minted alone. */
function isOffered({ copies, kind, holder }: CopyPolicy, claim: unknown): boolean {
  if (claim === 'platform_number') return copies === 1
  // A check is of the person whose copy it is, not of one who acts for them.
  if (claim === 'presence_at') return kind === 'platform' && holder === 'person'
  return true
}

/** How a type looks, from its type metadata: there is one place where that is written. */
type TypeDisplay = {
  readonly locale: string
  readonly description?: string
  readonly rendering?: {
    readonly simple?: { readonly background_color?: string; readonly text_color?: string }
  }
}

function displayOf(id: ConfigurationId, type: CertificateType, locale: Locale, baseUrl: string) {
  const { display } = JSON.parse(type.documentText) as { readonly display: readonly TypeDisplay[] }
  const found = display.find((entry) => entry.locale === locale)
  const { background_color, text_color } = found?.rendering?.simple ?? {}
  return {
    name: `${type.name[locale]}${COPIES_NAME[id]?.[locale] ?? ''}`,
    locale,
    logo: { uri: `${baseUrl}/logo.png`, alt_text: LOGO_TEXT[locale] },
    ...(found?.description === undefined ? {} : { description: found.description }),
    ...(background_color === undefined ? {} : { background_color }),
    ...(text_color === undefined ? {} : { text_color }),
  }
}

/**
 * The languages of an answer: those a reader asks for, or all when it asks for none we have.
 *
 * @see OpenID4VCI 1.0 §12.2.2, RFC 9110 §12.5.4
 */
export function chooseLocales(acceptLanguage: string | undefined): readonly Locale[] {
  if (acceptLanguage === undefined || acceptLanguage.length > 1000) return LOCALES
  const wanted = acceptLanguage.split(',').flatMap((part) => {
    const [range = '', ...parameters] = part.split(';').map((it) => it.trim().toLowerCase())
    const refused = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))
    return refused ? [] : [range.split('-')[0]]
  })
  const chosen = LOCALES.filter((locale) => wanted.includes(locale.split('-')[0]))
  return chosen.length === 0 ? LOCALES : chosen
}
