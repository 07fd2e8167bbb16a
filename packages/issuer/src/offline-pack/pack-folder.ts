import { type FileHandle, open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { PackSource } from '@netcert/protocol/offline-pack'
import { makeFolder } from '../atomic-file.js'

/** Full packs an issuer keeps, so that the next pack can hold only what changed since one of them. */
export const KEPT_PACKS = 14

/** A piece of a build that was killed is nobody's any more after so long. */
const ABANDONED_SECONDS = 3600

const KEPT = /^([1-9]\d{0,15})\.ncpack$/

/** A pack in a file; `close` it. */
export type PackFile = { readonly source: PackSource; close(): Promise<void> }

/**
 * Opens a pack that lies in a file.
 *
 * @throws what the system says
 */
export async function openPackFile(file: string): Promise<PackFile> {
  const handle = await open(file, 'r')
  try {
    return await packFileOf(handle)
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** A pack in a file that was opened, for whoever looks at the file first. */
export async function packFileOf(handle: FileHandle): Promise<PackFile> {
  const { size } = await handle.stat()
  const read = (offset: number, length: number) => readAt(handle, offset, length)
  return { source: { bytes: size, read }, close: () => handle.close() }
}

async function readAt(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return bytes.subarray(0, filled)
}

/** Where the full pack of that number is kept. */
export function keptPack(folder: string, sequence: number): string {
  return join(folder, `${sequence}.ncpack`)
}

/** Numbers of the packs that are kept, newest first; none where there is no folder. */
export async function keptPacks(folder: string): Promise<readonly number[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  })
  const numbers = names.flatMap((name) => KEPT.exec(name)?.[1] ?? []).map(Number)
  return numbers.toSorted((a, b) => b - a)
}

/** Makes the folder, and removes what builds left that were killed. */
export async function preparePackFolder(folder: string): Promise<void> {
  await makeFolder(folder, 0o700)
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.tmp')) continue
    const file = join(folder, name)
    const found = await stat(file).catch(() => undefined)
    if (found === undefined) continue
    // By the system's clock, as the file's own time is: it decides nothing but what is rubbish.
    if (Date.now() - found.mtimeMs > ABANDONED_SECONDS * 1000) await rm(file, { force: true })
  }
}

/** Removes all but the newest. */
export async function prunePacks(folder: string): Promise<void> {
  for (const sequence of (await keptPacks(folder)).slice(KEPT_PACKS)) {
    await rm(keptPack(folder, sequence), { force: true })
  }
}
