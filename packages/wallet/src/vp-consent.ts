import {
  type AnswerEncryption,
  type AnswerMembers,
  checkRequest,
  createErrorAnswer,
  encryptionOf,
  type PresentationRequest,
  ProtocolError,
  type ProvenRequest,
  walletErrorOf,
  type WalletErrorName,
} from '@netcert/protocol'
import { WalletError } from './errors.js'
import { type Judgement, type JudgementContext, judgeRequest } from './vp-judgement.js'
import { refusedPreview, type RequestPreview, shownVerifier } from './vp-preview.js'

/**
 * What the citizen says: `share` what answers, `share-optional` what the verifier would like besides,
 * `refuse` and let the verifier know, or `ignore`: nothing is sent at all.
 */
export type ConsentDecision = 'share' | 'share-optional' | 'refuse' | 'ignore'

/**
 * Asked before anything is sent to a verifier, and never answered by itself. Where `state` begins
 * with `needs_` it is asked again: `needs_identity_consent` is about plain identity alone, of which
 * nothing leaves without a `share` to it; the others come before an issuer is asked, and then the
 * question about what leaves follows.
 */
export type AskConsent = (preview: RequestPreview) => ConsentDecision | Promise<ConsentDecision>

/** Takes the members of an answer to the verifier. */
export type Deliver<Receipt> = (members: AnswerMembers) => Promise<Receipt>

/** A refusal that may be told, since the verifier is known, but only after the citizen was asked. */
export async function checkOrSayNo(
  context: Parameters<typeof checkRequest>[1],
  proven: ProvenRequest,
  { consent, deliver }: { readonly consent: AskConsent; readonly deliver: Deliver<unknown> },
): Promise<PresentationRequest> {
  try {
    return checkRequest(proven, context)
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    const preview = refusedPreview(shownVerifier(proven, null), error.code)
    if ((await consent(preview)) !== 'ignore') {
      await deliver(await errorAnswer(proven, walletErrorOf(error))).catch(undelivered)
    }
    throw error
  }
}

/**
 * Judges who asks. An accreditation that does not hold is told like any other no, after the citizen
 * saw why.
 */
export async function judgeOrSayNo(
  context: JudgementContext,
  request: PresentationRequest,
  { consent, deliver }: { readonly consent: AskConsent; readonly deliver: Deliver<unknown> },
): Promise<Judgement> {
  try {
    return await judgeRequest(context, request)
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    const preview = refusedPreview(shownVerifier(request, null), error.code)
    if ((await consent(preview)) !== 'ignore') {
      const answer = await createErrorAnswer({ ...request, error: 'access_denied' })
      await deliver(answer).catch(undelivered)
    }
    throw error
  }
}

function errorAnswer(proven: ProvenRequest, error: WalletErrorName): Promise<AnswerMembers> {
  const state = proven.request.state ?? null
  return createErrorAnswer({ error, state, encryption: encryptionIfAny(proven) })
}

/** §8.3: a wallet that cannot encrypt may say so in clear. */
function encryptionIfAny({ encrypted, request }: ProvenRequest): AnswerEncryption | null {
  if (!encrypted) return null
  try {
    return encryptionOf(request.client_metadata)
  } catch (error) {
    if (error instanceof ProtocolError) return null
    throw error
  }
}

/** The refusal itself matters more than that it could not be told. */
export function undelivered(error: unknown): void {
  if (!(error instanceof WalletError)) throw error
}

/** Nothing was shown. */
export function consentRefused(): WalletError {
  return new WalletError(
    'consent_refused',
    'you refused; nothing was shown. Open the request again to share after all.',
  )
}
