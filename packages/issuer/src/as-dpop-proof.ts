import { createHash } from 'node:crypto'
import { calculateJwkThumbprint, decodeJwt, EmbeddedJWK, jwtVerify } from 'jose'

/** Algorithms a DPoP proof may be signed with. */
export const DPOP_ALGORITHMS = ['ES256', 'EdDSA'] as const

/** How far the clock of a wallet may be off. A server nonce does not lift this bound. */
export const DPOP_WINDOW_SECONDS = 120

/** How long the identifier of a proof is remembered: longer than the proof could be shown. */
export const DPOP_MEMORY_SECONDS = 4 * DPOP_WINDOW_SECONDS

export type ReadDpopProofOptions = {
  readonly proof: string
  readonly method: string
  /** Absolute, as the configuration names it. */
  readonly url: string
  readonly accessToken: string
  readonly now: Date
}

export type DpopProof = {
  readonly jkt: string
  readonly jti: string
  /** Not judged here. */
  readonly nonce: unknown
}

/**
 * Checks a DPoP proof at a protected resource, all but its nonce and its single use (RFC 9449 §4.3, §7).
 *
 * @throws Error for every fault; the caller says which step of its own that fails.
 */
export async function verifyDpopProof(options: ReadDpopProofOptions): Promise<DpopProof> {
  const { proof, method, url, accessToken, now } = options
  const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
    algorithms: [...DPOP_ALGORITHMS],
    typ: 'dpop+jwt',
    currentDate: now,
    clockTolerance: DPOP_WINDOW_SECONDS,
    requiredClaims: ['jti', 'iat', 'htm', 'htu', 'ath'],
  })
  const { jti, iat } = payload
  if (typeof jti !== 'string' || jti === '' || jti.length > 500) throw new Error('jti')
  if (!isRecent(iat, now)) throw new Error('iat')
  if (payload['htm'] !== method) throw new Error('htm')
  if (!isSameTarget(payload['htu'], url)) throw new Error('htu')
  if (payload['ath'] !== createHash('sha256').update(accessToken).digest('base64url')) {
    throw new Error('ath')
  }
  const { jwk } = protectedHeader
  if (jwk === undefined) throw new Error('jwk')
  return { jkt: await calculateJwkThumbprint(jwk), jti, nonce: payload['nonce'] }
}

/** Whether a proof says that it was made about now; one that says nothing is refused elsewhere. */
export function isRecentProof(proof: string, now: Date): boolean {
  try {
    return isRecent(decodeJwt(proof).iat, now)
  } catch {
    return false
  }
}

function isRecent(iat: unknown, now: Date): boolean {
  if (typeof iat !== 'number') return false
  return Math.abs(now.getTime() / 1000 - iat) <= DPOP_WINDOW_SECONDS
}

/** Query and fragment do not count (RFC 9449 §4.3 step 9). */
function isSameTarget(htu: unknown, url: string): boolean {
  if (typeof htu !== 'string' || !URL.canParse(htu)) return false
  const [told, meant] = [new URL(htu), new URL(url)]
  return told.origin === meant.origin && told.pathname === meant.pathname
}
