import { createHash } from 'node:crypto'
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose'
import { type Answer, type Asked, fresh, type VciIssuer } from './vci-issuer-behaviour.js'

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url')

/** Thumbprint of the key of a request's DPoP proof; `null` without one, a text why it is refused. */
export async function dpopKeyOf(
  ground: VciIssuer,
  { path, headers }: Asked,
  accessToken?: string,
): Promise<{ jkt: string | null } | { error: string }> {
  const proof = headers['dpop']
  if (typeof proof !== 'string') return { jkt: null }
  const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
    typ: 'dpop+jwt',
    currentDate: ground.clock(),
    requiredClaims: ['jti', 'htm', 'htu', 'iat'],
  })
  if (payload['htm'] !== 'POST' || payload['htu'] !== `${ground.origin}${path}`) {
    return { error: 'invalid_dpop_proof' }
  }
  if (Math.abs(Number(payload.iat) - ground.clock().getTime() / 1000) > 60) {
    return { error: 'invalid_dpop_proof' }
  }
  if (ground.behaviour.wantsDpopNonce && payload['nonce'] !== ground.state.dpopNonce) {
    return { error: 'use_dpop_nonce' }
  }
  if (accessToken !== undefined && payload['ath'] !== sha256(accessToken)) {
    return { error: 'invalid_dpop_proof' }
  }
  return { jkt: await calculateJwkThumbprint(protectedHeader.jwk ?? {}) }
}

/** Refuses a client attestation that does not repeat the challenge. */
function lacksChallenge({ behaviour }: VciIssuer, { headers }: Asked, answer: Answer): boolean {
  const { attestationChallenge: wanted } = behaviour
  const pop = String(headers['oauth-client-attestation-pop'] ?? '')
  const payload = Buffer.from(pop.split('.')[1] ?? '', 'base64url').toString()
  if (wanted === null || payload.includes(`"challenge":"${wanted}"`)) return false
  answer({ error: 'use_attestation_challenge' }, 400, {
    'oauth-client-attestation-challenge': wanted,
  })
  return true
}

export function answerPar(ground: VciIssuer, asked: Asked, answer: Answer): void {
  const { form } = asked
  if (lacksChallenge(ground, asked, answer)) return
  const uri = fresh(ground, 'urn:ietf:params:oauth:request_uri:request')
  ground.state.pushed.set(uri, form)
  answer({ request_uri: uri, expires_in: 90 }, 201)
}

/** Everybody is signed in here; gives the address the browser goes to. */
export function answerAuthorize(ground: VciIssuer, { form }: Asked): string {
  const request = ground.state.pushed.get(form.get('request_uri') ?? '') ?? form
  const code = fresh(ground, 'code')
  ground.state.codes.set(code, {
    kind: 'authorization',
    challenge: request.get('code_challenge'),
    redirectUri: request.get('redirect_uri'),
    details: request.get('authorization_details'),
  })
  const parameters = ground.behaviour.callback({
    code,
    state: request.get('state') ?? '',
    iss: ground.issuer,
  })
  const url = new URL(request.get('redirect_uri') ?? '')
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url.href
}

export async function answerToken(ground: VciIssuer, asked: Asked, answer: Answer): Promise<void> {
  const { form } = asked
  if (lacksChallenge(ground, asked, answer)) return
  const refuse = (error: string) =>
    answer({ error, error_description: 'secret detail' }, 400, {
      'dpop-nonce': ground.state.dpopNonce,
    })
  const key = await dpopKeyOf(ground, asked)
  if ('error' in key) return refuse(key.error)
  const error = redeem(ground, form, key.jkt)
  if (error !== null) return refuse(error.error)
  const accessToken = fresh(ground, 'access-token')
  const refreshToken = fresh(ground, 'refresh-token')
  ground.state.accessTokens.set(accessToken, { jkt: key.jkt, clientId: form.get('client_id') })
  ground.state.refreshTokens.set(refreshToken, key.jkt)
  const { tokenLifetime } = ground.behaviour
  answer(
    ground.behaviour.tokenAnswer({
      access_token: accessToken,
      // RFC 6749 §5.1: the type is not case sensitive.
      token_type: key.jkt === null ? 'bEARER' : 'dPoP',
      refresh_token: refreshToken,
      ...wardDetails(ground),
      ...(tokenLifetime === undefined ? {} : { expires_in: tokenLifetime }),
      unknown_member: 'ignored',
    }),
    200,
    { 'cache-control': 'no-store' },
  )
}

/** The certificates about children are named each time, by identifiers. */
function wardDetails({ behaviour: { wards } }: VciIssuer): object {
  if (wards === null) return {}
  const details = ['ward-certificate', 'guardianship'].flatMap((id) => {
    const named = wards.filter((it) => it.startsWith(`${id}:`))
    const entry = { type: 'openid_credential', credential_configuration_id: id }
    return named.length === 0 ? [] : [{ ...entry, credential_identifiers: named }]
  })
  return { authorization_details: details }
}

function redeem(
  ground: VciIssuer,
  form: URLSearchParams,
  jkt: string | null,
): { error: string } | null {
  const { codes, refreshTokens } = ground.state
  if (form.get('grant_type') === 'refresh_token') {
    const token = form.get('refresh_token') ?? ''
    const isGood = refreshTokens.has(token) && refreshTokens.get(token) === jkt
    refreshTokens.delete(token)
    return isGood ? null : { error: 'invalid_grant' }
  }
  const name = form.get('pre-authorized_code') ?? form.get('code') ?? ''
  const code = codes.get(name)
  if (code === undefined) return { error: 'invalid_grant' }
  const { txCode } = ground.behaviour
  if (code['kind'] === 'pre-authorized') {
    if ((form.get('tx_code') === null) !== (txCode === null)) return { error: 'invalid_request' }
    if (form.get('tx_code') !== txCode) return { error: 'invalid_grant' }
  } else {
    const proved = sha256(form.get('code_verifier') ?? '') === code['challenge']
    const sameUri = form.get('redirect_uri') === code['redirectUri']
    if (!proved || !sameUri) return { error: 'invalid_grant' }
  }
  codes.delete(name)
  return null
}
