import { encodeBase64Url } from '@netcert/credential'
import type { Mac } from './lane.js'

/** First member of what every tag is made of. */
const CONTEXT = 'netcert/gate-ledger/v1'

/** The tags of one visitor at one event: they say nothing without the ledger key. */
export type GateTags = {
  readonly holder: string
  readonly person: string | null
  readonly answer: string
}

/**
 * Makes the tags of an accepted presentation: base64url of the first 16 bytes of HMAC-SHA-256 under
 * the ledger key over what they are of, its members joined by `|`.
 *
 * @see docs/formats/gate-ledger.md
 */
export async function tagVisitor(
  mac: Mac,
  options: {
    readonly event: string
    /** Thumbprint of the holder's key. */
    readonly holderKey: string
    readonly nonce: string
    /** At a ticket gate; null else. */
    readonly platformNumber: string | null
  },
): Promise<GateTags> {
  const { event, holderKey, nonce, platformNumber } = options
  return {
    holder: await tagOf(mac, ['holder', event, holderKey]),
    person: platformNumber === null ? null : await tagPerson(mac, event, platformNumber),
    answer: await tagOf(mac, ['answer', event, holderKey, nonce]),
  }
}

/** The tag of a person by their number at the platform: in entries and in lists of tickets. */
export function tagPerson(mac: Mac, event: string, platformNumber: string): Promise<string> {
  return tagOf(mac, ['person', event, platformNumber])
}

async function tagOf(mac: Mac, members: readonly string[]): Promise<string> {
  const tag = await mac(new TextEncoder().encode([CONTEXT, ...members].join('|')))
  return encodeBase64Url(tag.subarray(0, 16))
}
