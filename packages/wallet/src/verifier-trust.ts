import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  isJsonArray,
  isJsonObject,
  parseJson,
  parsePublicJwk,
  type PublicJwk,
} from '@netcert/credential'
import { parsePemCertificates, type X509Anchors } from '@netcert/protocol'
import { WalletError } from './errors.js'

/** Whom a wallet believes about verifiers, besides the registrars of its trust list. */
export type VerifierTrust = {
  readonly anchors: X509Anchors
  readonly attesters: readonly { readonly iss: string; readonly key: PublicJwk }[]
}

/**
 * Reads `verifier-anchors.pem` (authorities that certify verifiers) and `verifier-attesters.json`
 * (`[{ "iss", "jwk" }]`, who attests verifiers) from a wallet's folder; both may be missing.
 *
 * @throws WalletError `config_invalid`
 */
export async function readVerifierTrust(dir: string): Promise<VerifierTrust> {
  const pem = await readOptional(join(dir, 'verifier-anchors.pem'))
  const attesters = await readOptional(join(dir, 'verifier-attesters.json'))
  return {
    anchors: pem === null ? 'none known' : anchorsOf(pem),
    attesters: attesters === null ? [] : attestersOf(attesters),
  }
}

function anchorsOf(pem: string): X509Anchors {
  const certificates = parsePemCertificates(pem)
  if (certificates.length === 0) throw unreadable('verifier-anchors.pem holds no certificate')
  return { certificates }
}

function attestersOf(text: string): VerifierTrust['attesters'] {
  try {
    const list = parseJson(text, { maxDepth: 8 })
    if (!isJsonArray(list)) throw new TypeError('no list')
    return list.map((entry) => {
      const { iss, jwk } = isJsonObject(entry) ? entry : {}
      if (typeof iss !== 'string') throw new TypeError('an entry without iss')
      return { iss, key: parsePublicJwk(jwk) }
    })
  } catch (cause) {
    throw unreadable('verifier-attesters.json is no list of { iss, jwk }', cause)
  }
}

async function readOptional(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  })
}

function unreadable(problem: string, cause?: unknown): WalletError {
  return new WalletError('config_invalid', `wrong settings: ${problem}.`, { cause })
}
