import { CredentialError } from './errors.js'
import { isJsonObject, type JsonObject, type JsonValue, memberOf } from './json.js'
import { STATUS_INVALID, STATUS_SUSPENDED, STATUS_VALID } from './status-list.js'

/** Where the status of a certificate stands: entry `index` of the list published at `uri`. */
export type StatusReference = { readonly uri: string; readonly index: number }

/**
 * Reads the `status` claim. Other mechanisms beside `status_list` are ignored, alone they are not
 * understood, which is not the same as valid.
 *
 * @throws CredentialError `status_claim_malformed`, `status_unsupported`
 * @see Token Status List §6.2
 */
export function parseStatusClaim(status: JsonValue): StatusReference {
  if (!isJsonObject(status)) throw malformed('status is not an object')
  const list = memberOf(status, 'status_list')
  if (list === undefined) {
    if (Object.keys(status).length === 0) throw malformed('status names no mechanism')
    throw new CredentialError(
      'status_unsupported',
      'The certificate uses a status mechanism that is not supported: ask for one with status_list.',
    )
  }
  if (!isJsonObject(list)) throw malformed('status_list is not an object')
  const index = memberOf(list, 'idx')
  const uri = memberOf(list, 'uri')
  if (typeof index !== 'number' || !Number.isSafeInteger(index) || index < 0) {
    throw malformed('idx is not a non-negative integer')
  }
  if (typeof uri !== 'string' || !isAbsoluteUri(uri)) throw malformed('uri is not an absolute URI')
  return { uri, index }
}

/** The `status` claim of a reference (§6.2). */
export function createStatusClaim(reference: StatusReference): JsonObject {
  return { status_list: { idx: reference.index, uri: reference.uri } }
}

/**
 * Judges a status value. Only what is accepted by name passes; a reserved value never does.
 *
 * @param accepted - Values that count as good; usually only 0.
 * @throws CredentialError `status_invalid`, `status_suspended`, `status_application_specific`,
 * `status_unsupported`
 * @see Token Status List §7.1
 */
export function assertAcceptedStatus(status: number, accepted: readonly number[]): void {
  if (accepted.includes(status)) return
  if (status === STATUS_INVALID) {
    throw new CredentialError('status_invalid', 'The certificate was revoked: get a new one.')
  }
  if (status === STATUS_SUSPENDED) {
    throw new CredentialError(
      'status_suspended',
      'The certificate is suspended: reinstate it first.',
    )
  }
  if (status === 3 || (status >= 12 && status <= 15)) {
    throw new CredentialError(
      'status_application_specific',
      'The certificate has a status that only its application understands.',
    )
  }
  throw new CredentialError(
    status === STATUS_VALID ? 'status_application_specific' : 'status_unsupported',
    'The certificate has a status that is not accepted here.',
  )
}

/** RFC 3986 §4.3: a scheme and something after it, no blank. No normalising: it is compared as text. */
function isAbsoluteUri(text: string): boolean {
  return text.length <= 2048 && /^[A-Za-z][A-Za-z0-9+.-]{0,31}:[!-~]+$/u.test(text)
}

function malformed(reason: string): CredentialError {
  return new CredentialError(
    'status_claim_malformed',
    `The status claim cannot be read (${reason}): have the certificate issued again.`,
  )
}
