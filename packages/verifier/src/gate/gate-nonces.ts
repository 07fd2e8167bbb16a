import { encodeBase64Url } from '@netcert/credential'
import type { Mac } from './lane.js'

/** How long a challenge is shown, in seconds. */
export const EPOCH_SECONDS = 15
/** Answers to this many epochs are taken: the one shown now and those before it. */
export const ACCEPTED_EPOCHS = 6
/** An answer to an older epoch is told apart from one to another lane for so long: ten minutes. */
const REMEMBERED_EPOCHS = 40
const MOST_KNOWN = 256

/** A nonce of a lane is named by these. */
export type NoncePlace = {
  readonly clientId: string
  readonly lane: string
  readonly epoch: number
  /** 0, or entries so far where the lane rotates on each. */
  readonly counter: number
}

/** The number of the epoch that an instant lies in, counted from 1970. */
export function epochOf(at: Date): number {
  return Math.floor(at.getTime() / 1000 / EPOCH_SECONDS)
}

/** When an epoch ends. */
export function endOfEpoch(epoch: number): Date {
  return new Date((epoch + 1) * EPOCH_SECONDS * 1000)
}

/**
 * The nonce of one epoch and counter: base64url of the first 16 bytes of HMAC-SHA-256 under the lane
 * secret over `client_id|lane|epoch|counter` in UTF-8, both numbers in decimal.
 *
 * @see docs/formats/gate-lane.md
 */
export async function laneNonce(mac: Mac, place: NoncePlace): Promise<string> {
  const { clientId, lane, epoch, counter } = place
  const tag = await mac(new TextEncoder().encode(`${clientId}|${lane}|${epoch}|${counter}`))
  return encodeBase64Url(tag.subarray(0, 16))
}

/** Options of {@link createLaneNonces}. */
export type LaneNoncesOptions = {
  readonly mac: Mac
  readonly clientId: string
  readonly lane: string
  readonly rotate: 'epoch' | 'entry'
}

/** At which point of time a gate is. */
export type NonceMoment = { readonly epoch: number; readonly counter: number }

/** The nonces of a lane, each worked out once. */
export class LaneNonces {
  readonly #options: LaneNoncesOptions
  readonly #known = new Map<string, { readonly epoch: number; readonly nonce: string }>()

  constructor(options: LaneNoncesOptions) {
    this.#options = options
  }

  /** The one to show. */
  current(moment: NonceMoment): Promise<string> {
    return this.#nonce(moment)
  }

  /**
   * Those whose answers are taken, newest first. Always six: where the lane rotates on each entry, a
   * challenge is over with the entry it made.
   */
  accepted({ epoch, counter }: NonceMoment): Promise<readonly string[]> {
    return Promise.all(
      Array.from({ length: ACCEPTED_EPOCHS }, (_, back) =>
        this.#nonce({ epoch: epoch - back, counter }),
      ),
    )
  }

  /** Those of the last ten minutes that are over: a late answer is told from a stranger's by them. */
  async over({ epoch, counter }: NonceMoment): Promise<readonly string[]> {
    if (this.#options.rotate === 'epoch') {
      for (let back = ACCEPTED_EPOCHS; back < REMEMBERED_EPOCHS; back += 1) {
        await this.#nonce({ epoch: epoch - back, counter })
      }
    }
    const accepted = new Set(await this.accepted({ epoch, counter }))
    const known = [...this.#known.values()].filter(({ nonce }) => !accepted.has(nonce))
    const newestFirst = known.toSorted((one, other) => other.epoch - one.epoch)
    return newestFirst.slice(0, REMEMBERED_EPOCHS).map(({ nonce }) => nonce)
  }

  async #nonce({ epoch, counter }: NonceMoment): Promise<string> {
    const key = `${epoch}|${counter}`
    const known = this.#known.get(key)
    if (known !== undefined) return known.nonce
    const { mac, clientId, lane } = this.#options
    const nonce = await laneNonce(mac, { clientId, lane, epoch, counter })
    this.#known.set(key, { epoch, nonce })
    this.#forget()
    return nonce
  }

  /** The oldest goes first: it was worked out first, or is of no use any more. */
  #forget(): void {
    for (const key of this.#known.keys()) {
      if (this.#known.size <= MOST_KNOWN) return
      this.#known.delete(key)
    }
  }
}
