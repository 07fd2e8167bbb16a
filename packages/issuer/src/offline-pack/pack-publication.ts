import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { ProtocolError } from '@netcert/protocol'
import { type PackManifest, readPack } from '@netcert/protocol/offline-pack'
import { makeFolder, writeAtomically } from '../atomic-file.js'
import { IssuerError } from '../issuer-error.js'
import { keptPack, openPackFile } from './pack-folder.js'
import type { PackStore } from './pack-store.js'

export type PackPublicationParts = {
  readonly store: Pick<PackStore, 'newest'>
  /** Where the full packs are kept. */
  readonly folder: string
}

const FILE_MODE = 0o644
const FOLDER_MODE = 0o755
const PUBLISH_TRIES = 8

/**
 * Puts the newest full pack beside the lists, as `packs/latest.ncpack`: the same file as on a stick.
 * Whoever finds a newer one after writing writes once more, so an older one never stays.
 *
 * @returns its number; `null` where no pack was built yet, or none is kept.
 * @throws IssuerError `publish_busy`; what the disk says
 */
export async function publishNewestPack(
  { store, folder }: PackPublicationParts,
  out: string,
): Promise<number | null> {
  const file = join(out, 'packs', 'latest.ncpack')
  for (let tries = 0; tries < PUBLISH_TRIES; tries++) {
    const newest = await store.newest()
    if (newest === undefined) return null
    const published = await sequenceOf(file)
    // A database that was set back knows less than what is public.
    if (published !== null && published >= newest.sequence) return published
    const kept = keptPack(folder, newest.sequence)
    if ((await sequenceOf(kept)) === null) return published
    await makeFolder(join(out, 'packs'), FOLDER_MODE)
    await writeAtomically(file, createReadStream(kept), FILE_MODE)
    if ((await store.newest())?.sequence === newest.sequence) return newest.sequence
  }
  throw new IssuerError('publish_busy', 'Other processes keep building packs; publish after them.')
}

/** The number of a pack in a file; `null` for a file that is none, or missing. */
async function sequenceOf(file: string): Promise<PackManifest['sequence'] | null> {
  const opened = await openPackFile(file).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  })
  if (opened === null) return null
  try {
    return (await readPack(opened.source)).manifest.sequence
  } catch (error) {
    if (error instanceof ProtocolError) return null
    throw error
  } finally {
    await opened.close()
  }
}
