import type { PublicJwk } from '@netcert/credential'
import { accreditationOf } from './accreditation.js'
import type { Query } from './dcql-query.js'
import { parseQuery } from './dcql-query.js'
import type { LocalisedText } from './display-text.js'
import { ProtocolError, type ProtocolErrorCode } from './errors.js'
import { chooseContentEncryption, chooseEncryptionKey } from './message-encryption.js'
import { isWellFormed, ownTransaction } from './own-transactions.js'
import type { ProvenRequest } from './proven-request.js'
import {
  hashTransactionData,
  parseTransactionData,
  type TransactionData,
  transactionMembers,
} from './transaction-data.js'
import type { ClientMetadata, RequestObject } from './vp-request.js'
import type { AnswerEncryption, WalletErrorName } from './vp-response.js'

/** A request that can be answered, if the wallet holds what it asks for. */
export type PresentationRequest = Pick<ProvenRequest, 'client' | 'audience' | 'target'> & {
  readonly nonce: string
  readonly state: string | null
  readonly query: Query
  /** Null: the answer goes in clear, under TLS. */
  readonly encryption: AnswerEncryption | null
  readonly transactionData: readonly TransactionData[]
  /** What the verifier says its name is. Nobody vouches for it. */
  readonly claimedName: string | null
  /** Accreditations that came with the request, unread. */
  readonly accreditationTokens: readonly string[]
  /** The key that signed the request, which an accreditation must name; null when none did. */
  readonly requestKey: PublicJwk | null
  /** Other ways to the same end that the verifier offers. */
  readonly alternatives: readonly LocalisedText[]
}

/** A refusal in the words of OpenID4VP 1.0 §8.5; everything else is `invalid_request`. */
const wireNames: Readonly<Partial<Record<ProtocolErrorCode, WalletErrorName>>> = {
  client_unknown: 'invalid_client',
  scope_unsupported: 'invalid_scope',
  vp_formats: 'vp_formats_not_supported',
  request_uri_method: 'invalid_request_uri_method',
  transaction_data: 'invalid_transaction_data',
  // Bare certificates are never shown: to the verifier that is as if there were none.
  holder_binding_required: 'access_denied',
}

/** What a verifier is told about a refused request. */
export function walletErrorOf(error: ProtocolError): WalletErrorName {
  return wireNames[error.code] ?? 'invalid_request'
}

/**
 * Checks what a proven verifier asks for.
 *
 * @throws ProtocolError `scope_unsupported`, `request_invalid`, `query_malformed`,
 *   `holder_binding_required`, `vp_formats`, `encryption_parameters`, `transaction_data`
 * @see OpenID4VP 1.0 §5.1, §5.2, §8.3, §8.4
 */
export function checkRequest(
  proven: ProvenRequest,
  options: {
    /** Types of transaction data that may be signed beside those of netcert. */
    readonly transactionTypes: readonly string[]
  },
): PresentationRequest {
  const { client, audience, target, encrypted, request } = proven
  const query = queryOf(request)
  assertFormats(request.client_metadata)
  return {
    client,
    audience,
    target,
    query,
    nonce: request.nonce,
    state: request.state ?? null,
    encryption: encrypted ? encryptionOf(request.client_metadata) : null,
    transactionData: transactionDataOf(request, query, options.transactionTypes),
    claimedName: request.client_metadata?.client_name ?? null,
    accreditationTokens: accreditationOf(request.verifier_info),
    requestKey: client.key,
    alternatives: request.netcert_alternatives ?? [],
  }
}

/** How an answer is encrypted. @throws ProtocolError `encryption_parameters` */
export function encryptionOf(metadata: ClientMetadata | undefined): AnswerEncryption {
  const recipient = chooseEncryptionKey(metadata?.jwks?.keys ?? [])
  // §5.1: A128GCM where nothing else is said.
  const offered = metadata?.encrypted_response_enc_values_supported ?? ['A128GCM']
  return { recipient, enc: chooseContentEncryption(offered) }
}

function queryOf({ dcql_query, scope }: RequestObject): Query {
  if (dcql_query !== undefined && scope !== undefined) {
    throw refused('request_invalid', 'it asks both by dcql_query and by scope')
  }
  if (scope !== undefined) throw refused('scope_unsupported', 'no scope stands for a query here')
  if (dcql_query === undefined) throw refused('request_invalid', 'it has no dcql_query')
  return parseQuery(dcql_query)
}

/** Holder keys are P-256, so the KB-JWT is signed by ES256 (Appendix B.3.4). */
function assertFormats(metadata: ClientMetadata | undefined): void {
  const formats = metadata?.vp_formats_supported
  if (formats === undefined) return
  const ours = Object.hasOwn(formats, 'dc+sd-jwt') ? formats['dc+sd-jwt'] : undefined
  const takes = (member: string, algorithms: readonly string[]) => {
    const listed = ours?.[member]
    return !Array.isArray(listed) || algorithms.some((alg) => listed.includes(alg))
  }
  const fits =
    ours !== undefined &&
    takes('kb-jwt_alg_values', ['ES256']) &&
    takes('sd-jwt_alg_values', ['ES256', 'EdDSA'])
  if (!fits) throw refused('vp_formats', 'it does not take dc+sd-jwt with ES256')
}

function transactionDataOf(
  { transaction_data }: RequestObject,
  query: Query,
  known: readonly string[],
): readonly TransactionData[] {
  const asked = new Set(query.credentials.map(({ id }) => id))
  const entries = (transaction_data ?? []).map((encoded) => {
    const entry = parseTransactionData(encoded)
    if (!known.includes(entry.type) && ownTransaction(entry.type) === null) {
      throw refused('transaction_data', 'its transaction data is of a type that is not known here')
    }
    if (!isWellFormed(entry.type, transactionMembers(entry.content))) {
      throw refused('transaction_data', 'its transaction data is not what its type says')
    }
    if (!entry.credentialIds.every((id) => asked.has(id))) {
      throw refused('transaction_data', 'its transaction data names a credential it does not ask')
    }
    return entry
  })
  // Refused now, and not when the first presentation is already signed.
  if (entries.length > 0) hashTransactionData(entries)
  return entries
}

function refused(code: ProtocolErrorCode, problem: string): ProtocolError {
  return new ProtocolError(code, `The presentation request is refused: ${problem}.`)
}
