import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A published file: its name among the kept ones, and its place in a published folder. */
export type KeptFile = { readonly name: string; readonly path: readonly string[] }

/** More status lists than any registrar has. */
const MOST_STATUS_LISTS = 64
const MAX_TRUST_LIST_BYTES = 16 * 1024 * 1024
const MAX_BYTES = 4 * 1024 * 1024

/**
 * Reads a published file: from the folder that was named, else as it was kept with the wallet. Nobody
 * is asked: a question would tell that somebody is being answered right now.
 *
 * @returns null when it is not there
 */
export async function readKept(
  { dir, listsDir }: { readonly dir: string; readonly listsDir: string | null },
  { name, path }: KeptFile,
): Promise<string | null> {
  const file = listsDir === null ? join(dir, 'published', name) : join(listsDir, ...path)
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  })
  return text === null || text.length > MAX_TRUST_LIST_BYTES ? null : text.trim()
}

/** Keeps a published file with the wallet: whole, or as it was before. */
export async function keepPublished(dir: string, name: string, text: string): Promise<void> {
  const folder = join(dir, 'published')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const part = join(folder, `${name}.${process.pid}.part`)
  await writeFile(part, text, { mode: 0o600 })
  await rename(part, join(folder, name))
}

/**
 * Fetches what is published: the trust list, the registrar's status lists, the counts. Whatever is not
 * to be had stays as it was; each is signed or only a hint, so where it comes from does not matter.
 */
export async function fetchPublished(options: {
  readonly dir: string
  readonly base: string
  readonly allowHttpLoopback: boolean
}): Promise<void> {
  const { dir, base, allowHttpLoopback } = options
  const { createGuardedFetch } = await import('@netcert/protocol/guarded-fetch')
  const ask = createGuardedFetch({ allowHttpLoopback })
  const keep = async (path: string, name: string, maxBytes = MAX_BYTES): Promise<boolean> => {
    const answer = await ask(`${base}/${path}`, { maxBytes }).catch(() => null)
    if (answer === null || answer.status !== 200) return false
    await keepPublished(dir, name, answer.text)
    return true
  }
  await keep('trust-list.jwt', 'trust-list.jwt', MAX_TRUST_LIST_BYTES)
  await keep('statistics.json', 'statistics.json')
  for (let list = 1; list <= MOST_STATUS_LISTS; list += 1) {
    if (!(await keep(`registrar/status/${list}`, `registrar-${list}.jwt`))) return
  }
}
