import { generateSigner, type JsonObject, type PublicJwk, type Signer } from '@netcert/credential'
import { randomBytes } from '@netcert/credential/crypto'
import { createPresentation } from '@netcert/credential/holder'
import {
  blindPlatformId,
  createPlatform,
  evaluateBlinded,
} from '@netcert/credential/platform-number'
import {
  type AccreditationContent,
  createAccreditation,
  parseAccreditation,
} from '@netcert/protocol'
import type { AccreditedPlatform } from '@netcert/verifier'
import { adultClaims, type Holder, later, testNow, type TrustDomain } from './trust-domain.js'
import type { Accrediting } from './vp-platform-ground.js'

/** The platform of the tests. */
export const PLATFORM_ID = 'https://shop.example'

const CERTIFICATES = ['urn:netcert:network-certificate:1', 'urn:netcert:ward-certificate:1']

/** What an accreditation is for; members replace what is usual. */
export type Accredited = Partial<Omit<AccreditationContent, 'credentials'>> & {
  /** The claims it covers, of network and ward certificates. */
  readonly claims?: readonly (readonly string[])[]
  /** Instead of `claims`. */
  readonly credentials?: AccreditationContent['credentials']
  /** Who signs; the registrar of the domain by default. */
  readonly signer?: Signer
}

/** A token by the registrar of a domain: sign-in with number and facts, for thirty days. */
export async function accredit(
  domain: TrustDomain,
  options: Accredited & { readonly requestJwk: PublicJwk },
): Promise<string> {
  const { claims = [['platform_number'], ['real_person'], ['presence_at']], ...changes } = options
  const { signer = domain.registrar, credentials, ...content } = changes
  return createAccreditation({
    signer,
    register: { registryUri: 'https://issuer.example/register/', country: 'CN' },
    content: {
      id: `accreditation-${content.purposeId ?? 'sign-in'}`,
      registrar: signer.did,
      platformId: PLATFORM_ID,
      issuedAt: later(-3600),
      expiresAt: later(20 * 86_400),
      name: { 'zh-CN': '示例商店', en: 'Example shop' },
      purpose: { 'zh-CN': '登录账户', en: 'Sign in to an account' },
      purposeId: 'sign-in',
      credentials: credentials ?? [{ format: 'dc+sd-jwt', vctValues: CERTIFICATES, claims }],
      legalBasis: 'none',
      maxClaims: 8,
      retentionSeconds: 86_400,
      storesRawClaims: false,
      privacyPolicy: 'https://shop.example/privacy',
      receiptUri: 'https://shop.example/netcert/response',
      deletionUri: 'https://shop.example/netcert/deletion',
      reportUri: 'https://issuer.example/registrar/reports',
      status: null,
      ...content,
    },
  })
}

/** A platform with these accreditations, taken as verified. */
export async function accreditedPlatform(
  domain: TrustDomain,
  requestJwk: PublicJwk,
  purposes: readonly Accredited[] = [{}],
): Promise<AccreditedPlatform> {
  const tokens = await Promise.all(
    purposes.map((purpose) => accredit(domain, { ...purpose, requestJwk })),
  )
  const id = purposes[0]?.platformId ?? PLATFORM_ID
  const accreditations = tokens.map((token) => parseAccreditation(token).accreditation)
  return { id, number: createPlatform(id), accreditations }
}

/** The usual accreditation, for a ground that makes the domain and the key itself. */
export const accreditedToSignIn: Accrediting = ({ domain, requestJwk }) =>
  accreditedPlatform(domain, requestJwk)

/** What the issuer keeps of a person: the same secrets give the same number, whatever the copy. */
export type Person = { readonly key: Uint8Array; readonly salt: Uint8Array }

const issuerKey = randomBytes(32)
export const createPerson = (): Person => ({ key: issuerKey, salt: randomBytes(32) })

/** A copy made for one platform, with what the wallet needs to show its number. */
/** What is between 14 and 17 years old. */
export const minorClaims: JsonObject = {
  ...adultClaims,
  age_equal_or_over: { '14': true, '16': true, '18': false, '60': false, '65': false },
  age_band: '16-17',
}

export type NumberedCopy = {
  readonly credential: string
  readonly holder: Holder
  readonly r: string
}

/** What a ward certificate says; the child is the person of the number. */
const child: JsonObject = {
  ...{ network_number: '7K2M9Q4T1V8W3X5Y6Z0A42', rep: 'guardian' },
  ...{ age_band: '0-13', real_person: 'document' },
}

/** What a certificate of a type says beside its number. */
function subjectClaims(vct: string | undefined): JsonObject {
  if (vct === undefined) return adultClaims
  return vct === 'urn:netcert:guardianship:1' ? { rep: 'guardian', real_person: 'document' } : child
}

/** Mints a platform's copy for a person, bound to a fresh key as a new phone would have it. */
export async function numberedCopy(
  domain: TrustDomain,
  person: Person,
  options: {
    readonly platformId?: string
    readonly claims?: JsonObject
    readonly vct?: string
    readonly status?: number
  } = {},
): Promise<NumberedCopy> {
  const { platformId = PLATFORM_ID, claims = {}, vct, status } = options
  const { r, b } = blindPlatformId(platformId)
  const holder = await generateSigner('ES256')
  const platform_number = evaluateBlinded({ b, ...person })
  const credential = await domain.mint({
    ...(vct === undefined ? {} : { vct }),
    ...(status === undefined ? {} : { status }),
    jwk: holder.jwk,
    claims: { ...subjectClaims(vct), platform_number, ...claims },
  })
  return { credential, holder, r }
}

/** Shows a platform's copy with its number, or whatever the changes make of it. */
export function presentNumbered(
  copy: NumberedCopy,
  options: {
    readonly audience: string
    readonly nonce: string
    readonly paths?: readonly (readonly string[])[]
    readonly issuedAt?: Date
    readonly bindingClaims?: JsonObject
  },
): Promise<string> {
  const { paths = [['platform_number'], ['real_person']], bindingClaims, ...rest } = options
  return createPresentation({
    credential: copy.credential,
    signer: copy.holder.signer,
    paths,
    issuedAt: testNow,
    keyBindingClaims: bindingClaims ?? { platform_number_r: copy.r },
    ...rest,
  })
}
