import { randomUUID } from 'node:crypto'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { packLimits } from '@netcert/protocol/offline-pack'
import { createGuardedDownload } from '@netcert/protocol/guarded-fetch'
import { VerifierError } from '../errors.js'
import { type ImportedPack, importPack, type KeptPacks } from './pack-import.js'

/** Where a pack is served. */
export type PackPlace = {
  readonly url: string
  /** Plain http on this machine: for development, never on by itself. */
  readonly allowHttpLoopback: boolean
}

/**
 * Fetches a pack and takes it in; what is served unchanged since the last time is not fetched again.
 * Who serves it does not matter, for it is proven like one that was carried.
 *
 * @returns A function to be called as often as one likes; null when nothing has changed
 * @throws From it: FetchError; VerifierError `lists_source`, and as `importPack`
 */
export function packFetcher(
  { url, allowHttpLoopback }: PackPlace,
  kept: KeptPacks,
): (now: Date) => Promise<ImportedPack | null> {
  const download = createGuardedDownload({ allowHttpLoopback })
  let mark: string | null = null
  return async (now) => {
    await mkdir(kept.dir, { recursive: true, mode: 0o700 })
    const file = join(kept.dir, `.${randomUUID()}.part`)
    const target = await open(file, 'wx', 0o600)
    try {
      const { status, headers } = await download(url, {
        maxBytes: packLimits.totalBytes,
        headers: mark === null ? {} : { 'if-none-match': mark },
        take: (piece) => target.writeFile(piece),
      })
      if (status === 304) return null
      if (status !== 200) throw notServed(status)
      await target.sync()
      const imported = await importPack(kept, { file, now })
      mark = headers.get('etag')
      return imported
    } finally {
      await target.close()
      await rm(file, { force: true })
    }
  }
}

function notServed(status: number): VerifierError {
  return new VerifierError(
    'lists_source',
    `the offline pack was answered with status ${status}; check the address it comes from.`,
  )
}
