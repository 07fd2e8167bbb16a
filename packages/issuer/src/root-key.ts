import { createPrivateKey, generateKeyPair } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import {
  importSigner,
  type PrivateJwk,
  type SignatureAlgorithm,
  type Signer,
} from '@netcert/credential'
import { writeAtomically } from './atomic-file.js'
import { IssuerError } from './issuer-error.js'

const generate = promisify(generateKeyPair)

/**
 * Makes the root key of a trust domain and writes it as PEM (PKCS #8, mode 0600). It signs trust
 * lists and nothing else: keep the file offline and bring it when a list is to be signed.
 */
export async function createRootKey(file: string, algorithm: SignatureAlgorithm): Promise<Signer> {
  // Asynchronous on purpose: the synchronous form followed by a JWK export can hang on Node 20.
  const { privateKey } = await (algorithm === 'ES256'
    ? generate('ec', { namedCurve: 'P-256' })
    : generate('ed25519', {}))
  await writeAtomically(file, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 0o600)
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
    return await importSigner(privateJwk(pem))
  } catch {
    // The cause could quote the file, and the file is the root key: it goes no further.
    throw new IssuerError(
      'root_key_malformed',
      'The root key file is no P-256 or Ed25519 private key in PEM; bring the file of netcert init.',
    )
  }
}

function privateJwk(pem: string): PrivateJwk {
  const { kty, crv, x, y, d } = createPrivateKey(pem).export({ format: 'jwk' })
  if (kty === 'EC' && crv === 'P-256' && x && y && d) return { kty, crv, x, y, d }
  if (kty === 'OKP' && crv === 'Ed25519' && x && d) return { kty, crv, x, d }
  throw new TypeError('another kind of key')
}
