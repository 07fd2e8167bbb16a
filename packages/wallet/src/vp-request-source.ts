import { encodeBase64Url } from '@netcert/credential'
import { randomBytes } from '@netcert/credential/crypto'
import {
  clientIdPrefixes,
  type GuardedFetch,
  parseRequestLink,
  REQUEST_OBJECT_MEDIA_TYPE,
  type ReadRequestObject,
  type RequestLink,
  readRequestObject,
  requestLimits,
} from '@netcert/protocol'
import { WalletError } from './errors.js'

/** A request as it came, and what it has to repeat. */
export type ObtainedRequest = {
  readonly object: ReadRequestObject
  readonly clientId: string | null
  readonly walletNonce: string | null
  readonly requestUri: string | null
}

/** What every wallet of this kind can do: the same text from each, so that it tells none apart. */
const walletMetadata = JSON.stringify({
  vp_formats_supported: {
    'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256', 'EdDSA'], 'kb-jwt_alg_values': ['ES256'] },
  },
  client_id_prefixes_supported: clientIdPrefixes,
  request_object_signing_alg_values_supported: ['ES256', 'EdDSA'],
  response_types_supported: ['vp_token'],
  response_modes_supported: ['direct_post', 'direct_post.jwt'],
})

/**
 * Reads a link to this wallet, and fetches the request object it points to, if it does. Calling
 * this is the citizen's doing: they scanned the code or opened the link.
 *
 * @throws ProtocolError `request_invalid`, `request_uri_method`, `request_object`; WalletError
 *   `request_unavailable`
 * @see OpenID4VP 1.0 §5.7, §5.10
 */
export async function obtainRequest(link: string, ask: GuardedFetch): Promise<ObtainedRequest> {
  const parsed = parseRequestLink(link)
  switch (parsed.kind) {
    case 'parameters': {
      const object = { payload: parsed.parameters, jws: null }
      return { object, clientId: null, walletNonce: null, requestUri: null }
    }
    case 'object': {
      const object = readRequestObject(parsed.requestObject)
      return { object, clientId: parsed.clientId, walletNonce: null, requestUri: null }
    }
    case 'reference':
      return fetchRequest(parsed, ask)
  }
}

async function fetchRequest(
  { clientId, requestUri, method }: RequestLink & { readonly kind: 'reference' },
  ask: GuardedFetch,
): Promise<ObtainedRequest> {
  const walletNonce = method === 'post' ? encodeBase64Url(randomBytes(16)) : null
  const accept = { accept: REQUEST_OBJECT_MEDIA_TYPE }
  const maxBytes = requestLimits.maxObjectBytes
  const options =
    walletNonce === null
      ? { headers: accept, maxBytes }
      : {
          method: 'POST' as const,
          headers: { ...accept, 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({
            wallet_metadata: walletMetadata,
            wallet_nonce: walletNonce,
          }).toString(),
          maxBytes,
        }
  const answer = await ask(requestUri, options).catch((cause: unknown) => {
    throw unavailable(cause)
  })
  // §5.10.2: any error ends it.
  if (answer.status !== 200) throw unavailable()
  return { object: readRequestObject(answer.text.trim()), clientId, walletNonce, requestUri }
}

function unavailable(cause?: unknown): WalletError {
  return new WalletError(
    'request_unavailable',
    "the verifier's request cannot be fetched; have the verifier show a new code or link.",
    { cause },
  )
}
