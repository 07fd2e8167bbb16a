import { VerifierError } from './errors.js'
import { cookieOf, type Exchange } from './exchange.js'
import { byOtherMeans, hasNoCertificate } from './other-means.js'
import type { Parts } from './platform.js'
import type { PresentationResult } from './vp-outcome.js'

/** Sessions and response codes are ours and much shorter; a longer one is none. */
const MAX_SECRET = 200

/** The header that carries the response code from the page to the platform. */
export const RESPONSE_CODE_HEADER = 'netcert-response-code'

/** Which request the browser of a page started. @throws VerifierError `transaction_missing` */
export function transactionOf({ cookie }: Parts, request: Pick<Exchange, 'header'>): string {
  const transaction = cookieOf(request, cookie)
  if (transaction !== null && transaction.length <= MAX_SECRET) return transaction
  throw new VerifierError(
    'transaction_missing',
    'nothing was started in this browser; start first.',
  )
}

/** The result of that request, once. @throws As `VpVerifier.result` */
export function deliver(
  parts: Parts,
  request: Pick<Exchange, 'header'>,
): Promise<PresentationResult> {
  const code = request.header(RESPONSE_CODE_HEADER)
  const short = code !== null && code.length <= MAX_SECRET ? code : null
  return parts.engine.result(transactionOf(parts, request), short)
}

/** The result as an answer to one question; who was verified by other means gets one of the same shape. */
export async function redeem(
  parts: Parts,
  request: Pick<Exchange, 'header'>,
  question: string,
): Promise<PresentationResult> {
  try {
    const result = await deliver(parts, request)
    if (result.purpose === question) return result
  } catch (refusal) {
    const other = hasNoCertificate(refusal) ? await parts.otherMeans?.(request, question) : null
    if (other === null || other === undefined) throw refusal
    return byOtherMeans(other, question)
  }
  throw new VerifierError('purpose_differs', 'the result answers another question; ask this one.')
}
