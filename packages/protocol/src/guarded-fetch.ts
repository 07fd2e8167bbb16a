import { lookup as resolveName } from 'node:dns'
import { type IncomingMessage, request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { assertFetchable, assertPublicAddress } from '@netcert/credential'
import {
  blocked,
  brokenOff,
  FetchError,
  type FetchErrorCode,
  redirected,
  tooLarge,
  unreadable,
} from './fetch-error.js'

export { FetchError, type FetchErrorCode }

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
      throw brokenOff(cause, signal)
    }
  }
}

/**
 * Asks an address for a file, and hands over what comes piece by piece.
 *
 * @returns The status; nothing was handed over unless it is 200
 * @throws FetchError as {@link GuardedFetch}; whatever `take` throws
 */
export type GuardedDownload = (
  url: string,
  options: {
    readonly headers?: Readonly<Record<string, string>>
    readonly maxBytes: number
    readonly take: (piece: Uint8Array) => Promise<void>
  },
) => Promise<Pick<FetchedAnswer, 'status' | 'headers'>>

/** The guarded fetch for files that are no text and too large to be held. */
export function createGuardedDownload(options: GuardedFetchOptions): GuardedDownload {
  const {
    allowHttpLoopback,
    timeoutSeconds = 300,
    lookup = resolveName as LookupFunction,
  } = options
  return async (url, { headers = {}, maxBytes, take }) => {
    const target = judgeUrl(url, allowHttpLoopback)
    const signal = AbortSignal.timeout(timeoutSeconds * 1000)
    const question = { target, method: 'GET', headers, body: undefined, lookup, signal }
    const answer = await send(question).catch((cause: unknown) => {
      throw brokenOff(cause, signal)
    })
    const status = answer.statusCode ?? 0
    try {
      if (status === 200) await readPieces(answer, { maxBytes, take, signal })
    } finally {
      // Whatever was wrong with it, or with the disk: nobody goes on listening.
      answer.destroy()
    }
    if (status >= 300 && status < 400 && status !== 304) throw redirected()
    return { status, headers: headersOf(answer) }
  }
}

async function readPieces(
  answer: IncomingMessage,
  { maxBytes, take, signal }: Parameters<GuardedDownload>[1] & Pick<Question, 'signal'>,
): Promise<void> {
  let bytes = 0
  const pieces = answer[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  for (;;) {
    const next = await pieces.next().catch((cause: unknown) => {
      throw brokenOff(cause, signal)
    })
    if (next.done === true) return
    bytes += next.value.length
    if (bytes > maxBytes) throw tooLarge(maxBytes)
    await take(next.value)
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
