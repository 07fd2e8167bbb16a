import type { Signer } from '@netcert/credential'
import {
  CONTENT_ENCRYPTIONS,
  type ClientProof,
  createClientIdentifier,
  createRequestObject,
  publicEncryptionJwk,
  type RequestObject,
} from '@netcert/protocol'
import { VerifierError } from './errors.js'
import type { ClientKind, VpSession } from './vp-session.js'

/** `format` of an accreditation in `verifier_info` (OpenID4VP 1.0 §5.1, ETSI TS 119 472-2). */
const ACCREDITATION_FORMAT = 'registration_cert'

/** What a verifier signs its requests with. */
export type RequestIdentity = {
  readonly signer: Signer
  /** The certificate of the signer's key; null: `x509_hash` and `x509_san_dns` are not to be had. */
  readonly certificate: {
    /** Base64 DER, leaf first; without the anchor (HAIP 1.0 §5). */
    readonly chain: readonly string[]
    /** base64url of the SHA-256 of the leaf. */
    readonly hash: string
    readonly dnsNames: readonly string[]
  } | null
}

/**
 * The full client identifier a request is made under.
 *
 * @throws VerifierError `client_unavailable`
 * @see OpenID4VP 1.0 §5.9.3
 */
export function clientIdOf(
  kind: ClientKind,
  identity: RequestIdentity,
  responseUri: string,
): string {
  const { certificate } = identity
  switch (kind) {
    case 'did':
      return createClientIdentifier({
        prefix: 'decentralized_identifier',
        value: identity.signer.did,
      })
    case 'redirect_uri':
      return createClientIdentifier({ prefix: 'redirect_uri', value: responseUri })
    case 'x509_hash':
      if (certificate === null) throw unavailable('it has no certificate')
      return createClientIdentifier({ prefix: 'x509_hash', value: certificate.hash })
    case 'x509_san_dns': {
      // Answers may only go to the host that the certificate names (§5.9.3).
      const host = new URL(responseUri).hostname
      if (certificate?.dnsNames.includes(host) !== true) {
        throw unavailable('its certificate does not name its host')
      }
      return createClientIdentifier({ prefix: 'x509_san_dns', value: host })
    }
  }
}

/** The request of a session with its wire names; `responseUri` is null over the browser's API. */
export function requestMessage(
  session: VpSession,
  options: {
    readonly responseUri: string | null
    readonly walletNonce: string | null
    readonly origin: string | null
  },
): RequestObject {
  const { clientId, mode, nonce, state, query, encryptionKey, terms } = session
  const { accreditation, alternatives } = terms
  const { transactionData = [] } = session
  const { responseUri, walletNonce, origin } = options
  return {
    response_type: 'vp_token',
    response_mode: mode,
    nonce,
    dcql_query: query,
    ...(transactionData.length === 0 ? {} : { transaction_data: [...transactionData] }),
    ...(clientId === null ? {} : { client_id: clientId }),
    ...(responseUri === null ? {} : { response_uri: responseUri, state }),
    ...(origin === null || clientId === null ? {} : { expected_origins: [origin] }),
    ...(walletNonce === null ? {} : { wallet_nonce: walletNonce }),
    ...(accreditation === null
      ? {}
      : { verifier_info: [{ format: ACCREDITATION_FORMAT, data: accreditation.token }] }),
    ...(alternatives.length === 0 ? {} : { netcert_alternatives: [...alternatives] }),
    client_metadata: clientMetadata(encryptionKey),
  }
}

/** What a wallet has to know of a verifier: how to encrypt, and what is taken. */
function clientMetadata(encryptionKey: VpSession['encryptionKey']) {
  return {
    ...(encryptionKey === null
      ? {}
      : {
          jwks: { keys: [publicEncryptionJwk(encryptionKey)] },
          encrypted_response_enc_values_supported: [...CONTENT_ENCRYPTIONS],
        }),
    vp_formats_supported: {
      'dc+sd-jwt': {
        'sd-jwt_alg_values': ['ES256', 'EdDSA'],
        'kb-jwt_alg_values': ['ES256', 'EdDSA'],
      },
    },
  }
}

/** Signs a request in the name its session has. */
export function signRequest(
  session: VpSession,
  request: RequestObject,
  options: { readonly identity: RequestIdentity; readonly now: Date },
): Promise<string> {
  const { identity, now } = options
  return createRequestObject({
    request,
    signer: identity.signer,
    proof: proofOf(session, identity),
    issuedAt: now,
    expiresAt: session.expiresAt,
  })
}

function proofOf({ client }: VpSession, { certificate }: RequestIdentity): ClientProof {
  switch (client) {
    case 'did':
      return { kind: 'did' }
    case 'x509_hash':
    case 'x509_san_dns':
      if (certificate === null) throw unavailable('it has no certificate any more')
      return { kind: 'x5c', chain: certificate.chain }
    case 'redirect_uri':
    case 'origin':
      throw new VerifierError(
        'client_unavailable',
        'a request by redirect_uri or origin is not signed.',
      )
  }
}

function unavailable(problem: string): VerifierError {
  return new VerifierError(
    'client_unavailable',
    `this verifier cannot name itself so: ${problem}. Set it up with a certificate, or use did.`,
  )
}
