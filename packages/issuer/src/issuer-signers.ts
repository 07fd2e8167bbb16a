import { readFile } from 'node:fs/promises'
import type { KeyStore } from '@netcert/agent'
import {
  type CertifiedSigner,
  certifySigner,
  CredentialError,
  nameSigner,
  type Signer,
} from '@netcert/credential'
import { parsePemCertificates } from '@netcert/protocol'
import type { IssuerConfig } from './config.js'
import type { DataFolder } from './data-folder.js'
import { IssuerError } from './issuer-error.js'
import { type IssuerKeys, keyMissing, type RotatedUse } from './issuer-keys.js'
import { keyModesOf, type MintedAs } from './key-modes.js'
import { KEY_ALIASES } from './trust-list-content.js'

/** The uses of keys that are certified where issuers are found by certificate. */
export const CERTIFIED_USES = ['credential', 'status'] as const satisfies readonly RotatedUse[]

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
  readonly keys: Pick<IssuerKeys, 'all' | 'active'>
}

/**
 * Opens the signers. Which key they sign with is asked each time: another process can rotate.
 *
 * @throws IssuerError `certificate_missing`, `certificate_wrong` in x5c mode; `key_missing`.
 */
export async function openIssuerSigners(ground: IssuerSignersGround): Promise<IssuerSigners> {
  const { config, keyStore, keys } = ground
  const keyModes = keyModesOf(config)
  const iss = (await keyStore.get(KEY_ALIASES.credential))?.did
  if (iss === undefined) throw keyMissing(KEY_ALIASES.credential)
  const byDid = async (use: CertifiedUse) =>
    nameSigner(await keyStore.signer((await keys.active(use)).alias), iss)
  if (!keyModes.used.some(({ mode }) => mode === 'x5c')) {
    return { credential: () => byDid('credential'), status: () => byDid('status') }
  }
  const leafOf = leaves(ground)
  await assertCertified(ground, leafOf)
  const certified = async (use: CertifiedUse) => {
    const { alias } = await keys.active(use)
    return certify(await keyStore.signer(alias), await leafOf(alias))
  }
  const by = { 'did:key': byDid, x5c: certified }
  return {
    credential: (policy) =>
      by[policy === undefined ? keyModes.metadata : keyModes.of(policy)]('credential'),
    status: () => by[keyModes.status]('status'),
  }
}

/**
 * Opens a key of the registrar, which signs accreditations and its status lists; never another's.
 *
 * @throws TypeError for a key of another use; AgentError `key_missing`.
 */
export function openRegistrarSigner(keyStore: KeyStore, alias: string): Promise<Signer> {
  if (!/^registrar-[1-9]\d*$/.test(alias)) throw new TypeError('this is no key of the registrar')
  return keyStore.signer(alias)
}

/**
 * Opens a key for offline packs; never another's.
 *
 * @throws TypeError for a key of another use; AgentError `key_missing`.
 */
export function openPackSigner(keyStore: KeyStore, alias: string): Promise<Signer> {
  if (!/^pack-[1-9]\d*$/.test(alias)) throw new TypeError('this is no key for packs')
  return keyStore.signer(alias)
}

type Leaf = { readonly iss: string; readonly certificate: string }
type LeafOf = (alias: string) => Promise<Leaf>

/** Leaf certificates by the alias of their key, each read once. */
function leaves({ config, folder }: IssuerSignersGround): LeafOf {
  const read = new Map<string, Promise<Leaf>>()
  return (alias) => {
    const leaf =
      read.get(alias) ??
      readLeaf(folder.leaf(alias)).then((certificate) => ({ iss: config.base_url, certificate }))
    read.set(alias, leaf)
    // What was missing can be brought while this process runs.
    leaf.catch(() => read.delete(alias))
    return leaf
  }
}

/** By the public halves: a process that may not sign learns of a wrong certificate, too. */
async function assertCertified(
  { config, keyStore, keys }: IssuerSignersGround,
  leafOf: LeafOf,
): Promise<void> {
  for (const { alias, state, use } of await keys.all()) {
    if (state !== 'active' || !CERTIFIED_USES.some((one) => one === use)) continue
    const leaf = await leafOf(alias)
    const key = await keyStore.get(alias)
    if (key !== undefined) certify({ ...key, alg: config.algorithm, sign: signsNothing }, leaf)
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
