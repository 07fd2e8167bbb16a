import { ProtocolError } from './errors.js'

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

export type IssuerIdentifierPolicy = {
  /** Plain http to this machine, for development: never on by itself. */
  readonly allowHttpLoopback: boolean
}

/**
 * Checks a Credential Issuer Identifier: https (or, if allowed, http on this machine), no query, no
 * fragment, no user. It is compared as text everywhere and never normalised.
 *
 * @throws ProtocolError `issuer_identifier`
 * @see OpenID4VCI 1.0 §12.2.1
 */
export function assertIssuerIdentifier(text: string, policy: IssuerIdentifierPolicy): void {
  const url = text.length <= 2000 && URL.canParse(text) ? new URL(text) : undefined
  const secure =
    url !== undefined &&
    (url.protocol === 'https:' ||
      (policy.allowHttpLoopback && url.protocol === 'http:' && LOOPBACK.has(url.hostname)))
  const plain = !/[?#\s\\]/.test(text) && url?.username === '' && url.password === ''
  if (secure && plain) return
  throw new ProtocolError(
    'issuer_identifier',
    'An issuer is named by an https address without query and fragment; correct the address.',
  )
}

/**
 * Where a document about `identifier` lies: the well-known part stands between host and path.
 *
 * @param name - `openid-credential-issuer` or `oauth-authorization-server`.
 * @see OpenID4VCI 1.0 §12.2.2, RFC 8414 §3.1
 */
export function wellKnownUrl(identifier: string, name: string): string {
  const url = new URL(identifier)
  const path = url.pathname.replace(/\/$/, '')
  return `${url.origin}/.well-known/${name}${path}`
}

/** Where older software looks: the well-known part at the end of the path. */
export function appendedWellKnownUrl(identifier: string, name: string): string {
  return `${identifier.replace(/\/$/, '')}/.well-known/${name}`
}
