import type { CredentialRequest } from '@netcert/protocol'
import type { CopyPolicy } from './copy-policy.js'
import { IssuerError } from './issuer-error.js'
import { assertBlinded } from './platform-copy-claims.js'
import type { ProvenKeys } from './vci-proofs.js'

/**
 * The blinded point of a credential request; `null` where the wallet wants no platform number.
 *
 * @throws IssuerError `platform_number_not_offered` with another configuration,
 *   `platform_number_malformed`.
 */
export function readBlinded(
  { platform_number_blinded: blinded }: CredentialRequest,
  policy: CopyPolicy,
): string | null {
  return blinded === undefined ? null : assertBlinded(policy, blinded)
}

/**
 * A numbered copy is minted alone: of several keys nobody could say which one the number is for.
 *
 * @throws IssuerError `invalid_credential_request`.
 */
export function assertAlone({ keys }: ProvenKeys): void {
  if (keys.length === 1) return
  const text = 'A copy with a platform number is minted alone; send one key proof for it.'
  throw new IssuerError('invalid_credential_request', text)
}
