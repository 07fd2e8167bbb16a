import type { ClaimPath, PublicJwk, StatusReference } from '@netcert/credential'
import type { LocalisedText } from './display-text.js'

/** `typ` of an accreditation (ETSI TS 119 475 §5.2.2). */
export const ACCREDITATION_TYP = 'rc-wrp+jwt'
/** `format` of an accreditation in `verifier_info` (ETSI TS 119 472-2). */
export const REGISTRATION_CERT_FORMAT = 'registration_cert'

/** Why a platform may ask for identity: not at all, with a consent of its own, or by this article. */
export type LegalBasis = 'none' | 'consent' | `law:${string}`

/** One kind of certificate a platform may ask for, and its claims. A path covers all below it. */
export type AccreditedCredential = {
  readonly format: string
  readonly vctValues: readonly string[]
  readonly claims: readonly ClaimPath[]
}

/** What a registrar allows a platform for one purpose. */
export type Accreditation = {
  /** `jti` */
  readonly id: string
  /** did:key of the registrar. */
  readonly registrar: string
  /** The platform's permanent identifier: what its platform numbers are computed for. */
  readonly platformId: string
  readonly issuedAt: Date
  readonly expiresAt: Date
  /** The key that signs the platform's requests, receipts and answers. */
  readonly requestJwk: PublicJwk
  readonly name: LocalisedText
  readonly purpose: LocalisedText
  readonly purposeId: string
  readonly credentials: readonly AccreditedCredential[]
  readonly legalBasis: LegalBasis
  /** Different claims of one person in 24 hours. */
  readonly maxClaims: number
  readonly retentionSeconds: number
  readonly storesRawClaims: boolean
  readonly privacyPolicy: string
  readonly receiptUri: string
  readonly deletionUri: string
  /** The registrar's address for reports about this platform. */
  readonly reportUri: string
  /** Null: nothing but its end takes it back. */
  readonly status: StatusReference | null
  readonly token: string
}

/** What an accreditation says, as a registrar puts it together. */
export type AccreditationContent = Omit<Accreditation, 'token'>

/** Members that stand in the token for readers of the standards alone; nothing here rests on them. */
export type RegisterMembers = {
  /** Address of the public register. */
  readonly registryUri: string
  /** ISO 3166-1 alpha-2. */
  readonly country: string
}
