import { hashBase64Url } from '@netcert/credential/crypto'
import { epochSeconds, memberOf, NETWORK_CERTIFICATE, type Trust } from '@netcert/credential'
import { createPresentation } from '@netcert/credential/holder'
import {
  cancellationAddress,
  cancellationClaims,
  encodeCancellationForm,
  type ErasureReceipt,
  type GuardedFetch,
  issuerAddress,
  messageLimits,
  nonceAddress,
  parseCancellationReply,
  parseMessage,
  ProtocolError,
  verifyErasureReceipt,
} from '@netcert/protocol'
import { type CertificateSummary, summaryOf } from './certificate-summary.js'
import {
  chooseCopy,
  type ChosenCopy,
  createErasures,
  type Erasures,
  forgetIssuer,
  keepReceipt,
} from './cancelled-issuer.js'
import { WalletError } from './errors.js'
import type { HeldPlatform, Platforms } from './platform-access.js'
import type { IssuanceStore, WalletStore } from './stores.js'
import type { KeyStore, Vault } from './keys.js'

/** What cancelling works with. */
export type CancellationContext = {
  readonly store: WalletStore
  readonly issuanceStore: IssuanceStore
  readonly keyStore: KeyStore
  readonly vault: Vault
  readonly platforms: Platforms
  readonly trust: () => Promise<Trust>
  readonly fetch: GuardedFetch
  readonly clock: () => Date
}

/** Leaving an issuer. */
export type Cancellations = Erasures & {
  /** Cancels the enrolment. @throws as {@link cancelEnrolment} */
  cancel(options: CancelOptions): Promise<ErasureReceipt>
}

/** Leaving issuers from a wallet. */
export function createCancellations(context: CancellationContext): Cancellations {
  const cancel: Cancellations['cancel'] = (options) => cancelEnrolment(context, options)
  return { cancel, ...createErasures(context) }
}

/** What the citizen agrees to. */
export type CancellationQuestion = {
  /** `iss` of the certificates. */
  readonly issuer: string
  /** Where it is sent. */
  readonly address: string
  /** Everything of that issuer in this wallet; it is forgotten afterwards. */
  readonly certificates: readonly CertificateSummary[]
  /** Platforms that know this citizen: a demand to delete can no longer be signed afterwards. */
  readonly platforms: readonly HeldPlatform[]
}

export type CancelOptions = {
  /** `iss`; needed where the wallet has certificates of several issuers. */
  readonly issuer?: string
  /** Asked before anything is sent, and never answered by itself. */
  readonly consent: (question: CancellationQuestion) => boolean | Promise<boolean>
}

/**
 * Cancels the citizen's enrolment at an issuer: signed with the key of one of their own copies, and
 * answered with the erasure receipt, which the wallet verifies and keeps. Then everything of that
 * issuer is forgotten here. After a lost answer or a crash the same call brings the same receipt.
 *
 * @throws WalletError `cancellation_impossible`, `issuer_unclear`, `consent_refused`,
 *   `cancellation_undelivered`, `cancellation_refused`, `cancellation_unproven`, `trust_missing`
 */
async function cancelEnrolment(
  context: CancellationContext,
  options: CancelOptions,
): Promise<ErasureReceipt> {
  const { store, clock, platforms } = context
  const trust = await context.trust()
  const now = epochSeconds(clock())
  const batches = await store.batches(now)
  const issuer = theIssuer(batches.filter(isOwn), options.issuer)
  const entry = trust.issuers.get(issuer)?.entry
  if (entry === undefined) throw impossible('its issuer is not on the trust list any more')
  const address = cancellationAddress(entry.statusUriPrefix)
  const theirs = batches.filter((batch) => batch.issuer === issuer)
  const question = {
    issuer,
    address,
    certificates: theirs.map(summaryOf),
    platforms: await platforms.list(),
  }
  if (!(await options.consent(question))) {
    throw new WalletError('consent_refused', 'nothing was sent; everything is as it was.')
  }
  const copy = await chooseCopy(context, theirs.filter(isOwn), now)
  if (copy === undefined) throw impossible('none of its copies is left; run netcert wallet refill')
  const nonce = await fetchNonce(context, nonceAddress(entry.statusUriPrefix))
  const presentation = await present(context, copy, { audience: address, nonce })
  const token = await send(context, address, presentation)
  const receipt = await prove(token, {
    trust,
    issuer,
    networkNumber: copy.networkNumber,
    now: clock(),
  })
  await keepReceipt(context, { token, issuer, receivedAt: now, id: receiptName(receipt) })
  const url = issuerAddress(entry.statusUriPrefix)
  await forgetIssuer(context, { url, batches: theirs.map(({ id }) => id) })
  return receipt
}

function isOwn({ vct, ward_id: ward }: { readonly vct: string; readonly ward_id: string | null }) {
  return vct === NETWORK_CERTIFICATE && ward === null
}

/** @throws WalletError `cancellation_impossible`, `issuer_unclear` */
function theIssuer(
  batches: readonly { readonly issuer: string }[],
  wanted: string | undefined,
): string {
  const issuers = [...new Set(batches.map(({ issuer }) => issuer))]
  if (wanted !== undefined) {
    if (issuers.includes(wanted)) return wanted
    throw impossible('this wallet holds no network certificate of that issuer')
  }
  const [issuer, ...others] = issuers
  if (issuer === undefined) throw impossible('this wallet holds no network certificate of its own')
  if (others.length === 0) return issuer
  throw new WalletError(
    'issuer_unclear',
    `this wallet holds certificates of several issuers; say which: ${issuers.join(', ')}.`,
  )
}

async function fetchNonce({ fetch: ask }: CancellationContext, url: string): Promise<string> {
  const reply = await ask(url, { method: 'POST', headers: { accept: 'application/json' } }).catch(
    undeliveredBy,
  )
  if (reply.status !== 200) throw undelivered(`no nonce was given (HTTP ${reply.status})`)
  const message = parseMessage(reply.text, { maxBytes: messageLimits.maxRequestBytes })
  const nonce = memberOf(message, 'c_nonce')
  if (typeof nonce === 'string') return nonce
  throw undelivered('no nonce was given')
}

async function present(
  { keyStore, clock }: CancellationContext,
  { held, keyAlias }: ChosenCopy,
  to: { readonly audience: string; readonly nonce: string },
): Promise<string> {
  return createPresentation({
    credential: held,
    paths: [['network_number']],
    signer: await keyStore.signer(keyAlias),
    ...to,
    issuedAt: clock(),
    keyBindingClaims: cancellationClaims(),
  })
}

async function send(
  { fetch: ask }: CancellationContext,
  address: string,
  presentation: string,
): Promise<string> {
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
  }
  const body = encodeCancellationForm(presentation)
  const reply = await ask(address, { method: 'POST', headers, body }).catch(undeliveredBy)
  if (reply.status >= 500 || reply.status === 429) {
    throw undelivered(`the issuer answered HTTP ${reply.status}`)
  }
  if (reply.status !== 200) throw refused(reply.text)
  try {
    return parseCancellationReply(reply.text)
  } catch (cause) {
    throw unproven(cause)
  }
}

async function prove(
  token: string,
  about: Parameters<typeof verifyErasureReceipt>[1],
): Promise<ErasureReceipt> {
  try {
    return await verifyErasureReceipt(token, about)
  } catch (cause) {
    throw unproven(cause)
  }
}

function receiptName({ token }: ErasureReceipt): string {
  return hashBase64Url('sha-256', token)
}

function impossible(problem: string): WalletError {
  return new WalletError(
    'cancellation_impossible',
    `the enrolment cannot be cancelled from here: ${problem}; the issuer's counter can, too.`,
  )
}

function undeliveredBy(cause: unknown): never {
  throw undelivered('it cannot be reached', cause)
}

function undelivered(problem: string, cause?: unknown): WalletError {
  return new WalletError(
    'cancellation_undelivered',
    `whether the issuer has cancelled is not known: ${problem}; run the same command again.`,
    { cause },
  )
}

/** The issuer's code, where it is one: of somebody else's text nothing is repeated. */
function refused(text: string): WalletError {
  const [, code = 'no reason given'] = /"error":\s*"([a-z_]{1,48})"/.exec(text) ?? []
  return new WalletError(
    'cancellation_refused',
    `the issuer did not cancel (${code}); run netcert wallet refill and try again, or go to the counter.`,
  )
}

function unproven(cause: unknown): unknown {
  if (!(cause instanceof ProtocolError)) return cause
  return new WalletError(
    'cancellation_unproven',
    'the issuer answered, and its receipt proves nothing; everything is kept here, run the same ' +
      'command again or complain to whoever supervises it.',
    { cause },
  )
}
