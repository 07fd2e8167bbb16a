import { didKeyResolver } from '@netcert/credential'
import { createAgent } from '@veramo/core'
import type {
  IAgentPlugin,
  ICredentialPlugin,
  IDIDManager,
  IKeyManager,
  IResolver,
  TAgent,
} from '@veramo/core-types'
import { CredentialProviderJWT } from '@veramo/credential-jwt'
import { CredentialPlugin } from '@veramo/credential-w3c'
import { DIDManager } from '@veramo/did-manager'
import { DIDResolverPlugin } from '@veramo/did-resolver'
import { type AbstractKeyManagementSystem, KeyManager } from '@veramo/key-manager'
import type { Database } from './database.js'
import { DID_KEY_PROVIDER, DidKeyProvider } from './did-key-provider.js'
import { guardGetOrCreate } from './did-manager-guard.js'
import type { KeyStoreSchema } from './key-schema.js'
import type { KeyStore } from './key-store.js'
import { assertSafeEnvironment } from './safe-environment.js'
import { type ISdJwtVc, SdJwtVcPlugin } from './sd-jwt-vc-plugin.js'
import { VeramoDidStore } from './veramo-did-store.js'
import { NETCERT_KMS } from './veramo-key-form.js'
import { VeramoKeyStore } from './veramo-key-store.js'
import { NetcertKeyManagementSystem } from './veramo-kms.js'

/** A Veramo agent with keys, identifiers, W3C credentials and network certificates. */
export type NetcertAgent = TAgent<
  IKeyManager & IDIDManager & IResolver & ICredentialPlugin & ISdJwtVc
>

export type CreateNetcertAgentOptions<S extends KeyStoreSchema> = {
  /** Holds `keyStoreMigrations`. */
  readonly database: Database<S>
  readonly keyStore: KeyStore
  readonly clock: () => Date
  /** More key management systems, by name; ours is `netcert`. */
  readonly keyManagementSystems?: Readonly<Record<string, AbstractKeyManagementSystem>>
  /** More plugins of others. */
  readonly plugins?: readonly IAgentPlugin[]
}

/**
 * Assembles the agent. Everything that signs goes through our key store; identifiers are resolved by
 * our own did:key code, offline.
 *
 * @throws AgentError `debug_refused` while the environment would make Veramo print secrets.
 */
export function createNetcertAgent<S extends KeyStoreSchema>(
  options: CreateNetcertAgentOptions<S>,
): NetcertAgent {
  assertSafeEnvironment(process.env)
  const { keyStore: keys, clock } = options
  const database = options.database as unknown as Database<KeyStoreSchema>
  const veramoKeys = new VeramoKeyStore(database, keys)
  const kms = {
    ...options.keyManagementSystems,
    [NETCERT_KMS]: new NetcertKeyManagementSystem(keys),
  }
  const dids = new DIDManager({
    store: new VeramoDidStore({ database, keys, veramoKeys }),
    defaultProvider: DID_KEY_PROVIDER,
    providers: { [DID_KEY_PROVIDER]: new DidKeyProvider() },
  })
  return createAgent<IKeyManager & IDIDManager & IResolver & ICredentialPlugin & ISdJwtVc>({
    plugins: [
      new KeyManager({ store: veramoKeys, kms }),
      guardGetOrCreate(dids),
      new DIDResolverPlugin({ ...didKeyResolver() }),
      new CredentialPlugin([new CredentialProviderJWT()]),
      new SdJwtVcPlugin({ clock }),
      ...(options.plugins ?? []),
    ],
  })
}
