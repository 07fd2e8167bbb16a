import { createRequire } from 'node:module'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { dirname } from 'node:path'
import {
  answerStaticPage,
  openStaticPage,
  type PageServer,
  startPageServer,
  staticFile,
  type StaticPage,
} from '@netcert/verifier/pages'
import { CommandFailure, exitCodes } from './failure.js'

/** What the page of the wallet is told of the issuer it is for: `wallet.json` beside it. */
export type WalletPageSettings = {
  readonly issuer: {
    /** did:key of the root that the wallet believes. */
    readonly root: string
    /** Where the issuer publishes. */
    readonly baseUrl: string
    readonly name: { readonly 'zh-CN': string; readonly en: string }
  }
  /** Plain http to this machine, for trials on it. */
  readonly allowHttpLoopback: boolean
}

export type ServeWalletPageOptions = {
  readonly settings: WalletPageSettings
  /** Default `127.0.0.1`: browsers keep keys for this machine, or for https in front of it. */
  readonly host?: string
  /** Default 8660; 0 for any. */
  readonly port?: number
}

const PORT = 8660
const SETTINGS = 'wallet.json'
/** Asked when a wallet was erased. */
const ERASED = '/erased'

/**
 * Serves the page of the wallet: static files, and `wallet.json`. Nothing of any citizen passes here.
 *
 * @throws CommandFailure `page_missing` where the page was not built
 */
export async function serveWalletPage(options: ServeWalletPageOptions): Promise<PageServer> {
  const { host = '127.0.0.1', port = PORT, settings } = options
  const page = await openWalletPage(settings)
  const server = await startPageServer({
    ...{ host, port },
    answer: async (request, response, path) =>
      answerErased(request, response, path) ||
      (await answerStaticPage(page, request, response, path)),
  })
  // By name: at a bare address no browser has passkeys.
  return { ...server, url: server.url.replace('//127.0.0.1:', '//localhost:') }
}

/**
 * Has the browser drop the files of what it keeps for this origin: a database that is deleted by a script
 * stays in them. Only for the page itself, or a link of anybody's would erase a wallet.
 */
function answerErased(request: IncomingMessage, response: ServerResponse, path: string): boolean {
  if (path !== ERASED || request.method !== 'POST') return false
  const isOwn = request.headers['sec-fetch-site'] === 'same-origin'
  response.writeHead(isOwn ? 204 : 403, {
    'cache-control': 'no-store',
    ...(isOwn ? { 'clear-site-data': '"storage"' } : {}),
  })
  response.end()
  return true
}

async function openWalletPage(settings: WalletPageSettings): Promise<StaticPage> {
  const { allowHttpLoopback } = settings
  const policies = {
    contentPolicy: (name: string) => contentPolicy(name, allowHttpLoopback),
    permissions: PERMISSIONS,
  }
  const built = await openStaticPage(builtFolder(), policies)
  if (built === null) {
    throw new CommandFailure('page_missing', 'The page of the wallet is not built.', {
      exit: exitCodes.fault,
      cure: 'npm run build',
    })
  }
  const file = staticFile(SETTINGS, Buffer.from(`${settingsText(settings)}\n`), policies)
  return { file: (path) => (path === SETTINGS ? file : built.file(path)) }
}

function settingsText({ issuer, allowHttpLoopback }: WalletPageSettings): string {
  const { root, baseUrl, name } = issuer
  return JSON.stringify({
    issuer: { root, base_url: baseUrl, name },
    allow_http_loopback: allowHttpLoopback,
  })
}

function builtFolder(): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve('@netcert/wallet/page.html'))
  } catch {
    return null
  }
}

const PERMISSIONS = [
  'camera=(self), screen-wake-lock=(self), fullscreen=(self), clipboard-read=(self)',
  'clipboard-write=(self), publickey-credentials-create=(self), publickey-credentials-get=(self)',
  'microphone=(), geolocation=(), payment=(), usb=()',
].join(', ')

/**
 * Nothing runs but the page's own files; WebAssembly in the worker that reads codes alone; no text
 * becomes a script (Trusted Types); nobody frames it. Platforms that ask are anywhere, so the page may
 * ask any https address: the wallet's rules say which, and after whose word.
 */
function contentPolicy(name: string, allowHttpLoopback: boolean): string {
  if (/^assets\/scanner-worker-[\w-]+\.js$/.test(name)) return SCANNER_POLICY
  const loopback = allowHttpLoopback ? ' http://127.0.0.1:* http://localhost:*' : ''
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    `connect-src 'self' https:${loopback}`,
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types netcert-page',
  ].join('; ')
}

const SCANNER_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "connect-src 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')
