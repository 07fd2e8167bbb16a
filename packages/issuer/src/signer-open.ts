import type { Duplex } from 'node:stream'
import { openKeyStore, openVault } from '@netcert/agent'
import type { CertificateSigner } from './certificate-signer.js'
import { readIssuerConfig } from './config.js'
import { assertPrivate, dataFolder } from './data-folder.js'
import { assertEnvironment, ENVIRONMENT_FACT } from './issuer-assembly.js'
import { createListStore } from './list-store.js'
import { openIssuerDatabase } from './open.js'
import { watchSignatures } from './signature-reconciliation.js'
import { createSignatureStore } from './signature-store.js'
import { assembleSigner } from './signer-assembly.js'
import { createSignerKey, heldSignerKeys } from './signer-key-open.js'
import { serveSigning } from './signer-server.js'
import { KEY_ALIASES } from './trust-list-content.js'

export { type ListenForSigningOptions, listenForSigning, signerAt } from './signer-socket.js'
export { refuseAll } from './signer-server.js'
export { connectSigner, type ConnectSignerOptions, type RemoteSigner } from './signer-client.js'
export type { CertificateSigner } from './certificate-signer.js'

export type OpenSignerOptions = {
  /** A data folder: configuration, `secrets/master.key`, `secrets/signer.key`, with x5c the leaf. */
  readonly dir: string
  readonly clock: () => Date
  /** Lines for the operator. */
  readonly log: (line: string) => void
}

/** A signer that holds the key; close it to let go of the database. */
export type OpenedSigner = {
  readonly signer: CertificateSigner
  /** Answers one connection. */
  serve(connection: Duplex): void
  close(): Promise<void>
}

/**
 * Opens the signer of a data folder, and watches from then on that signatures and plans agree.
 *
 * @throws IssuerError `signer_key_…`, `environment_mismatch`, `unsafe_mode`, `not_initialised`,
 *   `certificate_…`; AgentError of database and master key.
 */
export async function openSigner({ dir, clock, log }: OpenSignerOptions): Promise<OpenedSigner> {
  const folder = dataFolder(dir)
  const config = await readIssuerConfig(folder.config)
  await assertPrivate(folder)
  const vault = await openVault({ masterKeyFile: folder.masterKey })
  const database = await openIssuerDatabase(dir, config)
  try {
    assertEnvironment(config, await createListStore(database).getFact(ENVIRONMENT_FACT))
    const keyStore = await openKeyStore({ database, vault, apart: heldSignerKeys(folder) })
    const signer = await assembleSigner({ config, folder, vault, keyStore, database, clock })
    // Whether the key is there and opens is known before anybody asks.
    await signer.describe()
    const watch = watchSignatures({ store: createSignatureStore(database), clock, log })
    return {
      signer,
      serve: (connection) => serveSigning({ signer, connection, log }),
      async close() {
        await watch.close()
        await database.close()
      },
    }
  } catch (error) {
    await database.close()
    throw error
  }
}

/**
 * Gives a folder from before there were signers a `secrets/signer.key`, and seals the signing key with
 * it. Run again after an interruption; backups from before keep the key under the master key.
 *
 * @throws IssuerError `signer_key_exists` when that was done already.
 */
export async function separateSigner({ dir }: { readonly dir: string }): Promise<void> {
  const folder = dataFolder(dir)
  const config = await readIssuerConfig(folder.config)
  await assertPrivate(folder)
  const vault = await openVault({ masterKeyFile: folder.masterKey })
  const database = await openIssuerDatabase(dir, config)
  try {
    const made = await createSignerKey(folder).then(
      () => undefined,
      (error: unknown) => error,
    )
    const keyStore = await openKeyStore({ database, vault, apart: heldSignerKeys(folder) })
    if (!(await keyStore.sealApart(KEY_ALIASES.credential))) throw made
    await database.checkpoint().catch(() => {})
  } finally {
    await database.close()
  }
}
