import { type NumberedCopy, presentNumbered } from './accreditation-ground.js'
import { encryptAnswer, membersOf, postForm, readVpRequest } from './vp-wallet-ground.js'

/** Answers a request as the wallet of the copy's holder; `paths` default to number and real person. */
export async function answerNumbered(
  link: string,
  copy: NumberedCopy,
  paths?: readonly string[][],
) {
  const read = await readVpRequest(link)
  const presentation = await presentNumbered(copy, {
    ...{ audience: read.clientId, nonce: read.request.nonce, issuedAt: new Date() },
    ...(paths === undefined ? {} : { paths }),
  })
  const members = membersOf(read.request, { certificate: [presentation] })
  const response = await encryptAnswer(read.request, members)
  return postForm(read.request.response_uri ?? '', { response })
}
