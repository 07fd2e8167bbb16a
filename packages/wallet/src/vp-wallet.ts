import { encodeBase64Url, type JsonObject } from '@netcert/credential'
import {
  type AnswerMembers,
  type DcApiRequest,
  encodeAnswerForm,
  type GuardedFetch,
  proveDcApiRequest,
  proveRequest,
  type ProvenRequest,
} from '@netcert/protocol'
import type { VerifierTrust } from './verifier-trust.js'
import type { Refillable } from './vci-on-demand.js'
import type { WithheldClaim } from './shown-accreditation.js'
import { notingRefusal } from './refused-requests.js'
import { answerProven, previewProven } from './vp-answer.js'
import type { SubjectChoice } from './vp-subject.js'
import type { AnswerContext } from './vp-answer-context.js'
import type { AskConsent } from './vp-consent.js'
import {
  deliverAnswer,
  followRedirect,
  type OpenAddress,
  type VerifierReply,
} from './vp-delivery.js'
import type { SharedPresentation } from './vp-present.js'
import type { RequestPreview } from './vp-preview.js'
import type { ReceiptState } from './vp-receipt.js'
import { obtainRequest } from './vp-request-source.js'

/** What answering verifiers on the wire needs. */
export type RequestContext = AnswerContext & {
  readonly fetch: GuardedFetch
  readonly verifierTrust: VerifierTrust
  /** Null where there is no browser to open an address in. */
  readonly openAddress: OpenAddress | null
}

/** What came of a request. */
export type AnsweredRequest = {
  readonly shared: readonly SharedPresentation[]
  /** Where the verifier wanted the citizen to go on; the wallet has gone there. */
  readonly redirectUri: string | null
  /** Fetched for this answer: these issuers can tell that copies were used up. Mostly empty. */
  readonly refilled: readonly Refillable[]
  /** What was asked and stayed here. */
  readonly withheld: readonly WithheldClaim[]
  /** What the platform signed for what it received; null for a verifier that nobody accredited. */
  readonly receipt: ReceiptState | null
}

/**
 * What the answer to a request would show. Nothing is sent to the verifier but the fetch of its
 * request, where the link says so.
 *
 * @throws ProtocolError for a request that is refused; WalletError `request_unavailable`
 */
export async function previewRequest(
  context: RequestContext,
  link: string,
  ward: string | null = null,
): Promise<RequestPreview> {
  return previewProven(context, (await proveLink(context, link)).proven, ward)
}

/** A verifier's link, and who is asked before anything leaves. */
export type AnswerRequestOptions = {
  readonly request: string
  readonly consent: AskConsent
} & Partial<SubjectChoice>

/**
 * Answers a request link of OpenID4VP.
 *
 * @throws ProtocolError for a request that is refused; WalletError `request_unavailable`,
 *   `query_unanswered`, `copies_used_up`, `consent_refused`, `ward_needed`, `ward_unknown`,
 *   `minor_protected`, `answer_unsent`, `answer_undelivered`, `answer_refused`
 */
export async function answerRequest(
  context: RequestContext,
  { request, consent, ward = null, chooseWard }: AnswerRequestOptions,
): Promise<AnsweredRequest> {
  const { proven, evidence } = await proveLink(context, request)
  const { target } = proven
  if (target.to !== 'response_uri') throw new TypeError('a link is answered at its response_uri')
  const { responseUri } = target
  const { fetch } = context
  const next: { url: string | null } = { url: null }
  const deliver = async (members: AnswerMembers): Promise<VerifierReply> => {
    const reply = await deliverAnswer({ responseUri, body: encodeAnswerForm(members), fetch })
    next.url = reply.redirectUri
    return reply
  }
  const receiptOf = ({ receipt }: VerifierReply) => receipt
  const subject = { ward, chooseWard }
  const answering = { deliver, receiptOf, evidence, ...subject }
  try {
    const answered = await notingRefusal(context, { consent, countsIgnored: true }, (asking) =>
      answerProven(context, proven, { ...answering, consent: asking }),
    )
    const { shared, reply, refilled, withheld, receipt } = answered
    return { shared, redirectUri: reply.redirectUri, refilled, withheld, receipt }
  } finally {
    // Last of all: a browser that goes there ends this page, and the receipt is in the ledger by now.
    if (next.url !== null) await followRedirect(next.url, context)
  }
}

/** What the browser hands to the page that asked. */
export type BrowserAnswer = { readonly protocol: string; readonly data: JsonObject }

/** A page's request, and who is asked before anything leaves. */
export type AnswerBrowserOptions = {
  readonly request: DcApiRequest
  /** The origin of the page, as the browser says. */
  readonly origin: string
  readonly consent: AskConsent
} & Partial<SubjectChoice>

/** What came of a request of a page. */
export type AnsweredBrowser = {
  /** For the page. The rest is for the citizen alone. */
  readonly answer: BrowserAnswer
  readonly shared: readonly SharedPresentation[]
  /** Fetched for this answer: these issuers can tell that copies were used up. Mostly empty. */
  readonly refilled: readonly Refillable[]
}

/**
 * Answers a request over the Digital Credentials API.
 *
 * @throws as {@link answerRequest}. The page learns of a refusal from the browser and in the words
 *   the browser has for it: the same for every reason.
 */
export async function answerBrowser(
  context: RequestContext,
  { request, origin, consent, ward = null, chooseWard }: AnswerBrowserOptions,
): Promise<AnsweredBrowser> {
  const trust = { ...context.verifierTrust, now: context.clock() }
  const proven = await proveDcApiRequest(request, { origin, trust })
  const deliver = (members: AnswerMembers) => Promise.resolve(members)
  const evidence = typeof request.data['request'] === 'string' ? request.data['request'] : null
  // A page has no reply to its wallet: the line in the ledger stands alone.
  const options = { deliver, receiptOf: () => null, evidence, ward, chooseWard }
  const {
    reply: data,
    shared,
    refilled,
  } = await notingRefusal(context, { consent, countsIgnored: true }, (asking) =>
    answerProven(context, proven, { ...options, consent: asking }),
  )
  return { answer: { protocol: request.protocol, data }, shared, refilled }
}

async function proveLink(
  { fetch, verifierTrust, clock }: RequestContext,
  link: string,
): Promise<{ readonly proven: ProvenRequest; readonly evidence: string | null }> {
  const { object, ...asked } = await obtainRequest(link, fetch)
  const trust = { ...verifierTrust, now: clock() }
  const proven = await proveRequest(object, { ...asked, trust })
  const { jws } = object
  // The text that was received: base64url has one form, and the reader refused every other.
  const evidence = jws === null ? null : `${jws.signingInput}.${encodeBase64Url(jws.signature)}`
  return { proven, evidence }
}
