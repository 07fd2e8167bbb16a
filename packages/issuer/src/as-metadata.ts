import { DPOP_ALGORITHMS } from './as-dpop-proof.js'
import { PRE_AUTHORIZED_GRANT } from './as-wallet-client.js'

/** Signature algorithms of wallet attestations. */
const ATTESTATION_ALGORITHMS = ['ES256', 'EdDSA']

/**
 * Metadata of the authorization server (RFC 8414, OpenID4VCI §12.3). It is written here and not
 * taken from the library, which would announce OpenID Connect as well.
 */
export function authorizationServerMetadata(options: {
  readonly issuer: string
  readonly configurationIds: readonly string[]
  /** Whether any wallet provider is trusted. */
  readonly attestation: boolean
}): Readonly<Record<string, unknown>> {
  const { issuer, configurationIds, attestation } = options
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    pushed_authorization_request_endpoint: `${issuer}/par`,
    require_pushed_authorization_requests: true,
    token_endpoint: `${issuer}/token`,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token', PRE_AUTHORIZED_GRANT],
    'pre-authorized_grant_anonymous_access_supported': true,
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    dpop_signing_alg_values_supported: [...DPOP_ALGORITHMS],
    scopes_supported: [...configurationIds],
    authorization_details_types_supported: ['openid_credential'],
    token_endpoint_auth_methods_supported: attestation
      ? ['none', 'attest_jwt_client_auth']
      : ['none'],
    ...(attestation
      ? {
          client_attestation_signing_alg_values_supported: ATTESTATION_ALGORITHMS,
          client_attestation_pop_signing_alg_values_supported: ATTESTATION_ALGORITHMS,
          challenge_endpoint: `${issuer}/attestation-challenge`,
        }
      : {}),
    ui_locales_supported: ['zh-CN', 'en'],
  }
}

/** Where the metadata is found: the standard's form first, and one that older wallets try. */
export function metadataPaths(issuer: string): readonly string[] {
  const { pathname } = new URL(issuer)
  const path = pathname === '/' ? '' : pathname
  const name = '/.well-known/oauth-authorization-server'
  return path === '' ? [name] : [`${name}${path}`, `${path}${name}`]
}
