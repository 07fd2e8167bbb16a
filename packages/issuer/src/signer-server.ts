import type { Duplex } from 'node:stream'
import type { PublicJwk } from '@netcert/credential'
import type { CertificateSigner } from './certificate-signer.js'
import { IssuerError } from './issuer-error.js'
import {
  parseLine,
  REQUEST_LINE_BYTES,
  readLines,
  type SignerAnswer,
  type SignerRequest,
  signerRequestSchema,
} from './signer-wire.js'

/** Requests of one connection that are worked on at a time; the next ones wait unread. */
const IN_FLIGHT = 64

/** The database is there and cannot answer now. */
const BUSY = /^database_(locked|conflict|unreachable|full|timeout)$/

export type ServeSigningOptions = {
  readonly signer: CertificateSigner
  readonly connection: Duplex
  /** Lines for the operator. */
  readonly log: (line: string) => void
}

/**
 * Answers one connection to a signer. What is not a request of its own form is told `signer_refused`,
 * and the connection ends.
 */
export function serveSigning({ signer, connection, log }: ServeSigningOptions): void {
  let inFlight = 0
  const write = (answer: SignerAnswer) => {
    if (!connection.writableEnded) connection.write(`${JSON.stringify(answer)}\n`)
  }
  const refuse = () => {
    const text = 'A signer is asked for planned batches and for metadata, and for nothing else.'
    write({ id: null, error: { code: 'signer_refused', message: text } })
    connection.end()
  }
  const work = async (request: SignerRequest) => {
    inFlight += 1
    if (inFlight >= IN_FLIGHT) connection.pause()
    write(
      await answerRequest(signer, request).catch((error: unknown) => refusal(error, log, request)),
    )
    inFlight -= 1
    if (connection.isPaused()) connection.resume()
  }
  const line = (text: string) => {
    if (connection.writableEnded) return
    const parsed = signerRequestSchema.safeParse(parseLine(text))
    if (!parsed.success) return refuse()
    void work(parsed.data)
  }
  readLines(connection, { maxBytes: REQUEST_LINE_BYTES, line, overlong: refuse })
  connection.on('error', () => connection.destroy())
}

/** Tells whoever asks that there is no signer, and why; then the connection ends. */
export function refuseAll(connection: Duplex, error: unknown): void {
  const coded = error instanceof Error && 'code' in error ? String(error.code) : undefined
  const code = coded ?? 'signer_failed'
  const message = coded === undefined ? 'The signer did not start.' : (error as Error).message
  connection.on('error', () => connection.destroy())
  connection.end(`${JSON.stringify({ id: null, error: { code, message } })}\n`)
}

async function answerRequest(
  signer: CertificateSigner,
  request: SignerRequest,
): Promise<SignerAnswer> {
  const { id } = request
  switch (request.op) {
    case 'sign': {
      const { batch, holder_keys, blinded, names_key: namesKey } = request
      // Looked at key by key where the batch is signed.
      const holderJwks = holder_keys as unknown as readonly PublicJwk[]
      return { id, credentials: [...(await signer.sign({ batch, holderJwks, blinded, namesKey }))] }
    }
    case 'metadata': {
      const { locales, attestations } = request
      return { id, token: await signer.signMetadata({ locales, attestations }) }
    }
    case 'describe':
      return { id, description: await signer.describe() }
  }
}

function refusal(error: unknown, log: (line: string) => void, { id }: SignerRequest): SignerAnswer {
  if (error instanceof IssuerError) {
    const { code, message } = error
    return { id, error: { code, message } }
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no code'
  log(`signing failed: ${code}`)
  if (BUSY.test(code)) {
    return { id, error: { code: 'signer_busy', message: 'The database is busy; ask again.' } }
  }
  return { id, error: { code: 'signer_failed', message: 'The signer failed; see its log.' } }
}
