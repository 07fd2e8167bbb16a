import { resolve } from 'node:path'
import express, {
  type Express,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'

export type CreateIssuerAppOptions = {
  /** The folder that `publish` wrote. */
  readonly publishedDir: string
}

type PublishedFile = {
  readonly path: string
  readonly type: string
  readonly maxAgeSeconds: number
}

/** A revocation must not wait behind caches; lists are refreshed every few minutes at most. */
const LIST_MAX_AGE_SECONDS = 300
const TYPE_MAX_AGE_SECONDS = 86_400

/** Headers of every answer: static public data, never framed, sniffed or run. */
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'cross-origin',
  'strict-transport-security': 'max-age=31536000',
  // Browsers' wallets and verifiers read these files from other origins; they hold no secrets.
  'access-control-allow-origin': '*',
}

/**
 * Serves a published folder: trust list, status lists, type metadata, and nothing else. No
 * cookie, query or credential changes an answer, so that all readers look alike; nothing of a
 * request is repeated in an answer.
 */
export function createIssuerApp({ publishedDir }: CreateIssuerAppOptions): Express {
  const app = express()
  app.disable('x-powered-by')
  app.set('etag', 'strong')
  app.use((request, response, next) => {
    response.set(HEADERS)
    if (isReading(request)) return next()
    return refuseMethod(response)
  })
  app.use(publishedFiles(publishedDir))
  app.use((_request, response) => refuse(response, 404, 'not_found'))
  app.use(answerFailure)
  return app
}

/** Serves the published files alone, and leaves every other path to what comes after. */
export function publishedFiles(publishedDir: string): RequestHandler {
  const root = resolve(publishedDir)
  return (request, response, next) => {
    const file = publishedFile(request.path)
    if (file === undefined) return next()
    response.set(HEADERS)
    if (!isReading(request)) return refuseMethod(response)
    return sendPublished({ root, file, response, next })
  }
}

function isReading({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD'
}

function refuseMethod(response: Response): void {
  response.set('allow', 'GET, HEAD')
  refuse(response, 405, 'method_not_allowed')
}

/** The closed list of what is served. The paths are ours; a request only picks one. */
function publishedFile(path: string): PublishedFile | undefined {
  if (path === '/trust-list.jwt') {
    const type = 'application/netcert-trust-list+jwt'
    return { path: 'trust-list.jwt', type, maxAgeSeconds: LIST_MAX_AGE_SECONDS }
  }
  const list = /^\/status\/([1-9]\d{0,8})(?:\.jwt)?$/.exec(path)?.[1]
  if (list !== undefined) {
    const type = 'application/statuslist+jwt'
    return { path: `status/${list}.jwt`, type, maxAgeSeconds: LIST_MAX_AGE_SECONDS }
  }
  const name = /^\/types\/([a-z-]{1,64})\.json$/.exec(path)?.[1]
  if (name === undefined) return undefined
  const type = 'application/json'
  return { path: `types/${name}.json`, type, maxAgeSeconds: TYPE_MAX_AGE_SECONDS }
}

type Sending = {
  readonly root: string
  readonly file: PublishedFile
  readonly response: Response
  readonly next: NextFunction
}

function sendPublished({ root, file, response, next }: Sending): void {
  const headers = { 'content-type': file.type }
  const options = { root, headers, maxAge: file.maxAgeSeconds * 1000, dotfiles: 'deny' } as const
  response.sendFile(file.path, options, (error: unknown) => {
    if (error === undefined || error === null) return
    // The reader went away in the middle: there is nobody left to answer.
    if (response.headersSent) return void response.destroy()
    if (isMissing(error)) return refuse(response, 404, 'not_found')
    next(error)
  })
}

function isMissing(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  // A folder where a file should be is nothing to serve either.
  return ('status' in error && error.status === 404) || ('code' in error && error.code === 'EISDIR')
}

export function refuse(response: Response, status: number, error: string): void {
  response.status(status).set('cache-control', 'no-store').json({ error })
}

/** Express knows a handler of failures by its four parameters. */
function answerFailure(
  error: unknown,
  _request: Request,
  response: Response,
  _next: NextFunction,
): void {
  // A malformed request (a bad escape in the path) is the reader's, anything else ours.
  const status = error instanceof URIError || isBadRequest(error) ? 400 : 500
  refuse(response, status, status === 400 ? 'bad_request' : 'internal')
}

function isBadRequest(error: unknown): boolean {
  return error instanceof Error && 'status' in error && error.status === 400
}
