import { createHash, timingSafeEqual } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { isJsonObject, memberOf, parseJsonObject } from '@netcert/credential'
import { type Accounts, accountRefusals } from './accounts.js'
import { VerifierError } from './errors.js'
import { type Exchange, exchangeOf, malformed, type Reply, readJsonText } from './exchange.js'
import { jsonReply, problemReply } from './platform-reply.js'

const BODY_BYTES = 4 * 1024
/** 128 bits as hexadecimal, at least. */
const LEAST_SECRET = 32
const MOST_SECRET = 1_024

/** Options of {@link openStaffRoute}. */
export type StaffRouteOptions = {
  readonly accounts: Accounts
  /** A file that its owner alone can read, with the secret that the platform's own systems send. */
  readonly secretFile: string
  /** Told the code of each refusal. */
  readonly log?: (line: { readonly route: string; readonly code: string }) => void
}

/** A route of the platform's own back end; mount it where the internet does not reach. */
export type StaffRoute = {
  /** A handler of the Fetch API. */
  readonly handler: (request: Request) => Promise<Response>
  readonly exchange: (exchange: Exchange) => Promise<Reply>
}

/**
 * Flags accounts: `POST` with `Authorization: Bearer <secret>` and `{"account": …, "reason": code}`.
 * Where it is mounted is the platform's choice.
 *
 * @throws VerifierError `config_invalid` for a secret that is missing, short, or readable by others
 */
export async function openStaffRoute(options: StaffRouteOptions): Promise<StaffRoute> {
  const secret = digest(await readSecret(options.secretFile))
  const exchange = (asked: Exchange) =>
    answer(options, secret, asked).catch((error: unknown) =>
      challenging(problemReply(error, { wallet: false, route: 'flag', log: options.log })),
    )
  return {
    exchange,
    handler: async (request) => {
      const { status, headers, body } = await exchange(exchangeOf(request, ''))
      return new Response(body, { status, headers })
    },
  }
}

/** RFC 9110 §11.6.1: a 401 names its scheme. */
function challenging(reply: Reply): Reply {
  if (reply.status !== 401) return reply
  return { ...reply, headers: { ...reply.headers, 'www-authenticate': 'Bearer' } }
}

async function answer(
  { accounts }: StaffRouteOptions,
  secret: Buffer,
  asked: Exchange,
): Promise<Reply> {
  // First of all: whoever has no secret learns nothing of accounts.
  const sent = /^Bearer ([\x21-\x7e]+)$/i.exec(asked.header('authorization') ?? '')?.[1] ?? ''
  if (!timingSafeEqual(digest(sent), secret)) {
    throw new VerifierError('staff_unauthorised', 'send the secret as a bearer token.')
  }
  if (asked.method !== 'POST') throw malformed('an account is flagged by POST')
  const body = parseJsonObject(await readJsonText(asked, BODY_BYTES), { maxDepth: 4 })
  const account = isJsonObject(body) ? memberOf(body, 'account') : undefined
  const reason = isJsonObject(body) ? memberOf(body, 'reason') : undefined
  if (typeof account !== 'string' || typeof reason !== 'string') {
    throw malformed('the members "account" and "reason" are missing')
  }
  const { flag } = await accounts.flags.flag(account, { reason })
  if (flag === null) throw accountRefusals.notFlagged()
  const since = Math.floor(flag.since.getTime() / 1000)
  return jsonReply(200, { account, flagged_at: since, reason: flag.reason })
}

async function readSecret(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY).catch((cause: unknown) => {
    throw invalid(`${path} cannot be read; make it with: openssl rand -hex 32`, cause)
  })
  try {
    const { mode, size } = await file.stat()
    if ((mode & 0o077) !== 0) throw invalid(`${path} can be read by others; chmod 600 it.`)
    const text = size > MOST_SECRET ? '' : (await file.readFile('utf8')).trim()
    if (text.length >= LEAST_SECRET && /^[\x21-\x7e]+$/.test(text)) return text
    throw invalid(`${path} holds no secret of ${LEAST_SECRET} characters or more.`)
  } finally {
    await file.close()
  }
}

function invalid(problem: string, cause?: unknown): VerifierError {
  return new VerifierError('config_invalid', problem, { cause })
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
