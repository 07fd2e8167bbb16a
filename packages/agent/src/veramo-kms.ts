import { randomUUID } from 'node:crypto'
import type { IKey, ManagedKeyInfo, MinimalImportableKey, TKeyType } from '@veramo/core-types'
import { AbstractKeyManagementSystem } from '@veramo/key-manager'
import { AgentError } from './errors.js'
import type { KeyStore } from './key-store.js'
import { keyTypeOf, managedKey, signatureText } from './veramo-key-form.js'

/** Bytes of a private key; Veramo's Ed25519 form appends the public half. */
const PRIVATE_KEY_BYTES = 32

/**
 * Veramo's face of our key store: keys are made and used by node:crypto and never leave it. The
 * `kid` of a key is its alias.
 */
export class NetcertKeyManagementSystem extends AbstractKeyManagementSystem {
  readonly #keys: KeyStore

  constructor(keys: KeyStore) {
    super()
    this.#keys = keys
  }

  /** @throws AgentError `key_type`, `key_exists`, `alias_malformed`. */
  async createKey(args: { type: TKeyType; kid?: string }): Promise<ManagedKeyInfo> {
    const type = keyTypeOf(args.type)
    return managedKey(await this.#keys.create({ alias: args.kid ?? randomUUID(), type }))
  }

  /** @throws AgentError `key_type`, `key_exists`, `key_damaged`, `alias_malformed`. */
  async importKey(args: Omit<MinimalImportableKey, 'kms'>): Promise<ManagedKeyInfo> {
    const bytes = Buffer.from(args.privateKeyHex, 'hex')
    const privateKey = new Uint8Array(bytes.subarray(0, PRIVATE_KEY_BYTES))
    const alias = args.kid ?? randomUUID()
    const options = { alias, type: keyTypeOf(args.type), privateKey }
    const stored = await this.#keys.importKey(options)
    bytes.fill(0)
    return managedKey(stored)
  }

  async listKeys(): Promise<ManagedKeyInfo[]> {
    return (await this.#keys.list()).map(managedKey)
  }

  async deleteKey(args: { kid: string }): Promise<boolean> {
    await this.#keys.delete(args.kid)
    return true
  }

  /** @throws AgentError `key_unknown`; `key_type` for an algorithm that is not the key's own. */
  async sign(args: {
    keyRef: Pick<IKey, 'kid'>
    algorithm?: string
    data: Uint8Array
  }): Promise<string> {
    const signer = await this.#keys.signer(args.keyRef.kid)
    if (args.algorithm !== undefined && args.algorithm !== signer.alg) {
      throw new AgentError('key_type', `this key signs ${signer.alg} and nothing else`)
    }
    return signatureText(await signer.sign(args.data))
  }

  async sharedSecret(): Promise<string> {
    throw new AgentError('key_type', 'the keys kept here sign; they do not agree on secrets')
  }
}
