import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Trust } from '@netcert/credential'
import type { Published } from './accredited-verifier.js'
import { registrarStatusFile } from './registrar-status-file.js'

/** The bounds of a status list token and of what else is read. */
const MAX_BYTES = 4 * 1024 * 1024

/** What was published, kept by whoever opens the wallet; nothing here may ask anybody. */
export type PublishedSource = Pick<Published, 'statusList' | 'statistics'> & {
  /** The trust list at hand, read at a time or now. */
  readonly trust: (at?: Date) => Promise<Trust>
}

/**
 * What was published, from a folder: `registrar/status/<n>.jwt` for an accreditation whose status list
 * lies at `…/registrar/status/<n>`, and `statistics.json`. Without a folder only the registrars of the
 * trust list are known.
 */
export function createPublished(options: {
  readonly trust: (at?: Date) => Promise<Trust>
  readonly listsDir?: string
  /** Instead of a folder. */
  readonly published?: PublishedSource
}): Published {
  const { trust, listsDir, published } = options
  const registrars = async (at?: Date) => (await trust(at)).trustList.registrars
  if (published !== undefined) {
    const { statusList, statistics } = published
    return { registrars, statusList, statistics }
  }
  const read = (...path: readonly string[]) =>
    listsDir === undefined ? Promise.resolve(null) : readSmallFile(join(listsDir, ...path))
  return {
    registrars,
    statusList: async (uri) => {
      const file = registrarStatusFile(uri)
      return file === null ? null : read('registrar', 'status', file)
    },
    statistics: () => read('statistics.json'),
  }
}

/** @returns null when there is no such file, or it is none of those that are published */
async function readSmallFile(path: string): Promise<string | null> {
  const flags = constants.O_RDONLY | constants.O_NONBLOCK
  const file = await open(path, flags).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  })
  if (file === null) return null
  try {
    const found = await file.stat()
    if (!found.isFile() || found.size > MAX_BYTES) return null
    return (await file.readFile('utf8')).trim()
  } finally {
    await file.close()
  }
}
