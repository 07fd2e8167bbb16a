import { readFile } from 'node:fs/promises'
import type { KeyStore } from '@netcert/agent'
import {
  type CertifiedSigner,
  certifySigner,
  CredentialError,
  type Signer,
} from '@netcert/credential'
import { parsePemCertificates } from '@netcert/protocol'
import type { IssuerConfig } from './config.js'
import type { DataFolder } from './data-folder.js'
import { IssuerError } from './issuer-error.js'
import { keyModesOf, type MintedAs } from './key-modes.js'
import { KEY_ALIASES } from './trust-list-content.js'

/** The uses of keys that are certified where issuers are found by certificate. */
export const CERTIFIED_USES = ['credential', 'status'] as const

export type CertifiedUse = (typeof CERTIFIED_USES)[number]

type OpenSigner = () => Promise<Signer | CertifiedSigner>

/**
 * The signers of certificates and status lists, named the way the configuration says: by did:key,
 * or by the base URL and the leaf certificate of the key.
 */
export type IssuerSigners = {
  /** For what is minted so, whose key mode may be its own; for signed metadata without. */
  readonly credential: (policy?: MintedAs) => Promise<Signer | CertifiedSigner>
  readonly status: OpenSigner
}

export type IssuerSignersGround = {
  readonly config: IssuerConfig
  readonly folder: DataFolder
  readonly keyStore: KeyStore
}

/**
 * Opens the signers.
 *
 * @throws IssuerError `certificate_missing`, `certificate_wrong` in x5c mode.
 */
export async function openIssuerSigners(ground: IssuerSignersGround): Promise<IssuerSigners> {
  const { config, folder, keyStore } = ground
  const keyModes = keyModesOf(config)
  const byDid = (use: CertifiedUse) => () => keyStore.signer(KEY_ALIASES[use])
  if (!keyModes.used.some(({ mode }) => mode === 'x5c')) {
    return { credential: byDid('credential'), status: byDid('status') }
  }
  const certified = async (use: CertifiedUse) => {
    const certificate = await readLeaf(folder.leaf(KEY_ALIASES[use]))
    const name = { iss: config.base_url, certificate }
    // By its public half: a process that may not sign learns of a wrong certificate, too.
    const key = await keyStore.get(KEY_ALIASES[use])
    if (key !== undefined) certify({ ...key, alg: config.algorithm, sign: signsNothing }, name)
    return async () => certify(await keyStore.signer(KEY_ALIASES[use]), name)
  }
  const credential = { 'did:key': byDid('credential'), x5c: await certified('credential') }
  const status = { 'did:key': byDid('status'), x5c: await certified('status') }
  return {
    credential: (policy) =>
      credential[policy === undefined ? keyModes.metadata : keyModes.of(policy)](),
    status: status[keyModes.status],
  }
}

async function signsNothing(): Promise<never> {
  throw new TypeError('this is the public half of a key')
}

function certify(signer: Signer, name: { iss: string; certificate: string }): CertifiedSigner {
  try {
    return certifySigner(signer, name)
  } catch (cause) {
    if (!(cause instanceof CredentialError || cause instanceof TypeError)) throw cause
    throw new IssuerError(
      'certificate_wrong',
      'A leaf certificate is not that of the key it is for; restore it from the backup.',
      { cause },
    )
  }
}

async function readLeaf(file: string): Promise<string> {
  const pem = await readFile(file, 'utf8').catch((cause: unknown) => {
    const message = `The certificate ${file} is missing; restore it, or run netcert init --x5c anew.`
    throw new IssuerError('certificate_missing', message, { cause })
  })
  const [certificate, ...more] = parsePemCertificates(pem)
  if (certificate !== undefined && more.length === 0) return certificate
  throw new IssuerError('certificate_wrong', `${file} holds the leaf certificate and nothing else.`)
}
