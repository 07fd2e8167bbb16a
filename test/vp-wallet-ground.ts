import {
  verifyJws,
  decodeTextBase64Url,
  dereferenceDidKey,
  type JsonObject,
  parseJws,
  signatureAlgorithms,
} from '@netcert/credential'
import { importVerifyingKey } from '@netcert/credential/crypto'
import { createPresentation } from '@netcert/credential/holder'
import {
  encryptMessage,
  type EncryptionJwk,
  parseQuery,
  parseRequestLink,
  type RequestObject,
} from '@netcert/protocol'
import type { Holder } from './trust-domain.js'

/** A request as this small wallet reads it. */
export type ReadRequest = {
  readonly request: RequestObject
  readonly header: JsonObject
  readonly clientId: string
}

/** What a wallet sends, and what it heard. */
export type Heard = { readonly status: number; readonly body: Record<string, unknown> }

/** Fetches and reads a request; a signed one by did:key is checked, others are taken as they are. */
export async function readVpRequest(
  link: string,
  options: { readonly walletNonce?: string } = {},
): Promise<ReadRequest> {
  const parsed = parseRequestLink(link)
  if (parsed.kind === 'parameters') {
    const request = parsed.parameters as unknown as RequestObject
    return { request, header: {}, clientId: String(request.client_id) }
  }
  if (parsed.kind !== 'reference') throw new TypeError('a request by value is not used here')
  const response = await fetch(parsed.requestUri, fetchForm(options.walletNonce))
  const text = await response.text()
  if (response.status !== 200) throw new Error(`${response.status} ${text}`)
  if (text.endsWith('.')) {
    const payload = decodeTextBase64Url(text.split('.')[1] ?? '')
    return { request: JSON.parse(payload) as RequestObject, header: {}, clientId: parsed.clientId }
  }
  const jws = parseJws(text, { algorithms: signatureAlgorithms, maxDepth: 32 })
  const { kid } = jws.header
  if (typeof kid === 'string')
    await verifyJws(jws, await importVerifyingKey(dereferenceDidKey(kid)))
  const request = jws.payload as unknown as RequestObject
  return { request, header: jws.header, clientId: parsed.clientId }
}

function fetchForm(walletNonce: string | undefined): RequestInit {
  if (walletNonce === undefined) return {}
  const form = { wallet_nonce: walletNonce, wallet_metadata: '{}' }
  return { method: 'POST', body: new URLSearchParams(form) }
}

/** Somebody's certificate and key. */
export type Held = { readonly credential: string; readonly holder: Holder }

/** A presentation for one credential query of a request, or whatever `change` makes of it. */
export function presentFor(
  { request, clientId }: { readonly request: RequestObject; readonly clientId: string },
  held: Held,
  options: {
    readonly issuedAt: Date
    readonly paths?: readonly (readonly string[])[]
    readonly audience?: string
    readonly nonce?: string
    /** Further claims that the holder signs. */
    readonly keyBindingClaims?: JsonObject
  },
): Promise<string> {
  const { issuedAt, paths = [['age_equal_or_over', '18']], keyBindingClaims = {} } = options
  return createPresentation({
    credential: held.credential,
    signer: held.holder.signer,
    audience: options.audience ?? clientId,
    nonce: options.nonce ?? request.nonce,
    paths,
    issuedAt,
    keyBindingClaims,
  })
}

/** The members of an answer in clear. */
export function membersOf(request: RequestObject, vpToken: object): Record<string, unknown> {
  return { vp_token: vpToken, ...(request.state === undefined ? {} : { state: request.state }) }
}

/** Encrypts members to the key of a request. */
export function encryptAnswer(
  request: RequestObject,
  members: object,
  options: {
    readonly enc?: string
    readonly recipient?: EncryptionJwk
    readonly zip?: string
  } = {},
): Promise<string> {
  const recipient = options.recipient ?? encryptionKeyOf(request)
  return encryptMessage({
    payload: members,
    recipient,
    enc: options.enc ?? 'A128GCM',
    zip: options.zip,
  })
}

export function encryptionKeyOf(request: RequestObject): EncryptionJwk {
  return request.client_metadata?.jwks?.keys[0] as EncryptionJwk
}

/** Posts a form; objects in it are JSON text, as direct_post wants. */
export async function postForm(
  url: string,
  members: Readonly<Record<string, unknown>>,
): Promise<Heard> {
  const entries = Object.entries(members).map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
  return hear(
    await fetch(url, { method: 'POST', body: new URLSearchParams(entries), redirect: 'error' }),
  )
}

export async function hear(response: Response): Promise<Heard> {
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

/** The whole way of an honest wallet: reads the link, presents, answers in the mode asked for. */
export async function answerRequest(
  link: string,
  held: Held,
  options: { readonly issuedAt: Date; readonly walletNonce?: string },
): Promise<Heard> {
  const read = await readVpRequest(link, options)
  const { request } = read
  const [asked] = parseQuery(request.dcql_query).credentials
  const presentation = await presentFor(read, held, options)
  const members = membersOf(request, { [asked?.id ?? '']: [presentation] })
  const encrypted = request.response_mode === 'direct_post.jwt'
  const form = encrypted ? { response: await encryptAnswer(request, members) } : members
  return postForm(request.response_uri ?? '', form)
}
