/** The name that stands for wallets which give none with a pre-authorized code. */
export const ANONYMOUS_CLIENT_ID = 'anonymous-wallet'

/** Printable ASCII without spaces (RFC 6749 §2.2, Appendix A.1), and of a sane length. */
const CLIENT_ID = /^[\x21-\x7e]{1,512}$/

export function isClientId(text: string): boolean {
  return CLIENT_ID.test(text)
}

/** Schemes that would run or read something on the device instead of opening an app. */
const FORBIDDEN_SCHEMES: ReadonlySet<string> = new Set([
  'javascript:',
  'data:',
  'vbscript:',
  'file:',
  'blob:',
  'about:',
  'filesystem:',
  'view-source:',
  'ws:',
  'wss:',
  'ftp:',
])

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Whether a wallet may be sent back there: https, an app's own scheme, or http on the person's
 * own machine (RFC 8252 §7). Never with a fragment or a password.
 */
export function isRedirectUri(text: string): boolean {
  if (text.length > 2000 || !/^[\x21-\x7e]+$/.test(text) || !URL.canParse(text)) return false
  const url = new URL(text)
  if (text.includes('#') || url.username !== '' || url.password !== '') return false
  if (url.protocol === 'https:') return true
  if (url.protocol === 'http:') return LOOPBACK.has(url.hostname)
  return !FORBIDDEN_SCHEMES.has(url.protocol)
}

/**
 * A wallet that nobody registered: a public client whose codes and tokens are bound to its key.
 * An attested one is the same to the library; its attestation is checked before.
 */
export function walletClient(clientId: string) {
  const anonymous = clientId === ANONYMOUS_CLIENT_ID
  return {
    dpop_bound_access_tokens: !anonymous,
    client_id: clientId,
    application_type: 'native' as const,
    token_endpoint_auth_method: 'none' as const,
    grant_types: anonymous
      ? ['refresh_token', PRE_AUTHORIZED_GRANT]
      : ['authorization_code', 'refresh_token', PRE_AUTHORIZED_GRANT],
    response_types: anonymous ? [] : (['code'] as ['code']),
    // The library wants one; which address is allowed is decided by `isRedirectUri`.
    redirect_uris: anonymous ? [] : ['netcert.placeholder:/'],
    authorization_details_types: ['openid_credential'],
  }
}

export const PRE_AUTHORIZED_GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'
