import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { openStaticPage, type StaticPage } from './static-page.js'

/** Where the newest pack is asked for, below the page. */
export const LATEST_PACK = 'latest.ncpack'

/**
 * Reads the page of a gate that the build made.
 *
 * @returns null where it was not built
 */
export function openGatePage(): Promise<StaticPage | null> {
  return openStaticPage(builtFolder(), { contentPolicy, permissions: PERMISSIONS })
}

function builtFolder(): string | null {
  try {
    // By the package's own name: found from the sources, the build and a bundle alike.
    return dirname(createRequire(import.meta.url).resolve('@netcert/verifier/gate-page.html'))
  } catch {
    return null
  }
}

const PERMISSIONS =
  'camera=(self), fullscreen=(self), screen-wake-lock=(self), microphone=(), geolocation=(), payment=(), usb=()'

/**
 * Nothing runs but the page's own files; WebAssembly in the worker that reads codes alone; no text
 * becomes a script (Trusted Types); nobody frames it; nothing is asked of others.
 */
function contentPolicy(name: string): string {
  return /^assets\/scanner-worker-[\w-]+\.js$/.test(name) ? SCANNER_POLICY : PAGE_POLICY
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
  'trusted-types netcert-page',
].join('; ')

const SCANNER_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "connect-src 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')
