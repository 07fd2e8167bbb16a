import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, extname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'

/** One file of the page, ready to be sent. */
export type GatePageFile = {
  readonly headers: Readonly<Record<string, string>>
  /** The bytes in the best coding of an `Accept-Encoding`. */
  bytes(acceptEncoding: string): Promise<{ readonly body: Uint8Array; readonly coding?: string }>
}

/** The built page of a gate, held in memory: what is asked for never becomes a path on the disk. */
export type GatePage = {
  /** @param path - Below the page, without a slash in front; '' is the page itself. */
  file(path: string): GatePageFile | null
}

/** Where the newest pack is asked for, below the page. */
export const LATEST_PACK = 'latest.ncpack'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
}

/**
 * Reads the page that the build made.
 *
 * @returns null where it was not built
 */
export async function openGatePage(): Promise<GatePage | null> {
  const folder = builtFolder()
  const entries = await readdir(folder ?? '', { recursive: true, withFileTypes: true }).catch(
    () => [],
  )
  if (folder === null || entries.length === 0) return null
  const files = new Map<string, GatePageFile>()
  for (const entry of entries.filter((it) => it.isFile())) {
    const path = join(entry.parentPath, entry.name)
    const name = relative(folder, path).split(sep).join('/')
    files.set(name, pageFile(name, await readFile(path)))
  }
  return { file: (path) => files.get(path === '' ? 'index.html' : path) ?? null }
}

function builtFolder(): string | null {
  try {
    // By the package's own name: found from the sources, the build and a bundle alike.
    return dirname(createRequire(import.meta.url).resolve('@netcert/verifier/gate-page.html'))
  } catch {
    return null
  }
}

const compressors = {
  br: promisify(brotliCompress) as (bytes: Uint8Array) => Promise<Uint8Array>,
  gzip: promisify(gzip) as (bytes: Uint8Array) => Promise<Uint8Array>,
}

function pageFile(name: string, whole: Uint8Array): GatePageFile {
  // Pictures are compressed as they are.
  const codings = extname(name) === '.png' ? [] : (['br', 'gzip'] as const)
  const kept = new Map<string, Promise<Uint8Array>>()
  return {
    headers: { ...headersOf(name), vary: 'accept-encoding' },
    async bytes(acceptEncoding) {
      const coding = codings.find((it) => new RegExp(`(^|[\\s,])${it}\\b`).test(acceptEncoding))
      if (coding === undefined) return { body: whole }
      const body = kept.get(coding) ?? compressors[coding](whole)
      kept.set(coding, body)
      return { body: await body, coding }
    },
  }
}

/**
 * Headers of a file. Nothing runs but the page's own files; WebAssembly in the worker that reads codes
 * alone; no text becomes a script (Trusted Types); nobody frames it; nothing is asked of others.
 */
function headersOf(name: string): Readonly<Record<string, string>> {
  const isScanner = /^assets\/scanner-worker-[\w-]+\.js$/.test(name)
  return {
    'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
    'content-security-policy': isScanner ? SCANNER_POLICY : PAGE_POLICY,
    // A name with a digest never changes; everything else is asked for again.
    'cache-control': name.startsWith('assets/')
      ? 'public, max-age=31536000, immutable'
      : 'no-cache',
    'permissions-policy':
      'camera=(self), fullscreen=(self), screen-wake-lock=(self), microphone=(), geolocation=(), payment=(), usb=()',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  }
}

const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types netcert-gate',
].join('; ')

const SCANNER_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "connect-src 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')
