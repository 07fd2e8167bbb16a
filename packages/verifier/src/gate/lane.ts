import {
  type FreshnessPolicy,
  importSigner,
  type PrivateJwk,
  type Signer,
} from '@netcert/credential'
import { hmacSha256 } from '@netcert/credential/crypto'
import type { LocalisedText, Query } from '@netcert/protocol'

/** What one lane of a gate asks and accepts; nothing in it is secret. See docs/formats/gate-lane.md. */
export type Lane = {
  readonly venue: LocalisedText
  readonly event: {
    /** 1 to 64 of `A-Z a-z 0-9 . _ -`. */
    readonly id: string
    readonly name: LocalisedText
    /** Then the gate closes. */
    readonly endsAt: Date
  }
  /** 1 to 32 of `A-Z a-z 0-9 . _ -`, as is `lane`. */
  readonly gate: string
  readonly lane: string
  /** `fact`: a pass opens an event once. `ticket`: a person does, known by the platform's number. */
  readonly kind: 'fact' | 'ticket'
  /** `decentralized_identifier:` and the DID of the request key: what wallets sign as `aud`. */
  readonly clientId: string
  /** `sub` of the accreditation: whose numbers are opened. */
  readonly platformId: string
  /** The token; its `cnf` is the request key. */
  readonly accreditation: string
  /** The pinned root of the trust list. */
  readonly rootDid: string
  readonly query: Query
  readonly freshness: FreshnessPolicy
  /** When the challenge changes: each epoch of 15 s, or after each entry as well. */
  readonly rotate: 'epoch' | 'entry'
  /** Whether wallets may choose the nonce, for a printed challenge. Off unless stated. */
  readonly poster: boolean
  /** Whether printed passes are taken. Off unless stated. */
  readonly paper: boolean
  /** How long the entries are kept after the event. */
  readonly keepLedgerSeconds: number
}

/** What nobody but the venue may know. */
export type LaneSecrets = {
  /** P-256; signs challenges. One for all gates of a venue, and for gates only. */
  readonly requestKey: PrivateJwk
  /** 32 bytes; whoever knows them knows the nonces of this lane in advance. */
  readonly laneSecret: Uint8Array
  /** 32 bytes, the same for all lanes of the event; makes the tags of its ledgers. */
  readonly ledgerKey: Uint8Array
}

/** The parsed form of a lane file. */
export type LaneSettings = Lane & LaneSecrets

/** HMAC-SHA-256 under a key that need not be at hand as bytes. */
export type Mac = (data: Uint8Array) => Uint8Array | Promise<Uint8Array>

/** The keys of a lane, ready for use. A page makes them of non-extractable WebCrypto keys. */
export type LaneKeys = {
  /** Of the request key. */
  readonly signer: Signer
  /** Under `laneSecret`. */
  readonly nonceMac: Mac
  /** Under `ledgerKey`. */
  readonly tagMac: Mac
}

/**
 * Makes the keys of a lane ready for use, in memory.
 *
 * @throws CredentialError `invalid_jwk`
 */
export async function laneKeys(secrets: LaneSecrets): Promise<LaneKeys> {
  const { requestKey, laneSecret, ledgerKey } = secrets
  return {
    signer: await importSigner(requestKey),
    nonceMac: macOf(laneSecret),
    tagMac: macOf(ledgerKey),
  }
}

/** HMAC-SHA-256 under a key that is at hand, such as the ledger key of an event. */
export function macOf(key: Uint8Array): Mac {
  return (data) => hmacSha256(key, data)
}

/** What a lane file says in clear once it is open: everything but its secrets. */
export function laneOf(settings: LaneSettings): Lane {
  const { requestKey: _key, laneSecret: _secret, ledgerKey: _ledgerKey, ...lane } = settings
  return lane
}
