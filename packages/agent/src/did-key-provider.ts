import { createDidKey } from '@netcert/credential'
import type { IAgentContext, IIdentifier, IKeyManager, TKeyType } from '@veramo/core-types'
import { AbstractIdentifierProvider } from '@veramo/did-manager'
import { AgentError } from './errors.js'
import { jwkOfPublicKeyHex, NETCERT_KMS } from './veramo-key-form.js'

/** The provider's name in a Veramo agent. */
export const DID_KEY_PROVIDER = 'did:key'

type Context = IAgentContext<IKeyManager>

/**
 * did:key identifiers for P-256 (`did:key:zDn…`, the default) and Ed25519 (`did:key:z6Mk…`).
 *
 * Veramo's own provider, asked for P-256, silently makes an Ed25519 key.
 */
export class DidKeyProvider extends AbstractIdentifierProvider {
  /**
   * Makes a key, and with it the identifier. The alias is the key's too, so that two processes
   * asked for the same alias make one key.
   *
   * @throws AgentError `key_type`, `key_exists`, `alias_malformed`.
   */
  async createIdentifier(
    args: { kms?: string; alias?: string; options?: { keyType?: TKeyType } },
    context: Context,
  ): Promise<Omit<IIdentifier, 'provider'>> {
    const key = await context.agent.keyManagerCreate({
      kms: args.kms ?? NETCERT_KMS,
      type: args.options?.keyType ?? 'Secp256r1',
      ...(args.alias === undefined ? {} : { kid: args.alias }),
    })
    const did = createDidKey(jwkOfPublicKeyHex(key.type, key.publicKeyHex))
    return { did, controllerKeyId: key.kid, keys: [key], services: [] }
  }

  async deleteIdentifier(identifier: IIdentifier, context: Context): Promise<boolean> {
    for (const { kid } of identifier.keys) await context.agent.keyManagerDelete({ kid })
    return true
  }

  updateIdentifier(): Promise<never> {
    return unchangeable()
  }

  addKey(): Promise<never> {
    return unchangeable()
  }

  removeKey(): Promise<never> {
    return unchangeable()
  }

  addService(): Promise<never> {
    return unchangeable()
  }

  removeService(): Promise<never> {
    return unchangeable()
  }

  override matchPrefix(prefix: string): boolean {
    return prefix.startsWith(DID_KEY_PROVIDER)
  }
}

function unchangeable(): Promise<never> {
  const text = 'a did:key identifier is its key and cannot be changed; create another identifier'
  return Promise.reject(new AgentError('did_malformed', text))
}
