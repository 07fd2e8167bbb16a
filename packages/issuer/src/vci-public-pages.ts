import { appendedWellKnownUrl, wellKnownUrl } from '@netcert/protocol'
import type { SignedMetadataRequest } from './certificate-signer.js'
import type { IssuerKey } from './issuer-keys.js'
import type { CredentialIssuerRouterOptions } from './vci-http.js'
import { LOGO_PNG, LOGO_SVG } from './vci-logo.js'
import { chooseLocales, createIssuerMetadata } from './vci-metadata.js'
import type { RequestKeys } from './vci-request-keys.js'

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
  readonly requestKeys: RequestKeys
  readonly baseUrl: string
  readonly basePath: string
}

const WELL_KNOWN = 'openid-credential-issuer'
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
  const signed = signedMetadata(parts)
  const attestations = parts.keyAttesters !== null
  return async ({ accept, acceptLanguage }) => {
    const locales = chooseLocales(acceptLanguage)
    const headers = {
      ...CACHED,
      vary: 'accept, accept-language',
      'content-language': locales.join(', '),
    }
    const encryptionKey = await parts.requestKeys.announced()
    if (wantsSigned(accept)) {
      const body = await signed({ locales, attestations }, encryptionKey.kid)
      return { contentType: 'application/jwt', headers, body }
    }
    const metadata = createIssuerMetadata({
      baseUrl: parts.baseUrl,
      signingAlgorithm: parts.ground.config.algorithm,
      encryptionKey,
      attestations,
      presenceUri: parts.presenceUri,
      locales,
    })
    return json(metadata, headers)
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

function isSigning({ use, state }: IssuerKey): boolean {
  return use === 'credential' && state === 'active'
}

type Signing = (asked: SignedMetadataRequest, announced: string) => Promise<string>

function signedMetadata({ ground, issuer }: Parts): Signing {
  const { clock } = ground
  const kept = new Map<string, { readonly until: number; readonly token: string }>()
  return async (asked, announced) => {
    const now = clock().getTime()
    // What a revoked key signed is kept for nobody.
    const signing = (await issuer.keys.list()).find(isSigning)?.alias ?? ''
    const name = `${signing} ${announced} ${asked.locales.join(' ')}`
    const known = kept.get(name)
    if (known !== undefined && known.until > now) return known.token
    const token = await issuer.signMetadata(asked)
    for (const [other, { until }] of kept) if (until <= now) kept.delete(other)
    kept.set(name, { until: now + SIGNED_KEPT_SECONDS * 1000, token })
    return token
  }
}
