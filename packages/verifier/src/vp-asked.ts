import { parseQuery, type Query } from '@netcert/protocol'
import { accreditationFor, type AccreditedPlatform, signingOf } from './accredited-platform.js'
import { encryptionKeyFor } from './vp-encryption-key.js'
import { assertQueryJudgeable } from './vp-judge.js'
import type { RequestIdentity } from './vp-request-message.js'
import type { ClientKind, VpSession } from './vp-session.js'
import { termsOf, type VpTermOptions } from './vp-terms.js'
import {
  type AskedTransaction,
  encodeTransactions,
  type TransactionTypes,
} from './vp-transaction.js'

/** What a wallet is asked, whichever way the request takes. */
export type VpAsked = VpTermOptions & {
  /** A DCQL query; what is none is refused. */
  readonly query: Query | object
  /**
   * A name for what is asked; the result repeats it. Where an accreditation is for a purpose of this
   * name, it is the one that has to cover the query; else the first that does.
   */
  readonly purpose?: string
  /** What presenting authorises; of types that the verifier knows. Many wallets know none. */
  readonly transactions?: readonly AskedTransaction[]
}

/** As much of a session as follows from what is asked. */
export type PreparedAsking = Pick<
  VpSession,
  'mode' | 'query' | 'transactionData' | 'purpose' | 'encryptionKey' | 'terms'
>

/**
 * Refuses what may not be asked, before a wallet hears of it.
 *
 * @throws As `createRequest`
 */
export async function prepareAsking(
  options: {
    readonly identity: RequestIdentity
    readonly platform: () => AccreditedPlatform | null
    readonly transactionTypes?: TransactionTypes
  },
  asked: VpAsked & { readonly mode: VpSession['mode'] },
  as: { readonly client: ClientKind | null; readonly now: Date },
): Promise<PreparedAsking> {
  const { mode, purpose = null } = asked
  const query = parseQuery(asked.query)
  assertQueryJudgeable(query)
  const transactionData = encodeTransactions(options.transactionTypes, query, asked.transactions)
  const signing = signingOf(as.client, options.identity)
  const accreditation = accreditationFor(options, { query, purpose, signing, now: as.now })
  const terms = termsOf(query, accreditation, asked)
  return {
    mode,
    query,
    transactionData,
    purpose,
    encryptionKey: await encryptionKeyFor(mode),
    terms,
  }
}
