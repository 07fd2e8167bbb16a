import { decodeTextBase64Url, memberOf, parseJsonObject } from '@netcert/credential'
import { authorityKeyIdsOf, ProtocolError } from '@netcert/protocol'
import { VerifierError } from './errors.js'

const MAX_HEADER_DEPTH = 8

/**
 * Makes sure that a verified presentation comes from an authority that the query asked for: the
 * certificate in its header names one of the authority key identifiers.
 *
 * It narrows the trust list and never widens it. Nobody's anchor is known here, so an issuer could
 * write a certificate that names a foreign authority: its key counts because it is listed.
 *
 * @param options.presentation - Verified before: only then the header is the issuer's.
 * @throws VerifierError `authority_mismatch`, for an issuer without certificate (did:key) too
 * @see OpenID4VP 1.0 §6.1.1.1
 */
export async function assertAuthority(options: {
  readonly presentation: string
  readonly authorityKeyIds: readonly string[]
}): Promise<void> {
  const { presentation, authorityKeyIds } = options
  const header = decodeTextBase64Url(presentation.slice(0, presentation.indexOf('.')))
  const x5c = memberOf(parseJsonObject(header, { maxDepth: MAX_HEADER_DEPTH }), 'x5c')
  if (x5c === undefined) throw mismatch('names its issuer without a certificate')
  const found = await authorityKeyIdsOf(x5c).catch((cause: unknown) => {
    if (!(cause instanceof ProtocolError)) throw cause
    throw mismatch('carries an issuer certificate that cannot be read', cause)
  })
  if (!found.some((keyId) => authorityKeyIds.includes(keyId))) {
    throw mismatch('comes from none of the authorities that were asked for')
  }
}

function mismatch(problem: string, cause?: unknown): VerifierError {
  return new VerifierError(
    'authority_mismatch',
    `the certificate ${problem}; present one that an authority asked for has certified.`,
    { cause },
  )
}
