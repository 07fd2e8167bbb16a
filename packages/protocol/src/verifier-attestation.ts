import {
  createJws,
  CredentialError,
  epochSeconds,
  isJsonArray,
  type JsonValue,
  memberOf,
  type PublicJwk,
  readConfirmationKey,
  type Signer,
} from '@netcert/credential'
import {
  assertTimely,
  instantOf,
  type MessageKind,
  optionalTextOf,
  proveSigned,
  readSigned,
  refusal,
} from './signed-message.js'

const kind: MessageKind = {
  typ: 'verifier-attestation+jwt',
  what: 'The attestation of the verifier',
  code: 'client_unproven',
}

/** What somebody the wallet believes says about a verifier. */
export type VerifierAttestation = {
  readonly subject: string
  /** The key that must sign the verifier's requests. */
  readonly key: PublicJwk
  /** Where its answers may go; null leaves that open. */
  readonly redirectUris: readonly string[] | null
}

/**
 * Verifies the attestation in the `jwt` header of a request object.
 *
 * @throws ProtocolError `client_unproven`
 * @see OpenID4VP 1.0 §12
 */
export async function verifyVerifierAttestation(
  text: JsonValue | undefined,
  options: {
    readonly attesters: readonly { readonly iss: string; readonly key: PublicJwk }[]
    readonly now: Date
  },
): Promise<VerifierAttestation> {
  if (typeof text !== 'string') throw refusal(kind, 'there is none in the jwt header')
  const jws = readSigned(text, kind)
  const { payload } = jws
  const iss = optionalTextOf(payload, 'iss', kind)
  const attester = options.attesters.find((candidate) => candidate.iss === iss)
  if (attester === undefined) throw refusal(kind, 'nobody who is believed here issued it')
  await proveSigned(jws, attester.key, kind)
  // §12: exp is required, unlike in other JWTs.
  instantOf(payload, 'exp', kind)
  assertTimely(payload, kind, { now: options.now })
  const subject = optionalTextOf(payload, 'sub', kind)
  if (subject === undefined) throw refusal(kind, 'it names no verifier')
  return {
    subject,
    key: confirmedKey(memberOf(payload, 'cnf')),
    redirectUris: redirectUrisOf(memberOf(payload, 'redirect_uris')),
  }
}

/** Vouches for a verifier. */
export function createVerifierAttestation(options: {
  readonly signer: Signer
  readonly iss: string
  /** The rest of the verifier's client identifier. */
  readonly subject: string
  readonly key: PublicJwk
  readonly issuedAt: Date
  readonly expiresAt: Date
  readonly redirectUris?: readonly string[]
}): Promise<string> {
  const { signer, iss, subject, key, issuedAt, expiresAt, redirectUris } = options
  return createJws({
    header: { typ: kind.typ, kid: signer.keyId },
    payload: {
      iss,
      sub: subject,
      iat: epochSeconds(issuedAt),
      exp: epochSeconds(expiresAt),
      cnf: { jwk: { ...key } },
      ...(redirectUris === undefined ? {} : { redirect_uris: redirectUris }),
    },
    signer,
  })
}

function confirmedKey(cnf: JsonValue | undefined): PublicJwk {
  try {
    return readConfirmationKey(cnf, { allowDidKey: false })
  } catch (cause) {
    if (!(cause instanceof CredentialError)) throw cause
    throw refusal(kind, 'it names no key of the verifier', cause)
  }
}

function redirectUrisOf(value: JsonValue | undefined): readonly string[] | null {
  if (value === undefined) return null
  const uris = isJsonArray(value) ? value.filter((uri) => typeof uri === 'string') : []
  if (uris.length === 0) throw refusal(kind, 'its redirect_uris are no addresses')
  return uris
}
