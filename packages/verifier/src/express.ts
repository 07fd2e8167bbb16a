import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Exchange, readBounded } from './exchange.js'
import type { Platform } from './platform.js'
import { problemReply } from './platform-reply.js'
import { VerifierError } from './errors.js'
import type { PresentationResult } from './vp-outcome.js'

declare global {
  // biome-ignore lint/style/noNamespace: the way Express has for what middleware puts on a request
  namespace Express {
    interface Request {
      /** What a person proved; put there by `certificate(question)`. */
      netcert?: PresentationResult
    }
  }
}

type Next = (error?: unknown) => void
type Asked = IncomingMessage & { netcert?: PresentationResult; originalUrl?: string }
/** Middleware of Express, Connect, Polka and of anything that takes `(request, response, next)`. */
export type Middleware = (request: Asked, response: ServerResponse, next: Next) => Promise<void>

/** A platform's two middlewares. */
export type ExpressPlatform = {
  /** Answers wallets and the browser snippet. Mount it before any body parser. */
  readonly routes: Middleware
  /**
   * Lets a request through with the result of `question` as `request.netcert`, once for each
   * answer; refuses it otherwise with `{error, error_description, code, cure}`.
   */
  readonly certificate: (question: string) => Middleware
}

/** A platform for Express. */
export function asExpress(platform: Platform): ExpressPlatform {
  const { basePath } = platform
  return {
    async routes(request, response, next) {
      // Mounted below a path, Express takes that path off `url`.
      const url = new URL(request.originalUrl ?? request.url ?? '/', 'http://platform.invalid')
      if (!url.pathname.startsWith(`${basePath}/`)) return next()
      send(response, await platform.exchange(exchangeOf(request, url, basePath)))
    },
    certificate: (question) => async (request, response, next) => {
      try {
        // oxlint-disable-next-line eslint/no-param-reassign -- what middleware is for
        request.netcert = await platform.redeem({ header: headerOf(request) }, question)
      } catch (error) {
        send(response, problemReply(error, { wallet: false, route: 'certificate' }))
        return
      }
      next()
    },
  }
}

function exchangeOf(request: IncomingMessage, url: URL, basePath: string): Exchange {
  return {
    method: request.method ?? 'GET',
    path: url.pathname.slice(basePath.length),
    parameters: url.searchParams,
    header: headerOf(request),
    body: async (maxBytes) => {
      if (request.readableEnded) {
        throw new VerifierError(
          'config_invalid',
          'a body parser came first; mount the routes of netcert before it.',
        )
      }
      try {
        return await readBounded(request.iterator({ destroyOnReturn: false }), maxBytes)
      } finally {
        // What is too much is let pass unread, so that the refusal arrives.
        request.resume()
      }
    },
  }
}

function headerOf(request: IncomingMessage): (name: string) => string | null {
  return (name) => {
    const value = request.headers[name]
    return typeof value === 'string' ? value : null
  }
}

function send(
  response: ServerResponse,
  reply: { status: number; headers: Readonly<Record<string, string>>; body: string },
): void {
  response.writeHead(reply.status, reply.headers)
  response.end(reply.body)
}
