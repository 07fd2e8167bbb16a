import { credentialErrorSchema, messageLimits, parseMessage } from '@netcert/protocol'
import { AuthorizationResponseError, ResponseBodyError } from 'oauth4webapi'
import { WalletError } from './errors.js'

/** Another side's error by its name in the standard; nothing else of what it said is repeated. */
function nameOf(error: string): string {
  return /^[a-z_]{1,64}$/.test(error) ? error : 'an error without a proper name'
}

/** An error of the issuer's endpoints, with its name for whoever decides what to do about it. */
export class IssuerRefusal extends WalletError {
  /** Of OpenID4VCI 1.0 §8.3.1.2, §9.3 or §11.3, or another one; never shown as it came. */
  readonly error: string

  constructor(error: string) {
    super(
      'issuer_refused',
      `the issuer refused (${nameOf(error)}); try again later, or ask the issuer for a new offer.`,
    )
    this.error = error
  }
}

/**
 * Why an authorization server refused. The library's own errors hold answers with tokens in them and
 * go no further.
 */
export function refusedGrant(error: unknown): Error {
  if (error instanceof ResponseBodyError && error.error === 'invalid_grant') {
    return new WalletError(
      'grant_refused',
      'the authorization server refused the code or the grant: it is wrong, used or over; look at the ' +
        'code and try again, or ask the issuer for a new offer.',
    )
  }
  if (error instanceof ResponseBodyError || error instanceof AuthorizationResponseError) {
    return new IssuerRefusal(error.error)
  }
  const isOurs = error instanceof Error && /^(?:Wallet|Fetch|Protocol|Agent)Error$/.test(error.name)
  if (isOurs) return error
  return new WalletError(
    'issuer_answer',
    'the authorization server does not answer as the standard describes it; try again later, or ask ' +
      'the issuer.',
  )
}

/** Reads an error answer. @see OpenID4VCI 1.0 §8.3.1.2 */
export function readRefusal(text: string, status: number): WalletError {
  try {
    const message = parseMessage(text, { maxBytes: messageLimits.maxRequestBytes })
    return new IssuerRefusal(credentialErrorSchema.parse(message).error)
  } catch {
    return new WalletError(
      'issuer_answer',
      `the issuer does not answer as the standard describes it (HTTP ${status}); try again later.`,
    )
  }
}
