import {
  CREDENTIAL_ERRORS,
  type CredentialErrorName,
  ProtocolError,
  type ProtocolErrorCode,
} from '@netcert/protocol'
import type { TokenChallenge } from './as-access-token.js'
import { IssuerError, type IssuerErrorCode } from './issuer-error.js'

/** An answer that refuses: status, headers, and the plain JSON of the standard. */
export type Refusal = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: { readonly error: string; readonly error_description?: string } | null
}

/** Refusals of the issuer itself, as a wallet is told of them. */
const TOLD_AS: Partial<Record<IssuerErrorCode, CredentialErrorName>> = {
  holder_key_count: 'invalid_proof',
  holder_key_malformed: 'invalid_proof',
  holder_key_repeated: 'invalid_proof',
  citizen_unknown: 'credential_request_denied',
  citizen_suspended: 'credential_request_denied',
  device_suspended: 'credential_request_denied',
  age_not_allowed: 'credential_request_denied',
  guardian_needed: 'credential_request_denied',
  guardian_not_linked: 'credential_request_denied',
  guardian_is_minor: 'credential_request_denied',
  custody_not_minor: 'credential_request_denied',
  suspension_end: 'invalid_credential_request',
  pause_of_wards: 'credential_request_denied',
  batch_unknown: 'credential_request_denied',
  platform_number_not_offered: 'invalid_credential_request',
  platform_number_malformed: 'invalid_credential_request',
  batch_expired: 'credential_request_denied',
  batch_not_valid: 'credential_request_denied',
}

/** Refusals of messages, likewise. */
const MESSAGE_TOLD_AS: Partial<Record<ProtocolErrorCode, CredentialErrorName>> = {
  encryption_parameters: 'invalid_encryption_parameters',
  encrypted_message_malformed: 'invalid_encryption_parameters',
  key_proof_invalid: 'invalid_proof',
  key_attestation_invalid: 'invalid_proof',
  certificate_chain: 'invalid_proof',
  message_malformed: 'invalid_credential_request',
  message_too_large: 'invalid_credential_request',
}

/** Database or signer cannot answer now: the same request can succeed later. */
const BUSY_CODES: readonly unknown[] = [
  'nonces_full',
  'database_locked',
  'database_conflict',
  'database_unreachable',
  'database_full',
  'database_timeout',
  'signer_busy',
  'signer_unreachable',
  'signing_halted',
  'signing_key_none',
]

/**
 * How an error is answered at the credential endpoints (OpenID4VCI 1.0 §8.3.1). What is not a
 * refusal of ours is told as `server_error`, with nothing of it.
 */
export function refusalOf(
  error: unknown,
  tokenChallenge: (error: IssuerError) => TokenChallenge | undefined,
): Refusal {
  const challenge = error instanceof IssuerError ? tokenChallenge(error) : undefined
  if (challenge !== undefined) {
    const { status, headers, error: told } = challenge
    // RFC 6750 §3.1: whoever sent no token is told no error.
    return { status, headers, body: told === null ? null : { error: told } }
  }
  const name = nameOf(error)
  if (name !== undefined && error instanceof Error) {
    const error_description = descriptionOf(error.message)
    return {
      status: CREDENTIAL_ERRORS[name],
      headers: {},
      body: { error: name, error_description },
    }
  }
  if (error instanceof Error && 'code' in error && BUSY_CODES.includes(error.code)) {
    return {
      status: 503,
      headers: { 'retry-after': '2' },
      body: { error: 'temporarily_unavailable' },
    }
  }
  return { status: 500, headers: {}, body: { error: 'server_error' } }
}

function nameOf(error: unknown): CredentialErrorName | undefined {
  if (error instanceof IssuerError) {
    const { code } = error
    return isCredentialError(code) ? code : TOLD_AS[code]
  }
  return error instanceof ProtocolError ? MESSAGE_TOLD_AS[error.code] : undefined
}

function isCredentialError(code: IssuerErrorCode): code is CredentialErrorName {
  return Object.hasOwn(CREDENTIAL_ERRORS, code)
}

/** RFC 6749 §5.2: printable ASCII without quotation mark and backslash. */
function descriptionOf(message: string): string {
  return message.replace(/["\\]/g, "'").replace(/[^\x20-\x7e]/g, '?')
}
