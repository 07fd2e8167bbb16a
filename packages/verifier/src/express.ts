import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Exchange, readBounded } from './exchange.js'
import { accountRefusals, type AccountSession } from './accounts.js'
import type { GuardianConsent } from './guardian-consent.js'
import type { MinorActResult } from './minor-acts.js'
import type { Platform } from './platform.js'
import { problemReply } from './platform-reply.js'
import type { SignIn } from './sign-in.js'
import type { StaffRoute } from './staff-route.js'
import { VerifierError } from './errors.js'
import type { PresentationResult } from './vp-outcome.js'

declare global {
  // biome-ignore lint/style/noNamespace: the way Express has for what middleware puts on a request
  namespace Express {
    interface Request {
      /** What a person proved; put there by `certificate(question)`. */
      netcert?: PresentationResult
      /** Who is signed in; put there by `requireAccount`. */
      account?: AccountSession
      /** What a minor and their guardian agreed to; put there by `consented(name)`. */
      minorAct?: MinorActResult
    }
  }
}

type Next = (error?: unknown) => void
type Asked = IncomingMessage & {
  netcert?: PresentationResult
  account?: AccountSession
  minorAct?: MinorActResult
  originalUrl?: string
}
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

/** {@link ExpressPlatform} with a door for whoever is signed in. */
export type ExpressSignIn = ExpressPlatform & {
  /** Lets a request through with `request.account`, and refuses it with 401 otherwise. */
  readonly requireAccount: Middleware
}

/** Sign-in for Express. */
export function asExpressSignIn(signIn: SignIn): ExpressSignIn {
  return {
    ...asExpress(signIn),
    async requireAccount(request, response, next) {
      try {
        const session = await signIn.session({ header: headerOf(request) })
        if (session === null) throw accountRefusals.signInFirst()
        // oxlint-disable-next-line eslint/no-param-reassign -- what middleware is for
        request.account = session
      } catch (error) {
        send(response, problemReply(error, { wallet: false, route: 'account' }))
        return
      }
      next()
    },
  }
}

/** Lets a request through with what minor and guardian agreed to as `request.minorAct`, once. */
export function asExpressConsent(platform: GuardianConsent): {
  readonly consented: (name: string) => Middleware
} {
  return {
    consented: (name) => async (request, response, next) => {
      try {
        // oxlint-disable-next-line eslint/no-param-reassign -- what middleware is for
        request.minorAct = await platform.consented({ header: headerOf(request) }, name)
      } catch (error) {
        send(response, problemReply(error, { wallet: false, route: 'consented' }))
        return
      }
      next()
    },
  }
}

/** The route of staff for Express: `app.post('/staff/flags', asExpressStaffRoute(route))`. */
export function asExpressStaffRoute(route: StaffRoute): Middleware {
  return async (request, response) => {
    const url = new URL(request.originalUrl ?? request.url ?? '/', 'http://platform.invalid')
    send(response, await route.exchange(exchangeOf(request, url, '')))
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
