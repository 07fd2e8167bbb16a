import { hkdfSync, timingSafeEqual } from 'node:crypto'

/** Nonces for DPoP proofs: nothing is kept for handing one out (RFC 9449 §8, §9). */
export type DpopNonces = {
  next(now: Date): string
  isFresh(nonce: unknown, now: Date): boolean
}

const STEP_SECONDS = 60
/** Good from two minutes before its own to two after: what the authorization server accepts. */
const STEPS = 2

/**
 * Nonces for the credential endpoints. They are those of the authorization server, which lies at the
 * same origin: its library derives them so from the same secret, and wallets keep one nonce for an
 * origin. If the library changed that, a wallet would be asked once more, and nothing else happens.
 *
 * @param secret - 32 bytes.
 */
export function createDpopNonces(secret: Uint8Array): DpopNonces {
  const of = (step: number): Buffer => {
    const salt = Buffer.alloc(8)
    salt.writeBigUInt64BE(BigInt(step))
    const bytes = Buffer.from(hkdfSync('sha256', secret, salt, 'DPoP', 32))
    return Buffer.from(bytes.toString('base64url'))
  }
  const stepAt = (now: Date) => Math.floor(now.getTime() / 1000 / STEP_SECONDS)
  return {
    next: (now) => of(stepAt(now) + 1).toString(),
    isFresh(nonce, now) {
      if (typeof nonce !== 'string') return false
      const given = Buffer.from(nonce)
      const newest = stepAt(now) + STEPS
      return Array.from({ length: 2 * STEPS + 1 }, (_, back) => of(newest - back)).some(
        (own) => own.length === given.length && timingSafeEqual(own, given),
      )
    },
  }
}
