import type { Duplex } from 'node:stream'
import type { CertificateSigner } from './certificate-signer.js'
import { IssuerError, type IssuerErrorCode } from './issuer-error.js'
import {
  ANSWER_LINE_BYTES,
  parseLine,
  readLines,
  type SignerAnswer,
  type SignerRequest,
  signerAnswerSchema,
} from './signer-wire.js'

/** A signer in a process of its own. */
export type RemoteSigner = CertificateSigner & { close(): void }

export type ConnectSignerOptions = {
  /** Opens a connection, at first and after one was lost. */
  readonly connect: () => Promise<Duplex>
  /** How long an answer is waited for; 10 when nothing else is said. */
  readonly timeoutSeconds?: number
}

type Asked = SignerRequest extends infer Request
  ? Request extends SignerRequest
    ? Omit<Request, 'id'>
    : never
  : never

type Waiting = {
  readonly answer: (answer: SignerAnswer) => void
  readonly fail: (error: IssuerError) => void
}

type Connection = { readonly stream: Duplex; readonly waiting: Map<number, Waiting> }

const TIMEOUT_SECONDS = 10

/**
 * The signer at the other end of a connection, which is opened when something is asked. Requests run
 * beside one another. Errors are the signer's own, `signer_unreachable` where there is no answer.
 */
export function connectSigner(options: ConnectSignerOptions): RemoteSigner {
  const { ask, close } = asking(options)
  return {
    async sign({ batch, holderJwks, blinded, namesKey }) {
      const holder_keys = holderJwks.map((jwk) => ({ ...jwk }))
      const answer = await ask({ op: 'sign', batch, holder_keys, blinded, names_key: namesKey })
      return 'credentials' in answer ? answer.credentials : mismatched()
    },
    async signMetadata({ locales, attestations }) {
      const answer = await ask({ op: 'metadata', locales: [...locales], attestations })
      return 'token' in answer ? answer.token : mismatched()
    },
    async describe() {
      const answer = await ask({ op: 'describe' })
      return 'description' in answer ? answer.description : mismatched()
    },
    close,
  }
}

/** One connection at a time, opened when it is needed. */
function asking({ connect, timeoutSeconds = TIMEOUT_SECONDS }: ConnectSignerOptions) {
  let connection: Promise<Connection> | undefined
  let last = 0
  return {
    async ask(asked: Asked): Promise<SignerAnswer> {
      connection ??= openConnection(connect, () => {
        connection = undefined
      })
      const opened = await connection
      if (opened.stream.destroyed) throw unreachable()
      last += 1
      return exchange(opened, { id: last, ...asked }, timeoutSeconds)
    },
    close(): void {
      connection?.then(({ stream }) => stream.end()).catch(() => {})
    },
  }
}

function exchange(
  { stream, waiting }: Connection,
  request: SignerRequest,
  timeoutSeconds: number,
): Promise<SignerAnswer> {
  const { id } = request
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer)
      waiting.delete(id)
    }
    const answer = (value: SignerAnswer) => {
      end()
      resolve(value)
    }
    const fail = (error: IssuerError) => {
      end()
      reject(error)
    }
    const timer = setTimeout(() => fail(unreachable()), timeoutSeconds * 1000)
    waiting.set(id, { answer, fail })
    stream.write(`${JSON.stringify(request)}\n`)
  })
}

async function openConnection(
  connect: () => Promise<Duplex>,
  lost: () => void,
): Promise<Connection> {
  try {
    const stream = await connect()
    const waiting = new Map<number, Waiting>()
    const end = (error: IssuerError) => {
      lost()
      stream.destroy()
      for (const one of waiting.values()) one.fail(error)
    }
    const line = (text: string) => take(text, waiting, end)
    readLines(stream, { maxBytes: ANSWER_LINE_BYTES, line, overlong: () => end(unreachable()) })
    stream.on('error', () => end(unreachable()))
    stream.on('close', () => end(unreachable()))
    return { stream, waiting }
  } catch (cause) {
    lost()
    throw cause instanceof IssuerError ? cause : unreachable(cause)
  }
}

function take(
  text: string,
  waiting: ReadonlyMap<number, Waiting>,
  end: (error: IssuerError) => void,
): void {
  const parsed = signerAnswerSchema.safeParse(parseLine(text))
  if (!parsed.success) return end(unreachable())
  const answer = parsed.data
  // An error about no request is about all of them: the signer did not open, or did not understand.
  if ('error' in answer) {
    if (answer.id === null) return end(errorOf(answer))
    return waiting.get(answer.id)?.fail(errorOf(answer))
  }
  waiting.get(answer.id)?.answer(answer)
}

function errorOf({ error }: Extract<SignerAnswer, { error: object }>): IssuerError {
  // Both ends are of one release: the signer tells the codes of this one.
  return new IssuerError(error.code as IssuerErrorCode, error.message)
}

function mismatched(): never {
  throw new IssuerError('signer_failed', 'The signer answered something else; see its log.')
}

function unreachable(cause?: unknown): IssuerError {
  const text = 'The signer does not answer; see whether it runs, and at which socket.'
  return new IssuerError('signer_unreachable', text, { cause })
}
