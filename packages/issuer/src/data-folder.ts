import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { IssuerError } from './issuer-error.js'

/** Where the things of an issuer lie. */
export type DataFolder = {
  readonly dir: string
  readonly config: string
  readonly secrets: string
  readonly masterKey: string
  readonly rootKey: string
  readonly rootDid: string
}

export function dataFolder(dir: string): DataFolder {
  const secrets = join(dir, 'secrets')
  return {
    dir,
    config: join(dir, 'netcert.json'),
    secrets,
    masterKey: join(secrets, 'master.key'),
    rootKey: join(secrets, 'root.key'),
    rootDid: join(dir, 'root.did'),
  }
}

/** Paths that only their owner may enter or read, and which others can. */
export async function exposedPaths(folder: DataFolder): Promise<string[]> {
  const exposed: string[] = []
  for (const path of [folder.dir, folder.secrets, folder.masterKey, folder.rootKey]) {
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
