import { lookup as resolveName } from 'node:dns'
import { type IncomingMessage, request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { assertFetchable, assertPublicAddress } from '@netcert/credential'

/** Why something was not fetched. */
export type FetchErrorCode =
  /** The address, or what its name resolves to, may not be asked. */
  | 'fetch_blocked'
  /** Nobody answered, or what answered is no HTTP or has no valid certificate. */
  | 'fetch_failed'
  | 'fetch_timeout'
  /** The answer is larger than its bound. */
  | 'fetch_too_large'
  /** The answer leads elsewhere; it is not followed. */
  | 'fetch_redirected'
  /** The answer is compressed although nobody asked for that, or no UTF-8. */
  | 'fetch_encoding'

/** Something could not be fetched. The message names no address: it may hold a secret. */
export class FetchError extends Error {
  override readonly name = 'FetchError'
  readonly code: FetchErrorCode

  constructor(code: FetchErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options)
    this.code = code
  }
}

export type FetchedAnswer = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/**
 * Asks an address that came from outside.
 *
 * @throws FetchError; it never follows a redirect.
 */
export type GuardedFetch = (
  url: string,
  options?: {
    readonly method?: 'GET' | 'POST'
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: string
    /** Of the answer's body; 200 KiB unless told otherwise. */
    readonly maxBytes?: number
  },
) => Promise<FetchedAnswer>

export type GuardedFetchOptions = {
  /** Plain http, and any port, on this machine: for development, never on by itself. */
  readonly allowHttpLoopback: boolean
  /** For the whole exchange; 10 unless told otherwise. */
  readonly timeoutSeconds?: number
  /** How names are resolved; the system's way unless told otherwise. */
  readonly lookup?: LookupFunction
}

const DEFAULT_MAX_BYTES = 200 * 1024
const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])
const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/**
 * A fetch for addresses from outside: https only, to a public address only (judged on the address
 * that is connected to, so a name that changes its mind does not matter), no redirects, bounded in
 * time and size, without cookies, compression or a name for this program.
 */
export function createGuardedFetch(options: GuardedFetchOptions): GuardedFetch {
  const { allowHttpLoopback, timeoutSeconds = 10, lookup = resolveName as LookupFunction } = options
  return async (url, { method = 'GET', headers = {}, body, maxBytes = DEFAULT_MAX_BYTES } = {}) => {
    const target = judgeUrl(url, allowHttpLoopback)
    const signal = AbortSignal.timeout(timeoutSeconds * 1000)
    try {
      const answer = await send({ target, method, headers, body, lookup, signal })
      const text = await readAnswer(answer, maxBytes)
      return { status: answer.statusCode ?? 0, headers: headersOf(answer), text }
    } catch (cause) {
      if (cause instanceof FetchError) throw cause
      throw signal.aborted ? tooSlow(cause) : unanswered(cause)
    }
  }
}

type Target = { readonly url: URL; readonly accepts: (address: string) => boolean }

function judgeUrl(text: string, allowHttpLoopback: boolean): Target {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && allowHttpLoopback && isLoopbackUrl(url)) {
    return { url, accepts: isLoopback }
  }
  try {
    assertFetchable(text)
    return { url: new URL(text), accepts: isPublic }
  } catch (cause) {
    throw blocked(cause)
  }
}

function isLoopbackUrl(url: URL): boolean {
  const plain = url.username === '' && url.password === ''
  return plain && /^https?:$/.test(url.protocol) && LOOPBACK_NAMES.has(url.hostname)
}

function isLoopback(address: string): boolean {
  const family = isIP(address)
  return family !== 0 && loopback.check(address, family === 4 ? 'ipv4' : 'ipv6')
}

function isPublic(address: string): boolean {
  try {
    assertPublicAddress(address)
    return true
  } catch {
    return false
  }
}

type Question = {
  readonly target: Target
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  readonly lookup: LookupFunction
  readonly signal: AbortSignal
}

function send({ target, method, headers, body, lookup, signal }: Question) {
  const { url, accepts } = target
  const request = url.protocol === 'https:' ? requestSecure : requestPlain
  return new Promise<IncomingMessage>((resolve, reject) => {
    // A connection of its own each time, so that each one is judged and none links two requests.
    const sent = request(url, {
      method,
      headers: { ...headers, 'accept-encoding': 'identity' },
      agent: false,
      lookup: guardedLookup(lookup, accepts),
      signal,
    })
    sent.on('socket', (socket) => {
      socket.once('connect', () => {
        if (!accepts(socket.remoteAddress ?? '')) sent.destroy(blocked())
      })
    })
    sent.on('response', resolve)
    sent.on('error', reject)
    sent.end(body)
  })
}

/** Refuses a name as soon as one of its addresses is out of bounds. */
function guardedLookup(
  lookup: LookupFunction,
  accepts: (address: string) => boolean,
): LookupFunction {
  return (hostname, options, done) => {
    lookup(hostname, options, (error, address, family) => {
      const addresses = typeof address === 'string' ? [address] : (address ?? [])
      const all = addresses.map((entry) => (typeof entry === 'string' ? entry : entry.address))
      const fine = error !== null || all.every(accepts)
      done(fine ? error : blocked(), address, family)
    })
  }
}

async function readAnswer(answer: IncomingMessage, maxBytes: number): Promise<string> {
  const { statusCode: status = 0, headers } = answer
  try {
    if (status >= 300 && status < 400) throw redirected()
    if ((headers['content-encoding'] ?? 'identity') !== 'identity') throw unreadable()
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > maxBytes) throw tooLarge(maxBytes)
      chunks.push(chunk)
    }
    return decodeUtf8(Buffer.concat(chunks))
  } finally {
    answer.destroy()
  }
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw unreadable(cause)
  }
}

function headersOf(answer: IncomingMessage): Headers {
  const headers = new Headers()
  for (const [name, values] of Object.entries(answer.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value)
  }
  return headers
}

function blocked(cause?: unknown): FetchError {
  const text =
    'The address may not be asked: only https to a public host is allowed; on this machine, http ' +
    'needs the flag for it.'
  return new FetchError('fetch_blocked', text, { cause })
}

function tooSlow(cause: unknown): FetchError {
  return new FetchError('fetch_timeout', 'The other side took too long; try again later.', {
    cause,
  })
}

function unanswered(cause: unknown): FetchError {
  const text = 'The other side could not be reached or does not answer properly; try again later.'
  return new FetchError('fetch_failed', text, { cause })
}

function tooLarge(maxBytes: number): FetchError {
  return new FetchError('fetch_too_large', `The answer has more than ${maxBytes} bytes; stop here.`)
}

function redirected(): FetchError {
  const text = 'The answer leads elsewhere, and redirects are not followed; ask for the right link.'
  return new FetchError('fetch_redirected', text)
}

function unreadable(cause?: unknown): FetchError {
  const text = 'The answer is compressed or no UTF-8; its server must send plain text.'
  return new FetchError('fetch_encoding', text, { cause })
}
