import {
  appendedWellKnownUrl,
  createSignedMetadata,
  type IssuerMetadata,
  wellKnownUrl,
} from '@netcert/protocol'
import { requestEncryptionKey } from './vci-encryption-key.js'
import type { CredentialIssuerRouterOptions } from './vci-http.js'
import { LOGO_PNG, LOGO_SVG } from './vci-logo.js'
import { chooseLocales, createIssuerMetadata, type Locale } from './vci-metadata.js'

export type PublicContent = {
  readonly contentType: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

/** A page anybody may read; `undefined` when there is none under that name. */
export type PublicPage = (asked: {
  readonly accept: string | undefined
  readonly acceptLanguage: string | undefined
}) => Promise<PublicContent | undefined>

type Parts = Pick<
  CredentialIssuerRouterOptions,
  'ground' | 'issuer' | 'offers' | 'keyAttesters' | 'presenceUri'
> & {
  readonly baseUrl: string
  readonly basePath: string
}

const WELL_KNOWN = 'openid-credential-issuer'
const DAY_SECONDS = 86_400
/** Signed metadata is signed anew after that time, not for every reader. */
const SIGNED_KEPT_SECONDS = 3600
const CACHED = { 'cache-control': 'public, max-age=300' }

/** The pages by path: metadata at both of its places, logo, offers by reference. */
export function createPublicPages(parts: Parts): (path: string) => PublicPage | undefined {
  const { baseUrl, basePath, offers } = parts
  const metadata = metadataPage(parts)
  const pages = new Map<string, PublicPage>([
    [new URL(wellKnownUrl(baseUrl, WELL_KNOWN)).pathname, metadata],
    // Wallets from before the final text look there.
    [new URL(appendedWellKnownUrl(baseUrl, WELL_KNOWN)).pathname, metadata],
    [`${basePath}/logo.svg`, image('image/svg+xml', LOGO_SVG)],
    [`${basePath}/logo.png`, image('image/png', LOGO_PNG)],
  ])
  const offerPath = `${basePath}/offers/`
  return (path) => {
    if (!path.startsWith(offerPath)) return pages.get(path)
    const reference = path.slice(offerPath.length)
    return async () => {
      const offer = /^[\w-]{32}$/.test(reference)
        ? await offers.offerDocument(reference)
        : undefined
      if (offer === undefined) return undefined
      return json(offer, { 'cache-control': 'no-store' })
    }
  }
}

function image(contentType: string, body: string | Uint8Array): PublicPage {
  const content = { contentType, headers: CACHED, body }
  return async () => content
}

function json(value: object, headers: Readonly<Record<string, string>>): PublicContent {
  return { contentType: 'application/json', headers, body: JSON.stringify(value) }
}

function metadataPage(parts: Parts): PublicPage {
  const encryptionKey = requestEncryptionKey(parts.ground.vault)
  const signed = signedMetadata(parts)
  return async ({ accept, acceptLanguage }) => {
    const locales = chooseLocales(acceptLanguage)
    const headers = {
      ...CACHED,
      vary: 'accept, accept-language',
      'content-language': locales.join(', '),
    }
    const metadata = createIssuerMetadata({
      baseUrl: parts.baseUrl,
      signingAlgorithm: parts.ground.config.algorithm,
      encryptionKey,
      attestations: parts.keyAttesters !== null,
      presenceUri: parts.presenceUri,
      locales,
    })
    if (!wantsSigned(accept)) return json(metadata, headers)
    return { contentType: 'application/jwt', headers, body: await signed(metadata, locales) }
  }
}

/** Signed metadata is for those who ask for it and do not take plain JSON as readily. */
export function wantsSigned(accept: string | undefined): boolean {
  const weights = new Map<string, number>()
  for (const part of (accept ?? '').slice(0, 1000).split(',')) {
    const [range = '', ...parameters] = part.split(';').map((it) => it.trim().toLowerCase())
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
    weights.set(range, weight === undefined ? 1 : Number(weight))
  }
  const jwt = weights.get('application/jwt') ?? 0
  const plain =
    weights.get('application/json') ?? weights.get('application/*') ?? weights.get('*/*') ?? 0
  return jwt > plain
}

type Signing = (metadata: IssuerMetadata, locales: readonly Locale[]) => Promise<string>

function signedMetadata({ ground, issuer }: Parts): Signing {
  const { clock } = ground
  const kept = new Map<string, { readonly until: number; readonly token: string }>()
  return async (metadata, locales) => {
    const now = clock()
    const name = locales.join(' ')
    const known = kept.get(name)
    if (known !== undefined && known.until > now.getTime()) return known.token
    const signer = await issuer.credentialSigner()
    const token = await createSignedMetadata({
      metadata,
      signer,
      header: 'certificate' in signer ? { x5c: [signer.certificate] } : { kid: signer.keyId },
      issuedAt: now,
      expiresAt: new Date(now.getTime() + DAY_SECONDS * 1000),
    })
    kept.set(name, { until: now.getTime() + SIGNED_KEPT_SECONDS * 1000, token })
    return token
  }
}
