import {
  createDidKey,
  type PublicJwk,
  parsePublicJwk,
  resolveDidKey,
  type Signer,
} from '@netcert/credential'
import { AgentError } from './errors.js'
import {
  algorithmOf,
  importPrivateKey,
  importWebKey,
  type KeyPair,
  type KeyType,
  signRaw,
} from './key-pair.js'
import type { KeyStoreSchema } from './key-schema.js'
import type { Vault } from './vault.js'

export type KeyRow = KeyStoreSchema['keys']

/** What may be known of a key: everything but the private half. */
export type StoredKey = {
  readonly alias: string
  readonly type: KeyType
  readonly did: string
  /** The did:key URL, `did#fragment`. */
  readonly keyId: string
  readonly jwk: PublicJwk
  readonly createdAt: Date
}

/**
 * A signer over a private key, once it is shown to belong to the row's public key.
 *
 * @throws AgentError `key_damaged`.
 */
export function signerOf(stored: StoredKey, privateKey: Uint8Array): Signer {
  const { type, did, keyId } = stored
  const { key, jwk } = importPrivateKey(type, privateKey)
  privateKey.fill(0)
  assertBelongs(stored, jwk)
  return { did, keyId, alg: algorithmOf(type), sign: (data) => signRaw(type, key, data) }
}

/**
 * The same as a handle of WebCrypto that cannot be exported.
 *
 * @throws AgentError `key_damaged`.
 */
export async function webKeyOf(stored: StoredKey, privateKey: Uint8Array): Promise<CryptoKey> {
  try {
    assertBelongs(stored, importPrivateKey(stored.type, privateKey).jwk)
    return await importWebKey(stored.type, privateKey)
  } finally {
    privateKey.fill(0)
  }
}

function assertBelongs({ did, keyId }: StoredKey, jwk: PublicJwk): void {
  if (createDidKey(jwk) === did && resolveDidKey(did).keyId === keyId) return
  throw new AgentError(
    'key_damaged',
    'the public half of a key row is not that of its private half; restore it from a backup',
  )
}

/** A row for a key, its private half sealed for its alias and type and then wiped. */
export function sealedRow(
  vault: Vault,
  name: { readonly alias: string; readonly type: KeyType },
  pair: KeyPair | undefined,
): KeyRow {
  if (pair === undefined) throw new TypeError('each alias has a key')
  const { alias, type } = name
  const did = createDidKey(pair.jwk)
  const sealed = vault.seal(pair.privateKey, sealContext({ alias, type }))
  pair.privateKey.fill(0)
  return {
    alias,
    type,
    did,
    key_id: resolveDidKey(did).keyId,
    jwk: JSON.stringify(pair.jwk),
    sealed,
    created_at: Math.floor(Date.now() / 1_000),
  }
}

/** Alias and type are bound to the sealed key: two swapped rows do not sign for one another. */
export function sealContext(row: { readonly alias: string; readonly type: string }): string {
  return `netcert/key/v1|${row.type}|${row.alias}`
}

/** @throws AgentError `key_damaged`. */
export function storedKey(row: KeyRow): StoredKey {
  const { alias, type, did, key_id: keyId } = row
  if (type !== 'P-256' && type !== 'Ed25519') {
    throw new AgentError('key_damaged', 'a key row names an unknown type; restore it from a backup')
  }
  const jwk = parsePublicJwk(JSON.parse(row.jwk))
  return { alias, type, did, keyId, jwk, createdAt: new Date(row.created_at * 1_000) }
}
