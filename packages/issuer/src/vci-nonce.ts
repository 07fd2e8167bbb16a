import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { epochSeconds } from '@netcert/credential'

/** How long a `c_nonce` is good for. */
export const NONCE_SECONDS = 300

const RANDOM_BYTES = 12
const TAG_BYTES = 16
const NONCE_FORM = /^[\w-]{43}$/

/** Nonces for key proofs. Handing one out keeps nothing; only using one does. */
export type NonceMint = {
  create(now: Date): string
  /** When the nonce ends; `undefined` when it is not ours or has ended. */
  endOf(nonce: string, now: Date): Date | undefined
}

/** A nonce is the time, 96 random bits and a keyed tag over both (OpenID4VCI 1.0 §7). */
export function createNonceMint(key: Uint8Array): NonceMint {
  const tagOf = (body: Uint8Array): Buffer =>
    createHmac('sha256', key).update(body).digest().subarray(0, TAG_BYTES)
  return {
    create(now) {
      const time = Buffer.alloc(4)
      time.writeUInt32BE(epochSeconds(now))
      const body = Buffer.concat([time, randomBytes(RANDOM_BYTES)])
      return Buffer.concat([body, tagOf(body)]).toString('base64url')
    },
    endOf(nonce, now) {
      if (!NONCE_FORM.test(nonce)) return undefined
      const bytes = Buffer.from(nonce, 'base64url')
      // Two texts of one value would be two uses of one nonce.
      if (bytes.toString('base64url') !== nonce) return undefined
      const body = bytes.subarray(0, 4 + RANDOM_BYTES)
      if (!timingSafeEqual(tagOf(body), bytes.subarray(4 + RANDOM_BYTES))) return undefined
      const end = new Date((body.readUInt32BE() + NONCE_SECONDS) * 1000)
      return end > now ? end : undefined
    },
  }
}
