import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readPack } from '@netcert/protocol/offline-pack'
import { type GatePageRoutes } from './gate-page-http.js'
import { openGatePage } from './gate-page.js'
import { openPackFile } from './offline-pack/pack-file.js'
import { listsFolder, readSettings, verifierFolder } from './verifier-folder.js'

/** Where a publisher puts its newest full pack, below its lists. */
const PUBLISHED = join('packs', 'latest.ncpack')

/**
 * The page of a gate as the verifier of a folder serves it, with the newest full pack that lies there
 * or beside its lists; kiosks prove whatever they fetch.
 *
 * @returns null where the page was not built
 * @throws VerifierError `verifier_missing`, `config_invalid`
 */
export async function gatePageOf(dir: string): Promise<GatePageRoutes | null> {
  const page = await openGatePage()
  if (page === null) return null
  const folder = verifierFolder(dir)
  const published = join(listsFolder(folder, await readSettings(folder)), PUBLISHED)
  return { page, latestPack: () => newestFull(folder.packs, published) }
}

async function newestFull(packs: string, published: string): Promise<string | null> {
  const names = await readdir(packs).catch(() => [])
  const kept = names.filter((name) => name.endsWith('.ncpack')).map((name) => join(packs, name))
  const found = await Promise.all([...kept, published].map(readFull))
  const full = found.filter((it) => it !== null)
  return full.toSorted((one, other) => other.issuedAt - one.issuedAt)[0]?.file ?? null
}

/** What does not read as a pack is not handed out. */
async function readFull(file: string): Promise<{ file: string; issuedAt: number } | null> {
  const pack = await openPackFile(file).catch(() => null)
  if (pack === null) return null
  try {
    const { manifest } = await readPack(pack)
    return manifest.kind === 'full' ? { file, issuedAt: manifest.issuedAt.getTime() } : null
  } catch {
    return null
  } finally {
    await pack.close()
  }
}
