import type { Duplex } from 'node:stream'
import { z } from 'zod'
import { LOCALES } from './vci-metadata.js'

/** Most bytes of a line: a request has at most ten keys, an answer ten certificates. */
export const REQUEST_LINE_BYTES = 64 * 1024
export const ANSWER_LINE_BYTES = 1024 * 1024

const id = z.int().nonnegative()

/**
 * What a signer can be asked over its socket, one JSON object a line. Strict: a member that is not
 * known, such as a payload, refuses the whole.
 */
export const signerRequestSchema = z.discriminatedUnion('op', [
  z.strictObject({
    id,
    op: z.literal('sign'),
    batch: z.string().regex(/^b_[0-9a-z]{26}$/),
    holder_keys: z.array(z.record(z.string(), z.unknown())).min(1).max(20),
    blinded: z.string().max(44).nullable(),
    names_key: z.boolean(),
  }),
  z.strictObject({
    id,
    op: z.literal('metadata'),
    locales: z.array(z.enum(LOCALES)).min(1).max(LOCALES.length),
    attestations: z.boolean(),
  }),
  z.strictObject({ id, op: z.literal('describe') }),
])

export type SignerRequest = z.infer<typeof signerRequestSchema>

/** What it answers; `id` is null where the line had none that could be read. */
export const signerAnswerSchema = z.union([
  z.strictObject({ id, credentials: z.array(z.string()) }),
  z.strictObject({ id, token: z.string() }),
  z.strictObject({
    id,
    description: z.strictObject({
      environment: z.string(),
      did: z.string().nullable(),
      made: z.int(),
    }),
  }),
  z.strictObject({
    id: id.nullable(),
    error: z.strictObject({ code: z.string(), message: z.string() }),
  }),
])

export type SignerAnswer = z.infer<typeof signerAnswerSchema>

export type ReadLinesOptions = {
  readonly maxBytes: number
  readonly line: (text: string) => void
  /** A line was too long, and nothing more is read. */
  readonly overlong: () => void
}

/** Gives each whole line of a stream. */
export function readLines(stream: Duplex, { maxBytes, line, overlong }: ReadLinesOptions): void {
  let rest = ''
  let over = false
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    if (over) return
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    over = [rest, ...lines].some((one) => one.length > maxBytes)
    if (over) return overlong()
    for (const one of lines) line(one)
  })
}

/** The value of a line, `undefined` where it is no JSON. */
export function parseLine(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
