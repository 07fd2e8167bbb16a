import { accountKeyOf } from './account-key.js'
import { type Account, accountRefusals, type AccountSession, type Claimant } from './accounts.js'
import { VerifierError } from './errors.js'
import { cookieOf, type Exchange, exchangeOf, malformed, type Reply, readForm } from './exchange.js'
import { type Platform, type PlatformOptions, verifier } from './platform.js'
import { jsonReply, problemReply } from './platform-reply.js'
import {
  assertAlternatives,
  assertReleases,
  RE_AUTHENTICATION,
  type ReAuthentication,
  reAuthenticationTerms,
  waysOut,
} from './re-authentication.js'
import { forgetAccount, type SignInDeletion } from './sign-in-deletion.js'
import type { PresentationResult } from './vp-outcome.js'
import { randomText } from './vp-session.js'
import type { VpTermOptions } from './vp-terms.js'

const APPEAL_BYTES = 16 * 1024

type Asking = Pick<Exchange, 'header'>

/** Options of {@link signIn}; `openPlatformVerifier` of `@netcert/verifier/server` gives most of them. */
export type SignInOptions = Omit<PlatformOptions, 'forget' | 'terms'> &
  SignInDeletion & {
    readonly reAuthentication: ReAuthentication
    /** The question that signs in; it asks for `platform_number`. Default `sign-in`. */
    readonly question?: string
    /**
     * The platform's own id for a newcomer, or `null` where it makes no account by itself. Default: a
     * random id. Of two sign-ins at once one id is not used.
     */
    readonly newAccount?: (result: PresentationResult) => string | null | Promise<string | null>
    /**
     * Who is signed in by the platform's own means, and may link a certificate. Default: nobody, so
     * that certificates are neither linked nor unlinked.
     */
    readonly ownLogin?: (request: Asking) => string | null | Promise<string | null>
  }

/** A platform whose customers sign in with their platform number. */
export type SignIn = Platform & {
  /** Who is signed in; null: nobody. */
  readonly session: (request: Asking) => Promise<AccountSession | null>
}

/**
 * Signs people in by their platform number. Everything {@link verifier} answers, and below the same
 * base path: `POST sign-in`, `POST sign-out`, `GET account`, `POST link`, `POST unlink`,
 * `POST re-authentication`, `POST appeal`.
 *
 * @throws TypeError where no alternative to re-authentication is named (R21)
 */
export function signIn(options: SignInOptions): SignIn {
  assertAlternatives(options.reAuthentication)
  const { protocol, origin } = new URL(options.baseUrl)
  const secure = protocol === 'https:'
  const name = secure ? '__Host-netcert-account' : 'netcert-account'
  const forget = forgetAccount(options)
  const platform = verifier({
    ...{ ...options, forget },
    terms: (request, question) => termsFor(parts, request, question),
  })
  const parts: Parts = { ...options, platform, origin, secure, name, ticket: `${name}-ticket` }
  const exchange = (asked: Exchange) => exchangeWith(parts, asked)
  return {
    ...platform,
    exchange,
    handler: async (request) => {
      const { status, headers, body } = await exchange(exchangeOf(request, platform.basePath))
      return new Response(status === 204 ? null : body, { status, headers })
    },
    session: (request) => sessionOf(parts, request),
  }
}

type Parts = SignInOptions & {
  readonly platform: Platform
  readonly origin: string
  readonly secure: boolean
  /** Names of the two cookies: of a session, and of the way out of a flag. */
  readonly name: string
  readonly ticket: string
}

const routes: Readonly<Record<string, (parts: Parts, exchange: Exchange) => Promise<Reply>>> = {
  'POST /sign-in': finish,
  'POST /sign-out': signOut,
  'GET /account': showAccount,
  'POST /link': link,
  'POST /unlink': unlink,
  'POST /re-authentication': reAuthenticate,
  'POST /appeal': takeAppeal,
}

async function exchangeWith(parts: Parts, asked: Exchange): Promise<Reply> {
  const name = `${asked.method} ${asked.path}`
  const route = Object.hasOwn(routes, name) ? routes[name] : undefined
  if (route === undefined) return parts.platform.exchange(asked)
  try {
    assertOwnPage(parts, asked)
    return await route(parts, asked)
  } catch (error) {
    return problemReply(error, { wallet: false, route: asked.path.slice(1), log: parts.log })
  }
}

/** Browsers name the page that posts; a form of somebody else's signs nobody in or out. */
function assertOwnPage({ origin }: Parts, { method, header }: Exchange): void {
  const from = header('origin')
  if (method !== 'POST' || from === null || from === origin) return
  throw new VerifierError('cross_site', 'the request comes from another page; use ours.')
}

async function termsFor(parts: Parts, request: Asking, question: string): Promise<VpTermOptions> {
  if (question !== RE_AUTHENTICATION) return {}
  return reAuthenticationTerms(parts.reAuthentication, await claimantOf(parts, request))
}

async function finish(parts: Parts, exchange: Exchange): Promise<Reply> {
  const { accounts, question = 'sign-in' } = parts
  const result = await parts.platform.redeem(exchange, question)
  const key = accountKeyOf(result)
  const account = (await accounts.find(key)) ?? (await welcome(parts, result))
  if (account.flag !== null) return refuseFlagged(parts, account, { account: account.id, key })
  return begin(parts, exchange, account.id)
}

async function welcome(parts: Parts, result: PresentationResult): Promise<Account> {
  const { accounts, newAccount = () => randomText() } = parts
  const id = await newAccount(result)
  if (id === null) throw accountRefusals.unknown()
  return accounts.create(accountKeyOf(result), id)
}

/** A fresh session, whatever the browser brought along; what it brought ends. */
async function begin(parts: Parts, exchange: Exchange, account: string): Promise<Reply> {
  const { sessions } = parts.accounts
  const before = cookieOf(exchange, parts.name)
  if (before !== null) await sessions.end(before)
  const { token, endsAt } = await sessions.begin(account)
  const body = { account, ends_at: Math.floor(endsAt.getTime() / 1000) }
  return withCookie(parts, jsonReply(200, body), { name: parts.name, value: token })
}

/** Told to whoever proved to be the holder, with a ticket for the ways out. */
async function refuseFlagged(parts: Parts, account: Account, claimant: Claimant): Promise<Reply> {
  const ticket = await parts.accounts.flags.admit(claimant)
  const refusal = accountRefusals.flagged()
  const { status, body } = problemReply(refusal, {
    wallet: false,
    route: 'sign-in',
    log: parts.log,
  })
  const problem = JSON.parse(body) as object
  const ways = waysOut(parts.reAuthentication, account.flag?.reason ?? 'unspecified')
  const reply = jsonReply(status, { ...problem, ...ways })
  return withCookie(parts, reply, { name: parts.ticket, value: ticket })
}

async function reAuthenticate(parts: Parts, exchange: Exchange): Promise<Reply> {
  const { account, key } = await claimantOf(parts, exchange)
  const result = await parts.platform.redeem(exchange, RE_AUTHENTICATION)
  assertReleases(result, key)
  await parts.accounts.flags.release(account, { by: 'presence' })
  return begin(parts, exchange, account)
}

async function takeAppeal(parts: Parts, exchange: Exchange): Promise<Reply> {
  const { account } = await claimantOf(parts, exchange)
  const { text } = await readForm(exchange, APPEAL_BYTES)
  if (text === undefined) throw malformed('the parameter "text" is missing')
  const { id } = await parts.accounts.flags.appeal(account, text)
  return jsonReply(201, { appeal: id })
}

async function claimantOf(parts: Parts, request: Asking): Promise<Claimant> {
  const ticket = cookieOf(request, parts.ticket)
  const claimant = ticket === null ? null : await parts.accounts.flags.claimant(ticket)
  if (claimant === null) throw accountRefusals.signInFirst()
  return claimant
}

async function sessionOf({ accounts, name }: Parts, request: Asking) {
  const token = cookieOf(request, name)
  return token === null ? null : accounts.sessions.find(token)
}

async function signOut(parts: Parts, exchange: Exchange): Promise<Reply> {
  const token = cookieOf(exchange, parts.name)
  if (token !== null) await parts.accounts.sessions.end(token)
  return withCookie(parts, jsonReply(200, { signed_out: true }), { name: parts.name, value: '' })
}

async function showAccount(parts: Parts, exchange: Exchange): Promise<Reply> {
  const session = await sessionOf(parts, exchange)
  const account = session === null ? null : await parts.accounts.read(session.account)
  if (session === null || account === null) throw accountRefusals.signInFirst()
  const seconds = (date: Date | null) => (date === null ? null : Math.floor(date.getTime() / 1000))
  return jsonReply(200, {
    account: account.id,
    created_at: seconds(account.createdAt),
    linked_at: seconds(account.linkedAt),
    session_ends_at: seconds(session.endsAt),
  })
}

async function link(parts: Parts, exchange: Exchange): Promise<Reply> {
  const { accounts, question = 'sign-in' } = parts
  const owner = await ownerOf(parts, exchange)
  const result = await parts.platform.redeem(exchange, question)
  const account = await accounts.link(accountKeyOf(result), owner)
  return begin(parts, exchange, account.id)
}

async function unlink(parts: Parts, exchange: Exchange): Promise<Reply> {
  await parts.accounts.unlink(await ownerOf(parts, exchange))
  return withCookie(parts, jsonReply(200, { unlinked: true }), { name: parts.name, value: '' })
}

/** By the platform's own login alone: a session that a certificate opened links no other certificate. */
async function ownerOf({ ownLogin }: Parts, exchange: Exchange): Promise<string> {
  const owner = (await ownLogin?.(exchange)) ?? null
  if (owner === null) throw accountRefusals.signInFirst()
  return owner
}

function withCookie(
  { secure }: Parts,
  reply: Reply,
  { name, value }: { readonly name: string; readonly value: string },
): Reply {
  const ended = value === '' ? '; Max-Age=0' : ''
  const rules = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}${ended}`
  return { ...reply, headers: { ...reply.headers, 'set-cookie': `${name}=${value}; ${rules}` } }
}
