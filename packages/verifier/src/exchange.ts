import { VerifierError } from './errors.js'

/** A request as every web framework has it; what is below the base path of the verifier. */
export type Exchange = {
  readonly method: string
  /** Begins with `/`; the base path is taken off. */
  readonly path: string
  readonly parameters: URLSearchParams
  header(name: string): string | null
  /** @throws VerifierError `request_too_large` */
  body(maxBytes: number): Promise<Uint8Array>
}

/** What goes back. */
export type Reply = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Parameters of one form; checklist limit. */
const MAX_FORM_PARAMETERS = 20

/**
 * Reads `application/x-www-form-urlencoded`: each parameter once (RFC 6749 §3.1), unknown ones kept.
 *
 * @throws VerifierError `request_malformed`, `request_too_large`
 */
export async function readForm(
  exchange: Exchange,
  maxBytes: number,
): Promise<Readonly<Record<string, string>>> {
  if (mediaTypeOf(exchange) !== 'application/x-www-form-urlencoded') {
    throw malformed('the body is no form')
  }
  const entries = [...new URLSearchParams(decode(await exchange.body(maxBytes)))]
  if (entries.length > MAX_FORM_PARAMETERS) throw malformed('the form has too many parameters')
  if (new Set(entries.map(([name]) => name)).size !== entries.length) {
    throw malformed('a parameter stands twice')
  }
  return Object.fromEntries(entries)
}

/** The text of a JSON body. @throws VerifierError `request_malformed`, `request_too_large` */
export async function readJsonText(exchange: Exchange, maxBytes: number): Promise<string> {
  if (mediaTypeOf(exchange) !== 'application/json') throw malformed('the body is no JSON')
  return decode(await exchange.body(maxBytes))
}

function mediaTypeOf(exchange: Exchange): string {
  return (exchange.header('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw malformed('the body is no UTF-8', cause)
  }
}

/** Reads a stream that may be longer than it is worth. @throws VerifierError `request_too_large` */
export async function readBounded(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const chunk of chunks) {
    length += chunk.length
    if (length > maxBytes) {
      throw new VerifierError('request_too_large', `the body has at most ${maxBytes} bytes.`)
    }
    parts.push(chunk)
  }
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** The value of a cookie; null when it is absent or stands twice. */
export function cookieOf(exchange: Pick<Exchange, 'header'>, name: string): string | null {
  const found = (exchange.header('cookie') ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
  return found.length === 1 ? (found[0]?.slice(name.length + 1) ?? null) : null
}

/** An exchange of the Fetch API, as Deno, Bun, Hono, Next and service workers have it. */
export function exchangeOf(request: Request, basePath: string): Exchange {
  const url = new URL(request.url)
  return {
    method: request.method,
    path: url.pathname.slice(basePath.length),
    parameters: url.searchParams,
    header: (name) => request.headers.get(name),
    body: (maxBytes) => readBounded(chunksOf(request.body), maxBytes),
  }
}

async function* chunksOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  if (body === null) return
  const reader = body.getReader()
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value
  } finally {
    await reader.cancel()
  }
}

export function malformed(problem: string, cause?: unknown): VerifierError {
  return new VerifierError(
    'request_malformed',
    `${problem}; send it as the manual describes.`,
    cause === undefined ? {} : { cause },
  )
}
