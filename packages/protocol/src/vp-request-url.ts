import { type JsonObject, type JsonValue, parseJson } from '@netcert/credential'
import { ProtocolError } from './errors.js'
import { type RequestObject, requestLimits } from './vp-request.js'
import { webUrl } from './wire-text.js'

/** How a request reaches a wallet: in a link, or in what the link points to. */
export type RequestLink =
  /** The parameters themselves; never signed. */
  | { readonly kind: 'parameters'; readonly parameters: JsonObject }
  /** A request object by value. */
  | { readonly kind: 'object'; readonly clientId: string; readonly requestObject: string }
  | {
      readonly kind: 'reference'
      readonly clientId: string
      readonly requestUri: string
      readonly method: 'get' | 'post'
    }

/** Parameters that are JSON inside a URL (RFC 9101 §5, OpenID4VP 1.0 §5.1). */
const jsonParameters = new Set([
  'dcql_query',
  'client_metadata',
  'transaction_data',
  'verifier_info',
])

/** Schemes of links to a wallet; a wallet's own https address is taken as well. */
export const requestSchemes = ['openid4vp:', 'haip-vp:', 'eudi-openid4vp:'] as const

/**
 * Reads a link to a wallet. Parameters beside a request object do not count (§5.10.1), except the
 * `client_id` that it must repeat.
 *
 * @throws ProtocolError `request_invalid`, `request_uri_method`
 * @see OpenID4VP 1.0 §5.4, §5.7, §5.10
 */
export function parseRequestLink(link: string): RequestLink {
  const parameters = readParameters(link)
  const clientId = parameters.get('client_id') ?? ''
  const requestObject = parameters.get('request')
  const requestUri = parameters.get('request_uri')
  const method = methodOf(parameters.get('request_uri_method'), requestUri)
  if (requestObject !== undefined && requestUri !== undefined) {
    throw invalid('it has both request and request_uri')
  }
  if (requestObject === undefined && requestUri === undefined) {
    return { kind: 'parameters', parameters: decodeParameters(parameters) }
  }
  if (clientId === '') throw invalid('it has no client_id')
  if (requestObject !== undefined) return { kind: 'object', clientId, requestObject }
  const address = webUrl.safeParse(requestUri)
  if (!address.success || address.data.includes('#')) throw invalid('its request_uri is no address')
  return { kind: 'reference', clientId, requestUri: address.data, method }
}

function readParameters(link: string): ReadonlyMap<string, string> {
  const known = requestSchemes.some((scheme) => link.toLowerCase().startsWith(scheme))
  if (link.length > requestLimits.maxUrlCharacters || !(known || webUrl.safeParse(link).success)) {
    throw invalid('it is no link to a wallet')
  }
  if (!URL.canParse(link)) throw invalid('it is no link to a wallet')
  const found = new Map<string, string>()
  for (const [name, value] of new URL(link).searchParams) {
    // RFC 6749 §3.1: a parameter must not stand twice, or two readers see two requests.
    if (found.has(name)) throw invalid('a parameter stands twice')
    found.set(name, value)
  }
  return found
}

function methodOf(method: string | undefined, requestUri: string | undefined): 'get' | 'post' {
  if (method === undefined) return 'get'
  // §5.1: case-sensitive, and without a request_uri it has nothing to say.
  if ((method === 'get' || method === 'post') && requestUri !== undefined) return method
  throw new ProtocolError(
    'request_uri_method',
    'The request_uri_method is get or post, in lower case, beside a request_uri.',
  )
}

function decodeParameters(parameters: ReadonlyMap<string, string>): JsonObject {
  const decoded = Array.from(parameters, ([name, value]): [string, JsonValue] => {
    if (!jsonParameters.has(name)) return [name, value]
    try {
      return [name, parseJson(value, { maxDepth: 32 })]
    } catch (cause) {
      throw invalid('a parameter is no JSON', cause)
    }
  })
  return Object.fromEntries(decoded)
}

/** A link that hands a request to a wallet. */
export function createRequestUrl(
  options: { readonly scheme?: string } & (
    | {
        readonly clientId: string
        readonly requestUri: string
        readonly requestUriMethod?: 'get' | 'post'
      }
    | { readonly clientId: string; readonly requestObject: string }
    /** Unsigned, by value: `redirect_uri` clients only. */
    | { readonly request: RequestObject }
  ),
): string {
  const parameters = new URLSearchParams()
  if ('request' in options) {
    for (const [name, value] of Object.entries(options.request)) {
      if (value === undefined) continue
      parameters.set(name, typeof value === 'string' ? value : JSON.stringify(value))
    }
  } else {
    parameters.set('client_id', options.clientId)
    if ('requestObject' in options) parameters.set('request', options.requestObject)
    else {
      parameters.set('request_uri', options.requestUri)
      if (options.requestUriMethod !== undefined) {
        parameters.set('request_uri_method', options.requestUriMethod)
      }
    }
  }
  return `${options.scheme ?? 'openid4vp://'}?${parameters.toString()}`
}

function invalid(problem: string, cause?: unknown): ProtocolError {
  return new ProtocolError('request_invalid', `The request is refused: ${problem}.`, { cause })
}
