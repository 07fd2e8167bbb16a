import { X509Certificate } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { IssuerError } from '../issuer-error.js'
import { readMasterList } from './master-list.js'

/** The countries whose documents count here. */
export type CscaFolder = {
  /** DER, each once. */
  readonly certificates: readonly Uint8Array[]
  /** Certificates of master lists that cannot be read and are left out. */
  readonly unreadable: number
}

const MAXIMUM_FILES = 1000
const MAXIMUM_FILE_BYTES = 8 * 1024 * 1024

const certificateFiles = new Set(['.cer', '.crt', '.der', '.pem'])

/**
 * Reads the folder in which an operator keeps what is trusted: certificates of country signing
 * authorities (`.der`, `.cer`, `.crt`, `.pem`), and master lists (`.ml`), each signed under one of
 * those certificates. A folder that is not there trusts nobody.
 *
 * @throws IssuerError `csca_malformed` for a file that is neither; what `readMasterList` throws
 */
export async function readCscaFolder(folder: string, now: Date): Promise<CscaFolder> {
  const names = await filesIn(folder)
  const trusted: Uint8Array[] = []
  for (const name of names.filter((it) => certificateFiles.has(extname(it).toLowerCase()))) {
    trusted.push(certificateIn(await readBounded(join(folder, name))))
  }
  const all = [...trusted]
  let unreadable = 0
  for (const name of names.filter((it) => extname(it).toLowerCase() === '.ml')) {
    const bytes = await readBounded(join(folder, name))
    const list = readMasterList({ bytes, trustAnchors: trusted, now })
    all.push(...list.certificates)
    unreadable += list.unreadable
  }
  const unique = new Map(all.map((bytes) => [Buffer.from(bytes).toString('base64'), bytes]))
  return { certificates: [...unique.values()], unreadable }
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  })
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name)
  if (names.length > MAXIMUM_FILES) throw unreadableFile()
  return names.sort()
}

async function readBounded(file: string): Promise<Uint8Array> {
  if ((await stat(file)).size > MAXIMUM_FILE_BYTES) throw unreadableFile()
  return readFile(file)
}

/** DER of the one certificate in a file of DER or PEM. */
function certificateIn(bytes: Uint8Array): Uint8Array {
  try {
    return new X509Certificate(bytes).raw
  } catch (cause) {
    throw unreadableFile(cause)
  }
}

function unreadableFile(cause?: unknown): IssuerError {
  return new IssuerError(
    'csca_malformed',
    'A file among the country signing certificates is none. Keep certificates (.der, .cer, .crt, .pem) and master lists (.ml) there, and nothing else.',
    cause === undefined ? {} : { cause },
  )
}
