import { type PauseResponse, pauseRequestSchema } from '@netcert/protocol'
import { invalidToken, type VerifiedAccessToken } from '../as-access-token.js'
import { IssuerError } from '../issuer-error.js'
import { isConfigurationId, isWardConfiguration } from '../vci-configurations.js'
import type { OwnPauses } from './own-pause.js'

/** What a token has to say of itself before its bearer pauses anything. */
export type PausingToken = Pick<
  VerifiedAccessToken,
  'citizen' | 'grantId' | 'configurationIds' | 'credentialIdentifiers' | 'dpopJkt'
>

/**
 * Takes a citizen's word, by a token that brings certificates of their own, that everything they hold
 * is to pause.
 *
 * @throws IssuerError `invalid_credential_request`, `pause_of_wards`, `access_token_invalid` for a
 *   token that is bound to no key; see `pauseOwn`.
 */
export async function takeOwnPause(
  pauses: OwnPauses,
  token: PausingToken,
  message: unknown,
): Promise<PauseResponse> {
  // No wallet can take a pause back: a token that was only overheard does not make one.
  if (token.dpopJkt === null) throw invalidToken()
  const parsed = pauseRequestSchema.safeParse(message)
  if (!parsed.success) {
    const text = 'A pause has until, or nothing at all.'
    throw new IssuerError('invalid_credential_request', text)
  }
  if (!bringsOwn(token)) {
    throw new IssuerError(
      'pause_of_wards',
      'This grant is about wards alone; pause a ward at ward-pause, or use a grant of your own.',
    )
  }
  const { citizen, grantId } = token
  const { until } = parsed.data
  const end = until === undefined ? {} : { until: new Date(until * 1000) }
  return pauses.pauseOwn({ citizen, grantId, ...end })
}

function bringsOwn({ configurationIds, credentialIdentifiers }: PausingToken): boolean {
  const ids = [
    ...configurationIds,
    ...credentialIdentifiers.map(({ configurationId }) => configurationId),
  ]
  return ids.some((id) => isConfigurationId(id) && !isWardConfiguration(id))
}
