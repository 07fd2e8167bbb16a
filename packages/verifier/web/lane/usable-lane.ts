import { createSigner, importSigner, parsePublicJwk } from '@netcert/credential'
import { importSigningKey } from '@netcert/credential/crypto'
import { type LaneKeys, laneOf, type LaneSettings, type Mac } from '@netcert/verifier/gate'
import type { KeptLane } from '../keeping/database.js'

/**
 * Turns an opened lane file into keys that nobody can read out again, not even this page. The file's
 * own text is not kept.
 *
 * @throws CredentialError `invalid_jwk`
 */
export async function makeLaneUsable(settings: LaneSettings): Promise<KeptLane> {
  const { requestKey, laneSecret, ledgerKey } = settings
  // Looks whether both halves of the key fit.
  await importSigner(requestKey)
  const { d: _private, ...publicHalf } = requestKey
  return {
    lane: laneOf(settings),
    requestKey: await importSigningKey(requestKey),
    requestJwk: parsePublicJwk(publicHalf),
    nonceKey: await macKey(laneSecret),
    tagKey: await macKey(ledgerKey),
  }
}

/** The keys of a kept lane, as the gate uses them. */
export function laneKeysOf({ requestKey, requestJwk, nonceKey, tagKey }: KeptLane): LaneKeys {
  const signer = createSigner({ key: requestKey, jwk: requestJwk })
  return { signer, nonceMac: macOf(nonceKey), tagMac: macOf(tagKey) }
}

function macKey(secret: Uint8Array): Promise<CryptoKey> {
  const hmac = { name: 'HMAC', hash: 'SHA-256' }
  return crypto.subtle.importKey('raw', secret as Uint8Array<ArrayBuffer>, hmac, false, ['sign'])
}

function macOf(key: CryptoKey): Mac {
  return async (data) =>
    new Uint8Array(await crypto.subtle.sign('HMAC', key, data as Uint8Array<ArrayBuffer>))
}
