import { readdir, readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'

/** One file of a page, ready to be sent. */
export type StaticFile = {
  readonly headers: Readonly<Record<string, string>>
  /** The bytes in the best coding of an `Accept-Encoding`. */
  bytes(acceptEncoding: string): Promise<{ readonly body: Uint8Array; readonly coding?: string }>
}

/** A built page, held in memory: what is asked for never becomes a path on the disk. */
export type StaticPage = {
  /** @param path - Below the page, without a slash in front; '' is the page itself. */
  file(path: string): StaticFile | null
}

/** What a page's files may do, each by its name. */
export type PagePolicies = {
  /** The content policy of a file. */
  readonly contentPolicy: (name: string) => string
  readonly permissions: string
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
}

/**
 * Reads the page that the build made into a folder.
 *
 * @returns null where it was not built
 */
export async function openStaticPage(
  folder: string | null,
  policies: PagePolicies,
): Promise<StaticPage | null> {
  const entries = await readdir(folder ?? '', { recursive: true, withFileTypes: true }).catch(
    () => [],
  )
  if (folder === null || entries.length === 0) return null
  const files = new Map<string, StaticFile>()
  for (const entry of entries.filter((it) => it.isFile())) {
    const path = join(entry.parentPath, entry.name)
    const name = relative(folder, path).split(sep).join('/')
    files.set(name, staticFile(name, await readFile(path), policies))
  }
  return { file: (path) => files.get(path === '' ? 'index.html' : path) ?? null }
}

const compressors = {
  br: promisify(brotliCompress) as (bytes: Uint8Array) => Promise<Uint8Array>,
  gzip: promisify(gzip) as (bytes: Uint8Array) => Promise<Uint8Array>,
}

/** A file of a page, from bytes. */
export function staticFile(name: string, whole: Uint8Array, policies: PagePolicies): StaticFile {
  // Pictures are compressed as they are.
  const codings = extname(name) === '.png' ? [] : (['br', 'gzip'] as const)
  const kept = new Map<string, Promise<Uint8Array>>()
  return {
    headers: { ...headersOf(name, policies), vary: 'accept-encoding' },
    async bytes(acceptEncoding) {
      const coding = codings.find((it) => new RegExp(`(^|[\\s,])${it}\\b`).test(acceptEncoding))
      if (coding === undefined) return { body: whole }
      const body = kept.get(coding) ?? compressors[coding](whole)
      kept.set(coding, body)
      return { body: await body, coding }
    },
  }
}

function headersOf(name: string, policies: PagePolicies): Readonly<Record<string, string>> {
  return {
    'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
    'content-security-policy': policies.contentPolicy(name),
    // A name with a digest never changes; everything else is asked for again.
    'cache-control': name.startsWith('assets/')
      ? 'public, max-age=31536000, immutable'
      : 'no-cache',
    'permissions-policy': policies.permissions,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  }
}

/**
 * Answers a request for a file of a page.
 *
 * @param path - Below where the page is mounted, without its query.
 * @returns false when it is none of the page's files
 */
export async function answerStaticPage(
  page: StaticPage,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<boolean> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false
  const file = page.file(path.replace(/^\//, ''))
  if (file === null) return false
  const { body, coding } = await file.bytes(String(request.headers['accept-encoding'] ?? ''))
  response.writeHead(200, {
    ...file.headers,
    ...(coding === undefined ? {} : { 'content-encoding': coding }),
    'content-length': body.length,
  })
  response.end(request.method === 'HEAD' ? undefined : body)
  return true
}
