import { assertFetchable } from '@netcert/credential'
import type { FetchErrorCode, GuardedFetch } from '@netcert/protocol'

/** Something could not be fetched. The message names no address: it may hold a secret. */
export class FetchError extends Error {
  override readonly name = 'FetchError'
  readonly code: FetchErrorCode
  /** Certain that nothing left this device; false: a browser does not tell, so it may have. */
  readonly neverSent: boolean

  constructor(
    code: FetchErrorCode,
    options: { readonly cause?: unknown; readonly neverSent?: boolean } = {},
  ) {
    super(`not fetched: ${code}`, { cause: options.cause })
    this.code = code
    this.neverSent = options.neverSent ?? false
  }
}

const DEFAULT_MAX_BYTES = 200 * 1024
const TIMEOUT_MILLISECONDS = 10_000
const LOOPBACK = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/**
 * The browser's fetch under the rules of the wallet's: https only (on this machine http, where this page
 * itself is served by it), no redirects, no cookies, no cache, no referrer, bounded in time and size. What
 * a name resolves to only the browser sees.
 */
export function createGuardedFetch({
  allowHttpLoopback,
}: {
  readonly allowHttpLoopback: boolean
}): GuardedFetch {
  return async (url, { method = 'GET', headers = {}, body, maxBytes = DEFAULT_MAX_BYTES } = {}) => {
    assertAskable(url, allowHttpLoopback)
    const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS)
    // Without a network a browser asks nobody else; this machine it reaches all the same.
    const neverSent = !navigator.onLine && !LOOPBACK.test(new URL(url).hostname)
    try {
      const answer = await fetch(url, {
        ...{ method, headers, signal, credentials: 'omit', cache: 'no-store' },
        ...{ redirect: 'error', referrerPolicy: 'no-referrer', mode: 'cors' },
        ...(body === undefined ? {} : { body }),
      })
      return {
        status: answer.status,
        headers: answer.headers,
        text: await readText(answer, maxBytes),
      }
    } catch (cause) {
      if (cause instanceof FetchError) throw cause
      const code = signal.aborted ? 'fetch_timeout' : 'fetch_failed'
      throw new FetchError(code, { cause, neverSent })
    }
  }
}

function assertAskable(text: string, allowHttpLoopback: boolean): void {
  const url = URL.canParse(text) ? new URL(text) : null
  const isPlain = url !== null && url.username === '' && url.password === ''
  if (allowHttpLoopback && isPlain && LOOPBACK.test(url.hostname)) return
  try {
    assertFetchable(text)
  } catch (cause) {
    throw new FetchError('fetch_blocked', { cause, neverSent: true })
  }
}

async function readText(answer: Response, maxBytes: number): Promise<string> {
  const reader = answer.body?.getReader()
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let text = ''
  let bytes = 0
  for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
    bytes += part.value.length
    if (bytes > maxBytes) {
      await reader?.cancel()
      throw new FetchError('fetch_too_large')
    }
    text += decode(decoder, part.value)
  }
  return text + decode(decoder)
}

function decode(decoder: TextDecoder, bytes?: Uint8Array): string {
  try {
    return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true })
  } catch (cause) {
    throw new FetchError('fetch_encoding', { cause })
  }
}
