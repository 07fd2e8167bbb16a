import { readFile } from 'node:fs/promises'
import { importSigner, type SignatureAlgorithm, type Signer } from '@netcert/credential'
import { IssuerError } from './issuer-error.js'
import { createPrivateKeyFile, parsePrivateKey } from './private-key-file.js'

/**
 * Makes the root key of a trust domain and writes it as PEM (PKCS #8, mode 0600). It signs trust
 * lists and nothing else: keep the file offline and bring it when a list is to be signed.
 */
export async function createRootKey(file: string, algorithm: SignatureAlgorithm): Promise<Signer> {
  await createPrivateKeyFile(file, algorithm)
  return readRootKey(file)
}

/**
 * Opens a root key file for signing.
 *
 * @throws IssuerError `root_key_needed` when there is no such file, `root_key_malformed`.
 */
export async function readRootKey(file: string): Promise<Signer> {
  const pem = await readFile(file, 'utf8').catch((cause: unknown) => {
    const text = 'The root key file cannot be read; bring it from where it is kept offline.'
    throw new IssuerError('root_key_needed', text, { cause })
  })
  try {
    return await importSigner(parsePrivateKey(pem))
  } catch {
    // The cause could quote the file, and the file is the root key: it goes no further.
    throw new IssuerError(
      'root_key_malformed',
      'The root key file is no P-256 or Ed25519 private key in PEM; bring the file of netcert init.',
    )
  }
}
