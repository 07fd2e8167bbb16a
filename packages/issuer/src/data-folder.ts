import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { IssuerError } from './issuer-error.js'

/** Where the things of an issuer lie. */
export type DataFolder = {
  readonly dir: string
  readonly config: string
  readonly secrets: string
  readonly masterKey: string
  /** What the platform numbers of everybody are made with. */
  readonly platformNumberKey: string
  /** Opens the key that certificates are signed with; only the signer needs it. */
  readonly signerKey: string
  readonly rootKey: string
  readonly rootDid: string
  /** Of the issuer's own certificate authority, where it has one. */
  readonly caKey: string
  readonly caCertificate: string
  /** Full offline packs that were built, the newest of them. */
  readonly packs: string
  /** Leaf certificate of a key. */
  leaf(alias: string): string
}

/** Where each file of a data folder lies; looks at none of them. */
export function dataFolder(dir: string): DataFolder {
  const secrets = join(dir, 'secrets')
  return {
    dir,
    config: join(dir, 'netcert.json'),
    secrets,
    masterKey: join(secrets, 'master.key'),
    platformNumberKey: join(secrets, 'platform-number.key'),
    signerKey: join(secrets, 'signer.key'),
    rootKey: join(secrets, 'root.key'),
    rootDid: join(dir, 'root.did'),
    caKey: join(secrets, 'ca.key'),
    caCertificate: join(dir, 'ca.pem'),
    packs: join(dir, 'packs'),
    leaf: (alias) => join(dir, `${alias}.pem`),
  }
}

/** Paths that only their owner may enter or read, and which others can. */
export async function exposedPaths(folder: DataFolder): Promise<string[]> {
  const exposed: string[] = []
  const { dir, secrets, masterKey, signerKey, platformNumberKey, rootKey, caKey } = folder
  const held = [dir, secrets, masterKey, signerKey, platformNumberKey, rootKey, caKey]
  for (const path of held) {
    const found = await stat(path).catch(() => undefined)
    if (found !== undefined && (found.mode & 0o077) !== 0) exposed.push(path)
  }
  return exposed
}

/** @throws IssuerError `unsafe_mode`. */
export async function assertPrivate(folder: DataFolder): Promise<void> {
  const exposed = await exposedPaths(folder)
  if (exposed.length === 0) return
  throw new IssuerError(
    'unsafe_mode',
    `Others may read ${exposed.join(', ')}; run: chmod -R go-rwx ${folder.dir}`,
  )
}
