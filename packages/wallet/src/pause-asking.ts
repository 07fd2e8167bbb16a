import { WalletError } from './errors.js'
import type { OpenGrant } from './vci-grant.js'
import { readRefusal } from './vci-refusals.js'

/** The issuer's endpoints for pauses, below its URL. @see docs/formats/pauses.md */
export type PauseEndpoint = 'pause' | 'ward-pause'

/**
 * Asks an issuer to pause, by a grant.
 *
 * @returns The text of its answer.
 * @throws WalletError `issuer_refused`, `issuer_answer`, `grant_refused`; FetchError
 */
export async function askForPause(
  grant: OpenGrant,
  endpoint: PauseEndpoint,
  message: object,
): Promise<string> {
  const url = `${grant.metadata.credential_issuer.replace(/\/$/, '')}/${endpoint}`
  const asked = { contentType: 'application/json', body: JSON.stringify(message) }
  const answer = await grant.withToken((token) => grant.client.askIssuer(url, token, asked))
  const text = await answer.text()
  if (!answer.ok) throw readRefusal(text, answer.status)
  return text
}

/** @returns a WalletError `platform_copy_pending` */
export function grantBusy(): WalletError {
  return new WalletError(
    'platform_copy_pending',
    'the wallet is busy with this grant; try again in a while.',
  )
}
