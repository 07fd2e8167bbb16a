import { randomBytes } from 'node:crypto'
import type { Vault } from '@netcert/agent'
import { epochSeconds } from '@netcert/credential'
import { createEncryptionKey, type EncryptionPrivateJwk } from '@netcert/protocol'
import type { WithStep } from './issuer-key-store.js'
import type { RequestKeyStore, StoredRequestKey } from './vci-request-key-store.js'

/** How long a key is announced before the next one is made. */
export const REQUEST_KEY_SECONDS = 30 * 86_400
/**
 * How long messages to a key are opened after the next one came: longer than anybody may believe
 * metadata that names it (signed metadata says a day).
 */
export const REQUEST_KEY_GRACE_SECONDS = 2 * 86_400

/**
 * The keys that requests to this issuer are encrypted to: random, sealed, changed every 30 days,
 * and erased two days after that. What was recorded before then can be opened by nobody any more,
 * the holder of the master key included.
 */
export type RequestKeys = {
  /** The key that metadata announces: always the newest. */
  announced(): Promise<EncryptionPrivateJwk>
  /** The keys that messages are opened with, newest first. */
  accepted(): Promise<readonly EncryptionPrivateJwk[]>
  /**
   * Announces a new key now. What is under way to the old ones is opened for two more days, unless
   * they are erased at once: then wallets that still have them are refused and ask again.
   */
  rotate(options: RotateRequestKeys): Promise<RotatedRequestKeys>
}

export type RotateRequestKeys = {
  /** For a key that somebody else may have. */
  readonly eraseOld: boolean
  /** Committed together with the new key; last in its transaction. */
  readonly also: WithStep
}

export type RotatedRequestKeys = {
  /** 1, 2, 3 … */
  readonly generation: number
  readonly kid: string
  /** When messages to the keys before it are opened no more. */
  readonly oldUntil: Date
}

export type RequestKeysParts = {
  readonly store: RequestKeyStore
  readonly vault: Vault
  readonly clock: () => Date
}

/** Keys that requests are encrypted to, renewed in time; an old one opens what is under way. */
export function createRequestKeys(parts: RequestKeysParts): RequestKeys {
  const { store, vault, clock } = parts
  const accepted = async () => {
    const at = epochSeconds(clock())
    const rows = await store.list()
    const [newest] = rows
    if (newest === undefined || newest.created_at + REQUEST_KEY_SECONDS <= at) {
      await store.put(await newRow(vault, (newest?.generation ?? 0) + 1, at))
      return accepted()
    }
    const [kept, oldest] = withinGrace(rows, at)
    if (oldest.generation > (rows.at(-1)?.generation ?? 0)) {
      await store.eraseBefore(oldest.generation)
    }
    return kept.map((row) => open(vault, row))
  }
  return {
    accepted,
    async rotate({ eraseOld, also }) {
      const at = epochSeconds(clock())
      const [newest] = await store.list()
      const row = await newRow(vault, (newest?.generation ?? 0) + 1, at)
      await store.rotate(row, also)
      if (eraseOld) await store.eraseBefore(row.generation)
      const oldUntil = new Date((at + (eraseOld ? 0 : REQUEST_KEY_GRACE_SECONDS)) * 1000)
      return { generation: row.generation, kid: row.kid, oldUntil }
    },
    async announced() {
      const [newest] = await accepted()
      if (newest === undefined) throw new TypeError('a key was made above')
      return newest
    },
  }
}

/** The newest, and those that were followed by another not longer ago than the grace; the last of them. */
function withinGrace(
  rows: readonly StoredRequestKey[],
  at: number,
): readonly [readonly StoredRequestKey[], StoredRequestKey] {
  const kept: StoredRequestKey[] = []
  for (const row of rows) {
    const next = kept.at(-1)
    if (next !== undefined && next.created_at + REQUEST_KEY_GRACE_SECONDS <= at) break
    kept.push(row)
  }
  const oldest = kept.at(-1)
  if (oldest === undefined) throw new TypeError('there is a newest key')
  return [kept, oldest]
}

async function newRow(vault: Vault, generation: number, at: number): Promise<StoredRequestKey> {
  const kid = randomBytes(12).toString('base64url')
  const bytes = new TextEncoder().encode(JSON.stringify(await createEncryptionKey(kid)))
  const sealed = vault.seal(bytes, contextOf(generation, kid))
  bytes.fill(0)
  return { generation, kid, sealed, created_at: at }
}

function open(vault: Vault, { generation, kid, sealed }: StoredRequestKey): EncryptionPrivateJwk {
  const bytes = vault.unseal(sealed, contextOf(generation, kid))
  // Authenticated by the seal: only this file has written it.
  return JSON.parse(new TextDecoder().decode(bytes)) as EncryptionPrivateJwk
}

function contextOf(generation: number, kid: string): string {
  return `vci_request_keys|${generation}|${kid}`
}
