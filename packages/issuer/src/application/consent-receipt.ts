import {
  type CertifiedSigner,
  createJws,
  epochSeconds,
  issuerNameOf,
  keyHeaderOf,
  type NamedSigner,
  type Signer,
} from '@netcert/credential'

/** `typ` of a consent receipt. */
const CONSENT_TYP = 'netcert-consent+jwt'

export type ConsentReceiptOptions = {
  /** The issuer's status key. */
  readonly signer: Signer | NamedSigner | CertifiedSigner
  /** Reference of the application. */
  readonly application: string
  readonly purposes: string
  readonly language: string
  readonly assurance: string
  readonly types: readonly string[]
  readonly issuedAt: Date
}

/**
 * Signs what a citizen keeps of an application: what they consented to and when. Nothing they stated
 * is in it.
 *
 * @see docs/formats/application.md
 */
export function createConsentReceipt(options: ConsentReceiptOptions): Promise<string> {
  const { signer, application, purposes, language, assurance, types, issuedAt } = options
  return createJws({
    header: { typ: CONSENT_TYP, ...keyHeaderOf(signer) },
    payload: {
      iss: issuerNameOf(signer),
      iat: epochSeconds(issuedAt),
      jti: application,
      purposes,
      language,
      assurance,
      types: [...types],
    },
    signer,
  })
}
