import { createHash, randomBytes } from 'node:crypto'
import {
  calculateJwkThumbprint,
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JWK,
  SignJWT,
} from 'jose'

/** The key a wallet binds its tokens to. */
export type DpopKey = { readonly privateKey: CryptoKey; readonly jwk: JWK; readonly jkt: string }

export async function createDpopKey(): Promise<DpopKey> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const { kty, crv, x, y } = await exportJWK(publicKey)
  const jwk = { kty, crv, x, y } as JWK
  return { privateKey, jwk, jkt: await calculateJwkThumbprint(jwk) }
}

export type ProofOptions = {
  readonly method: string
  readonly url: string
  readonly nonce?: string | undefined
  readonly accessToken?: string
  readonly iat?: number
  readonly jti?: string
}

export function createProof(key: DpopKey, options: ProofOptions): Promise<string> {
  const { method, url, nonce, accessToken } = options
  const ath =
    accessToken === undefined
      ? {}
      : { ath: createHash('sha256').update(accessToken).digest('base64url') }
  return new SignJWT({
    htm: method,
    htu: url,
    jti: options.jti ?? randomBytes(16).toString('base64url'),
    iat: options.iat ?? Math.floor(Date.now() / 1000),
    ...(nonce === undefined ? {} : { nonce }),
    ...ath,
  })
    .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: key.jwk })
    .sign(key.privateKey)
}

export type JsonAnswer = {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown>
}

export type Form = Readonly<Record<string, string>> | string

/** Posts a form, with a proof where there is a key, and once more when the server gives a nonce. */
export async function postForm(
  url: string,
  form: Form,
  options: { readonly key?: DpopKey | undefined; readonly headers?: Record<string, string> } = {},
): Promise<JsonAnswer> {
  const first = await postOnce(url, form, options, undefined)
  const nonce = first.headers.get('dpop-nonce') ?? undefined
  if (first.body['error'] !== 'use_dpop_nonce') return first
  return postOnce(url, form, options, nonce)
}

export async function postOnce(
  url: string,
  form: Form,
  options: { readonly key?: DpopKey | undefined; readonly headers?: Record<string, string> },
  nonce: string | undefined,
): Promise<JsonAnswer> {
  const { key } = options
  const proof =
    key === undefined ? {} : { dpop: await createProof(key, { method: 'POST', url, nonce }) }
  const answer = await fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...proof,
      ...options.headers,
    },
    body: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
  })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, body: readJson(text) }
}

function readJson(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return { text }
  }
}

export type Pkce = { readonly verifier: string; readonly challenge: string }

export function createPkce(): Pkce {
  const verifier = randomBytes(32).toString('base64url')
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

export type Page = { readonly status: number; readonly headers: Headers; readonly text: string }

/** A browser as far as the login needs one: cookies by path, and redirects one at a time. */
export type Browser = {
  get(url: string, headers?: Record<string, string>): Promise<Page>
  submit(url: string, form: Record<string, string>): Promise<Page>
}

export function createBrowser(): Browser {
  const jar = new Map<string, { readonly value: string; readonly path: string }>()
  const send = async (url: string, init: RequestInit): Promise<Page> => {
    const { pathname } = new URL(url)
    const cookie = [...jar]
      .filter(
        ([, { path }]) => path === '/' || pathname === path || pathname.startsWith(`${path}/`),
      )
      .map(([key, { value }]) => `${key.split('|')[0]}=${value}`)
      .join('; ')
    const headers = { ...(init.headers as Record<string, string>), cookie }
    const answer = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const line of answer.headers.getSetCookie()) keep(jar, line)
    return { status: answer.status, headers: answer.headers, text: await answer.text() }
  }
  return {
    get: (url, headers = {}) => send(url, { headers }),
    submit: (url, form) =>
      send(url, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(form).toString(),
      }),
  }
}

function keep(jar: Map<string, { value: string; path: string }>, line: string): void {
  const [pair = '', ...attributes] = line.split('; ')
  const name = pair.slice(0, pair.indexOf('='))
  const value = pair.slice(pair.indexOf('=') + 1)
  const path = attributes.find((it) => /^path=/i.test(it))?.slice(5) ?? '/'
  if (/expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(`${name}|${path}`)
  else jar.set(`${name}|${path}`, { value, path })
}
