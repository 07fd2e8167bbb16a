import { resolve } from 'node:path'
import express, {
  type Express,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'
import { type PublishedFile, publishedFile } from './published-file.js'

export type CreateIssuerAppOptions = {
  /** The folder that `publish` wrote. */
  readonly publishedDir: string
}

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

/** The register is a page of its own: it runs its own files, and asks nobody for anything. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

/**
 * Serves a published folder: lists, register, statistics, type metadata, and nothing else. No
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
    // Its addresses are relative: without the slash they would lie beside the folder.
    if (request.path === '/register') return response.redirect(301, 'register/')
    if (file === undefined) return next()
    response.set(HEADERS)
    if (file.isPage) response.set('content-security-policy', PAGE_POLICY)
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

/** A refusal by its code alone, which no cache keeps. */
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
