import {
  CredentialError,
  decodeTextBase64Url,
  encodeTextBase64Url,
  type HashAlgorithm,
  type JsonObject,
  parseJsonObject,
} from '@netcert/credential'
import { hashBase64Url } from '@netcert/credential/crypto'
import { z } from 'zod'
import { ProtocolError } from './errors.js'

const transactionDataSchema = z.object({
  type: z.string().min(1).max(256),
  credential_ids: z.array(z.string().min(1).max(256)).min(1).max(16),
  transaction_data_hashes_alg: z.array(z.string().min(1).max(32)).min(1).max(8).optional(),
})

/** One transaction that a presentation authorises. */
export type TransactionData = {
  readonly type: string
  /** Ids of the credential queries that may authorise it. */
  readonly credentialIds: readonly string[]
  readonly hashAlgorithms: readonly string[] | null
  /** As received: this text is hashed, not what it means. */
  readonly encoded: string
  readonly content: JsonObject
}

/**
 * Reads one entry of `transaction_data`.
 *
 * @throws ProtocolError `transaction_data`
 * @see OpenID4VP 1.0 §5.1, §8.4
 */
export function parseTransactionData(encoded: string): TransactionData {
  let content: JsonObject
  try {
    content = parseJsonObject(decodeTextBase64Url(encoded), { maxDepth: 16 })
  } catch (cause) {
    if (!(cause instanceof CredentialError)) throw cause
    throw refused('an entry is no JSON object in base64url', cause)
  }
  const parsed = transactionDataSchema.safeParse(content)
  if (!parsed.success) throw refused('an entry lacks its type or credential_ids')
  const { type, credential_ids, transaction_data_hashes_alg } = parsed.data
  return {
    type,
    credentialIds: credential_ids,
    hashAlgorithms: transaction_data_hashes_alg ?? null,
    encoded,
    content,
  }
}

/** Encodes one entry for a request. */
export function createTransactionData(
  content: JsonObject & { readonly type: string; readonly credential_ids: readonly string[] },
): string {
  return encodeTextBase64Url(JSON.stringify(content))
}

/** Members of an entry that say which it is; all others are what is authorised. */
export const transactionMemberNames: readonly string[] = [
  'type',
  'credential_ids',
  'transaction_data_hashes_alg',
]

/** What is authorised: the members beside type, ids and algorithms. */
export function transactionMembers(content: JsonObject): JsonObject {
  const kept = Object.entries(content).filter(([name]) => !transactionMemberNames.includes(name))
  return Object.fromEntries(kept)
}

const hashOrder: readonly HashAlgorithm[] = ['sha-256', 'sha-384', 'sha-512']

/**
 * The claims of a KB-JWT that authorise transactions: hashes of the encoded entries, in their order,
 * and the algorithm only where one was asked for.
 *
 * @throws ProtocolError `transaction_data` when the entries agree on no algorithm of ours.
 * @see OpenID4VP 1.0 Appendix B.3.3.1
 */
export function hashTransactionData(entries: readonly TransactionData[]): JsonObject {
  const asked = entries.flatMap(({ hashAlgorithms }) =>
    hashAlgorithms === null ? [] : [hashAlgorithms],
  )
  const algorithm = hashOrder.find((name) => asked.every((names) => names.includes(name)))
  if (algorithm === undefined) throw refused('the entries agree on no hash algorithm')
  return {
    transaction_data_hashes: entries.map(({ encoded }) => hashBase64Url(algorithm, encoded)),
    ...(asked.length === 0 ? {} : { transaction_data_hashes_alg: algorithm }),
  }
}

function refused(problem: string, cause?: unknown): ProtocolError {
  const text = `The transaction data is refused: ${problem}.`
  return new ProtocolError('transaction_data', text, { cause })
}
