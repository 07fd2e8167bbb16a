import type { IncomingMessage } from 'node:http'
import { messageLimits } from '@netcert/protocol'
import type { ReceivedBody } from './vci-request.js'
import type { Refusal } from './vci-refusals.js'

export type BodyOrRefusal =
  | ({ readonly kind: 'body' } & ReceivedBody)
  | { readonly kind: 'refused'; readonly refusal: Refusal }

/** Reads the body of a request; whatever is larger than its bound is not read to its end. */
export async function readBody(request: IncomingMessage): Promise<BodyOrRefusal> {
  const { 'content-encoding': encoding = 'identity', 'content-type': contentType = '' } =
    request.headers
  // A compressed body would have to be bounded twice, and no standard asks for one here.
  if (encoding !== 'identity') return refused(415, 'The body is sent without content-encoding.')
  const maxBytes = messageLimits.maxRequestBytes
  const tooLarge = refused(413, `A request has at most ${maxBytes} bytes.`)
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return tooLarge
  const bytes = await readUpTo(request, maxBytes)
  if (bytes === undefined) return tooLarge
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return { kind: 'body', contentType, text }
  } catch {
    return refused(400, 'The body is not UTF-8.')
  }
}

/** `undefined` when there is more. Not by iterating: that would cut the connection off unanswered. */
function readUpTo(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length <= maxBytes) return void chunks.push(chunk)
      request.pause()
      resolve(undefined)
    })
    request.on('end', () => resolve(Buffer.concat(chunks)))
    request.on('error', reject)
    request.on('close', () => reject(new Error('the request ended early')))
  })
}

function refused(status: number, error_description: string): BodyOrRefusal {
  const body = { error: 'invalid_credential_request', error_description }
  // What is left of the body is not wanted: the connection ends with the answer.
  const headers: Record<string, string> = status === 413 ? { connection: 'close' } : {}
  return { kind: 'refused', refusal: { status, headers, body } }
}
