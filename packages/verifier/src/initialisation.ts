import { resolve } from 'node:path'
import { dereferenceDidKey, type PrivateJwk, resolveDidKey, type Signer } from '@netcert/credential'
import { textToBytes } from '@netcert/credential/crypto'
import {
  type CertificateAuthority,
  createCertificateAuthority,
  encodePemCertificate,
  issueLeafCertificate,
} from '@netcert/protocol'
import {
  assertBaseUrl,
  buildVerifierFolder,
  policiesOf,
  SQLITE_DATABASE,
  type VerifierFolder,
  type VerifierSettings,
  writeDurably,
} from './verifier-folder.js'
import { createVerifierGround, REQUEST_KEY, type VerifierGround } from './ground-open.js'

const DAY = 86_400_000
/** How long a certificate of the verifier's own authority is valid. */
export const LEAF_DAYS = 365
const AUTHORITY_DAYS = 5 * 365
/** What the key of the own authority is sealed for. */
export const CA_KEY_CONTEXT = 'netcert/verifier-ca/v1'
/** Wallets' clocks may be behind ours. */
const HEAD_START_DAYS = 1

/** Options of {@link initVerifier}. */
export type InitVerifierOptions = {
  /** The data folder; it must not exist yet, or be empty. */
  readonly dir: string
  /** Where wallets reach the verifier. https, or http on this machine. */
  readonly baseUrl: string
  /** The pinned root of the trust list. */
  readonly rootDid: string
  /** A published folder that somebody keeps up to date … */
  readonly listsDir?: string
  /** … or where an issuer serves it; it is copied on a schedule, never when something is verified. */
  readonly listsUrl?: string
  /** … or neither: offline packs are all it goes by, brought with `importPack`, or from a URL too. */
  readonly packs?: true | { readonly url: string }
  /** Name in the certificate. Default: the host of `baseUrl`. */
  readonly name?: string
  /** Who certifies the request key; null: nobody. Default: a small authority of its own. */
  readonly x5c?: { readonly authority: CertificateAuthority } | null
  /** A preset, or a policy of the schema. Default `grace-24h`. */
  readonly freshness?: VerifierSettings['freshness']
  /** The same for single queries, by their name. */
  readonly queryFreshness?: VerifierSettings['query_freshness']
  /** A file (mode 0600) with the URL of a PostgreSQL database; SQLite in the folder without. */
  readonly databaseUrlFile?: string
  readonly now: Date
}

/** What was made. */
export type InitVerifierReport = {
  readonly baseUrl: string
  readonly did: string
  /** File with the authority that wallets have to know for `x509_hash` and `x509_san_dns`. */
  readonly caPem: string | null
}

/**
 * Makes the data folder of a verifier: master key, request-signing key (P-256, sealed), sessions,
 * and a certificate for the key.
 *
 * @throws VerifierError `already_initialised`, `base_url`, `config_invalid`; CredentialError for a
 *   root that is no did:key; AgentError
 */
export async function initVerifier(options: InitVerifierOptions): Promise<InitVerifierReport> {
  const { dir, rootDid } = options
  // Loopback without https is refused when the server starts, not when the folder is made.
  const baseUrl = assertBaseUrl(options.baseUrl, true)
  resolveDidKey(rootDid)
  const settings = newSettings({ ...options, baseUrl })
  policiesOf(settings)
  return buildVerifierFolder(dir, async (folder) => {
    const ground = await createVerifierGround(folder, settings)
    try {
      await ground.keyStore.create({ alias: REQUEST_KEY, type: 'P-256' })
      const signer = await ground.keyStore.signer(REQUEST_KEY)
      if (options.x5c !== null) await certify(folder, ground, signer, { ...options, baseUrl })
      await writeDurably(folder.settings, `${JSON.stringify(settings, null, 2)}\n`, 0o600)
      const caPem = options.x5c === null ? null : resolve(dir, 'ca.pem')
      return { baseUrl, did: signer.did, caPem }
    } finally {
      await ground.database.close()
    }
  })
}

function newSettings(options: InitVerifierOptions): VerifierSettings {
  const { baseUrl, rootDid, databaseUrlFile: urlFile, now } = options
  return {
    base_url: baseUrl,
    root_did: rootDid,
    lists: listsOf(options),
    database: urlFile === undefined ? SQLITE_DATABASE : { postgres_url_file: resolve(urlFile) },
    freshness: options.freshness ?? 'grace-24h',
    query_freshness: options.queryFreshness ?? {},
    created_at: now.toISOString(),
  }
}

function listsOf({ listsDir, listsUrl, packs }: InitVerifierOptions): VerifierSettings['lists'] {
  const [source, second] = [
    ...(listsUrl === undefined ? [] : [{ url: listsUrl }]),
    ...(listsDir === undefined ? [] : [{ dir: resolve(listsDir) }]),
    ...(packs === undefined ? [] : [{ packs }]),
  ]
  if (source !== undefined && second === undefined) return source
  throw new TypeError('one of listsDir, listsUrl and packs')
}

async function certify(
  folder: VerifierFolder,
  ground: VerifierGround,
  signer: Signer,
  options: InitVerifierOptions,
): Promise<void> {
  const { baseUrl, now } = options
  const host = new URL(baseUrl).hostname
  const { name = host } = options
  const authority = options.x5c?.authority ?? (await makeAuthority(folder, ground, name, now))
  const leaf = await issueLeafCertificate({
    authority,
    subjectKey: dereferenceDidKey(signer.keyId),
    name,
    dnsNames: [host],
    uris: [baseUrl],
    ...windowOf(now, LEAF_DAYS),
  })
  await writeDurably(folder.certificatePem, encodePemCertificate(leaf), 0o644)
  await writeDurably(folder.caPem, encodePemCertificate(authority.certificate), 0o644)
}

async function makeAuthority(
  folder: VerifierFolder,
  { vault }: VerifierGround,
  name: string,
  now: Date,
): Promise<CertificateAuthority> {
  const key = await createPrivateJwk()
  const certificate = await createCertificateAuthority({
    name: `${name} requests`,
    key,
    ...windowOf(now, AUTHORITY_DAYS),
  })
  // Kept for the next leaf; sealed, as every private key here.
  const sealed = vault.seal(textToBytes(JSON.stringify(key)), CA_KEY_CONTEXT)
  await writeDurably(folder.caKey, `${sealed}\n`, 0o600)
  return { certificate, key }
}

async function createPrivateJwk(): Promise<PrivateJwk> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const { privateKey } = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const { x = '', y = '', d = '' } = await crypto.subtle.exportKey('jwk', privateKey)
  return { kty: 'EC', crv: 'P-256', x, y, d }
}

/** How long a certificate is good that is made now. */
export function windowOf(
  now: Date,
  days: number,
): { readonly notBefore: Date; readonly notAfter: Date } {
  return {
    notBefore: new Date(now.getTime() - HEAD_START_DAYS * DAY),
    notAfter: new Date(now.getTime() + days * DAY),
  }
}
