import { isClientId } from './as-wallet-client.js'

/** A refusal at the token or the pushed request endpoint (RFC 6749 §5.2). */
export type FormRefusal = { readonly error: string; readonly description: string }

export type RequestForm = ReadonlyMap<string, string>

/** What each endpoint reads. Every other parameter is ignored, as the standards ask. */
const READ = {
  par: new Set([
    'client_id',
    'response_type',
    'redirect_uri',
    'scope',
    'state',
    'code_challenge',
    'code_challenge_method',
    'authorization_details',
    'issuer_state',
    'dpop_jkt',
    'resource',
    'request',
    'request_uri',
    'response_mode',
  ]),
  token: new Set([
    'client_id',
    'grant_type',
    'code',
    'code_verifier',
    'redirect_uri',
    'refresh_token',
    'scope',
    'resource',
    'authorization_details',
    'pre-authorized_code',
    'tx_code',
  ]),
} as const

const LONGEST_VALUE = 16 * 1024
const LONGEST_STATE = 1024
const MOST_PARAMETERS = 20
/** Codes and tokens are ours: 43 characters. */
const LONGEST_SECRET = 200
const SECRETS = new Set([
  'code',
  'code_verifier',
  'refresh_token',
  'pre-authorized_code',
  'tx_code',
])

/**
 * Reads a form: the known parameters, each once (RFC 6749 §3.1, §3.2). The library would drop or
 * join repeated ones depending on where they stand.
 */
export function readForm(
  body: string,
  endpoint: keyof typeof READ,
): { readonly form: Map<string, string> } | FormRefusal {
  const form = new Map<string, string>()
  const seen = new Set<string>()
  const entries = [...new URLSearchParams(body)]
  if (entries.length > MOST_PARAMETERS) return refusal('there are too many parameters')
  for (const [name, value] of entries) {
    if (!READ[endpoint].has(name)) continue
    if (seen.has(name)) return refusal('a parameter is there twice')
    seen.add(name)
    const longest = SECRETS.has(name) ? LONGEST_SECRET : LONGEST_VALUE
    if (value.length > longest) return refusal('a parameter is too long')
    // RFC 6749 §3.1: a parameter without a value is as if it was not there.
    if (value !== '') form.set(name, value)
  }
  const clientId = form.get('client_id')
  if (clientId !== undefined && !isClientId(clientId)) return refusal('client_id is malformed')
  return { form }
}

/**
 * What the library lets pass at the pushed request endpoint and we do not; unknown scopes are taken
 * out (OpenID4VCI §5.1.2), and a request for nothing else is refused.
 */
export function judgePushedRequest(
  form: Map<string, string>,
  configurationIds: readonly string[],
): FormRefusal | undefined {
  if (form.has('request_uri')) return refusal('request_uri is not taken here')
  if ((form.get('state')?.length ?? 0) > LONGEST_STATE) return refusal('state is too long')
  if ((form.get('response_mode') ?? 'query') !== 'query') {
    return refusal('response_mode is not supported')
  }
  return keepKnownScopes(form, configurationIds)
}

function keepKnownScopes(
  form: Map<string, string>,
  configurationIds: readonly string[],
): FormRefusal | undefined {
  const asked = form.get('scope')?.split(' ') ?? []
  const known = asked.filter((scope) => configurationIds.includes(scope))
  if (known.length > 0) form.set('scope', [...new Set(known)].join(' '))
  else form.delete('scope')
  if (known.length > 0 || form.has('authorization_details')) return undefined
  return { error: 'invalid_scope', description: 'no known scope and no authorization_details' }
}

function refusal(description: string): FormRefusal {
  return { error: 'invalid_request', description }
}
