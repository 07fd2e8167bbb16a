import {
  createJws,
  epochSeconds,
  type JsonObject,
  memberOf,
  type Signer,
} from '@netcert/credential'
import {
  assertTimely,
  instantOf,
  type KeyOf,
  type MessageKind,
  proveSigned,
  readSigned,
  refusal,
} from './signed-message.js'
import { type IssuerMetadata, parseIssuerMetadata } from './vci-metadata.js'

/** `typ` of signed metadata. @see OpenID4VCI 1.0 §12.2.3 */
export const SIGNED_METADATA_TYP = 'openidvci-issuer-metadata+jwt'

const KIND: MessageKind = {
  typ: SIGNED_METADATA_TYP,
  what: 'The signed metadata of the issuer',
  code: 'issuer_metadata_untrusted',
}

export type CreateSignedMetadataOptions = {
  readonly metadata: IssuerMetadata
  readonly signer: Signer
  /** How the key is named: `kid` (did:key) or `x5c` without the anchor (HAIP 1.0 §4.1). */
  readonly header: { readonly kid: string } | { readonly x5c: readonly string[] }
  readonly issuedAt: Date
  readonly expiresAt: Date
}

/** Signs an issuer's metadata. @see OpenID4VCI 1.0 §12.2.3 */
export function createSignedMetadata(options: CreateSignedMetadataOptions): Promise<string> {
  const { metadata, signer, header, issuedAt, expiresAt } = options
  // Metadata is JSON by its schema; what is undefined in it is left out as JSON does.
  const members = JSON.parse(JSON.stringify(metadata)) as JsonObject
  return createJws({
    signer,
    header: { typ: SIGNED_METADATA_TYP, ...header },
    payload: {
      ...members,
      sub: metadata.credential_issuer,
      iat: epochSeconds(issuedAt),
      exp: epochSeconds(expiresAt),
    },
  })
}

export type VerifySignedMetadataOptions = {
  readonly issuer: string
  readonly now: Date
  /** The key we trust for this issuer. */
  readonly issuerKey: KeyOf
}

/**
 * Verifies signed metadata: typ, trusted signer, times, `sub`, then the metadata itself.
 *
 * @throws ProtocolError `issuer_metadata_untrusted`, `issuer_metadata_malformed`
 */
export async function verifySignedMetadata(
  token: string,
  { issuer, now, issuerKey }: VerifySignedMetadataOptions,
): Promise<IssuerMetadata> {
  const jws = readSigned(token, KIND)
  instantOf(jws.payload, 'iat', KIND)
  assertTimely(jws.payload, KIND, { now })
  if (memberOf(jws.payload, 'sub') !== issuer) throw refusal(KIND, 'it is about another issuer')
  const key = await issuerKey(jws.header, jws.payload)
  if (key === undefined) throw refusal(KIND, 'its signer is not trusted for this issuer')
  await proveSigned(jws, key, KIND)
  return parseIssuerMetadata(jws.payload, { issuer })
}
