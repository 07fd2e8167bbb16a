import type { Citizen, ServedIssuer } from './issuer-server-ground.js'
import {
  type Browser,
  createBrowser,
  createDpopKey,
  createPkce,
  type DpopKey,
  type Form,
  type JsonAnswer,
  type Page,
  type Pkce,
  postForm,
} from './oauth-wallet.js'

export const CLIENT_ID = 'https://wallet.example'
export const REDIRECT_URI = 'https://wallet.example/callback'

/** What a wallet holds while it asks for an authorization. */
export type Asking = {
  readonly key: DpopKey
  readonly pkce: Pkce
  readonly requestUri: string
  readonly answer: JsonAnswer
}

/** The parameters of a sound request; a member that is `null` is left out. */
export function requestForm(
  pkce: Pkce,
  changes: Readonly<Record<string, string | null>> = {},
): Record<string, string> {
  const form: Record<string, string | null> = {
    client_id: CLIENT_ID,
    response_type: 'code',
    redirect_uri: REDIRECT_URI,
    scope: 'network-certificate',
    state: 'state-of-the-wallet',
    code_challenge: pkce.challenge,
    code_challenge_method: 'S256',
    ...changes,
  }
  return Object.fromEntries(
    Object.entries(form).filter((entry): entry is [string, string] => entry[1] !== null),
  )
}

export async function pushRequest(
  served: ServedIssuer,
  changes: Readonly<Record<string, string | null>> = {},
  headers: Record<string, string> = {},
): Promise<Asking> {
  const key = await createDpopKey()
  const pkce = createPkce()
  const answer = await postForm(`${served.url}/par`, requestForm(pkce, changes), { key, headers })
  return { key, pkce, requestUri: String(answer.body['request_uri']), answer }
}

export function authorizeUrl(
  served: ServedIssuer,
  requestUri: string,
  clientId = CLIENT_ID,
): string {
  const query = new URLSearchParams({ client_id: clientId, request_uri: requestUri })
  return `${served.url}/authorize?${query}`
}

export function locationOf(page: { readonly headers: Headers }): string {
  return page.headers.get('location') ?? ''
}

/** From the authorization endpoint to the consent page; gives that page's address. */
export async function logIn(
  served: ServedIssuer,
  browser: Browser,
  start: string,
  person: Citizen,
): Promise<string> {
  const login = locationOf(await browser.get(start))
  await browser.get(login)
  const { documentNumber, name } = person
  await browser.submit(`${login}/person`, { document_number: documentNumber, name })
  const code = served.codes.at(-1)?.code ?? ''
  const resume = await browser.submit(`${login}/code`, { code })
  return locationOf(await browser.get(locationOf(resume)))
}

/** Agrees, and gives what the wallet is sent back with. */
export async function agree(browser: Browser, consent: string): Promise<Page> {
  const resume = await browser.submit(`${consent}/consent`, { decision: 'agree' })
  return browser.get(locationOf(resume))
}

export type Authorized = Asking & {
  readonly browser: Browser
  readonly redirect: URL
  readonly code: string
}

/** The whole way of a person: a code in the hands of the wallet. */
export async function authorize(
  served: ServedIssuer,
  changes: Readonly<Record<string, string | null>> = {},
  headers: Record<string, string> = {},
): Promise<Authorized> {
  const asking = await pushRequest(served, changes, headers)
  const browser = createBrowser()
  const start = authorizeUrl(served, asking.requestUri, changes['client_id'] ?? CLIENT_ID)
  const consent = await logIn(served, browser, start, served.nextPerson())
  const redirect = new URL(locationOf(await agree(browser, consent)))
  return { ...asking, browser, redirect, code: redirect.searchParams.get('code') ?? '' }
}

export function codeForm(
  authorized: Pick<Authorized, 'code' | 'pkce'>,
  changes: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    client_id: CLIENT_ID,
    grant_type: 'authorization_code',
    code: authorized.code,
    redirect_uri: REDIRECT_URI,
    code_verifier: authorized.pkce.verifier,
    ...changes,
  }
}

/** Redeems at the token endpoint with the key of the request, unless another is given. */
export function redeem(
  served: ServedIssuer,
  authorized: Authorized,
  changes: Readonly<Record<string, string>> = {},
): Promise<JsonAnswer> {
  return postToken(served, codeForm(authorized, changes), authorized.key)
}

export function postToken(
  served: ServedIssuer,
  form: Form,
  key: DpopKey | undefined,
  headers: Record<string, string> = {},
): Promise<JsonAnswer> {
  return postForm(`${served.url}/token`, form, { key, headers })
}
