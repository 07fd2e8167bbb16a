import { type GuardedFetch, parseAnswerReply, ProtocolError } from '@netcert/protocol'
import { WalletError } from './errors.js'

/** Opens an address for the citizen: in their browser, where there is one. */
export type OpenAddress = (url: string) => void | Promise<void>

/** What a verifier said to an answer. */
export type VerifierReply = {
  readonly redirectUri: string | null
  /** The disclosure receipt, unread. */
  readonly receipt: string | null
}

/**
 * Posts an answer to a verifier, and reads where it wants the citizen to go next. No HTTP redirect is
 * followed: it would carry the answer elsewhere (OpenID4VP 1.0 §8.2).
 *
 * @returns The verifier's `redirect_uri`, if it named one, and its receipt, if it gave one.
 * @throws WalletError `answer_unsent`, `answer_undelivered`, `answer_refused`
 */
export async function deliverAnswer(options: {
  readonly responseUri: string
  readonly body: string
  readonly fetch: GuardedFetch
}): Promise<VerifierReply> {
  const { responseUri, body, fetch: ask } = options
  const reply = await ask(responseUri, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body,
    maxBytes: 64 * 1024,
  }).catch((cause: unknown) => {
    throw notDelivered(cause)
  })
  if (reply.status !== 200) {
    throw new WalletError(
      'answer_refused',
      `the verifier did not take the answer (HTTP ${reply.status}); start again there.`,
    )
  }
  return readReply(reply.text)
}

/**
 * Whoever hears nothing cannot tell whether the answer was lost or the reply: only where nobody was
 * connected to it is certain that nothing left.
 */
function notDelivered(cause: unknown): WalletError {
  const neverSent = cause instanceof Error && 'neverSent' in cause && cause.neverSent === true
  if (neverSent) {
    return new WalletError(
      'answer_unsent',
      'the verifier could not be reached, so nothing left the wallet; look at your network, then ' +
        'start again there. Copies the answer held are used up.',
      { cause },
    )
  }
  return new WalletError(
    'answer_undelivered',
    'no reply came, so the answer may have reached the verifier, or not; look there first, and ' +
      'start again if it did not. The ledger has its line, and copies it held are used up.',
    { cause },
  )
}

/** A reply that cannot be read names no address; the answer is delivered all the same. */
function readReply(text: string): VerifierReply {
  try {
    return parseAnswerReply(text)
  } catch (error) {
    if (error instanceof ProtocolError) return { redirectUri: null, receipt: null }
    throw error
  }
}

/**
 * Takes the citizen back to the verifier (§8.2: the wallet MUST). Without a browser the address is
 * asked for like any other from outside; its fragment stays here, as it would in a browser.
 */
export async function followRedirect(
  redirectUri: string,
  options: { readonly fetch: GuardedFetch; readonly openAddress: OpenAddress | null },
): Promise<void> {
  const { fetch: ask, openAddress } = options
  if (openAddress !== null) {
    await openAddress(redirectUri)
    return
  }
  const address = URL.canParse(redirectUri) ? new URL(redirectUri) : null
  if (address === null || !/^https?:$/.test(address.protocol)) return
  address.hash = ''
  // Whatever that page says, the answer was delivered.
  await ask(address.href).catch(() => null)
}
