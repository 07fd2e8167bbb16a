import { wardPauseRequestSchema } from '@netcert/protocol'
import type { VerifiedAccessToken } from '../as-access-token.js'
import { IssuerError } from '../issuer-error.js'
import type { MinorDesk } from './minor-desk.js'

/**
 * Takes a guardian's word, by a token that brings certificates of the ward, that everything about
 * them is to pause. It is the guardian who is on record for it.
 *
 * @throws IssuerError `invalid_credential_request`, `guardian_not_linked`; see `pauseWard`.
 */
export async function takeWardPause(
  minors: Pick<MinorDesk, 'grants' | 'pauseWard'>,
  { citizen: guardian, grantId }: Pick<VerifiedAccessToken, 'citizen' | 'grantId'>,
  message: unknown,
): Promise<void> {
  const parsed = wardPauseRequestSchema.safeParse(message)
  if (!parsed.success) {
    const text = 'A pause has the credential_identifier of a ward, and perhaps until.'
    throw new IssuerError('invalid_credential_request', text)
  }
  const { credential_identifier: identifier, until } = parsed.data
  const ward = await minors.grants.wardOf({ grantId, identifier })
  const end = until === undefined ? {} : { until: new Date(until * 1000) }
  await minors.pauseWard({ ward, guardian, ...end }, 'guardian')
}
