import type { Reply } from './exchange.js'
import { problemOf } from './problem.js'

const FRESH = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const

export function jsonReply(status: number, value: object): Reply {
  const headers = { ...FRESH, 'content-type': 'application/json' }
  return { status, headers, body: JSON.stringify(value) }
}

/** The browser snippet: a file of our own, so that a strict content security policy can stand. */
export function scriptReply(script: string): Reply {
  const headers = {
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=3600',
    'x-content-type-options': 'nosniff',
  }
  return { status: 200, headers, body: script }
}

/**
 * A refusal. Wallets get the name OAuth has for it, with ours beside it; nothing that was sent is
 * repeated.
 */
export function problemReply(
  error: unknown,
  options: {
    readonly wallet: boolean
    readonly route: string
    readonly log?: ((line: { readonly route: string; readonly code: string }) => void) | undefined
  },
): Reply {
  const { status, code, description, cure, freshness } = problemOf(error)
  options.log?.({ route: options.route, code })
  const named = options.wallet ? walletName(status) : code
  const body = {
    ...{ error: named, error_description: description, code, cure },
    // Wallets learn no more than the code: how old our lists are is the platform's affair.
    ...(freshness === undefined || options.wallet ? {} : { freshness }),
  }
  const reply = jsonReply(status, body)
  return status === 429 || status === 503
    ? { ...reply, headers: { ...reply.headers, 'retry-after': '5' } }
    : reply
}

function walletName(status: number): string {
  if (status >= 500) return status === 503 ? 'temporarily_unavailable' : 'server_error'
  return 'invalid_request'
}
