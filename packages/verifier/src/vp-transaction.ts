import { type JsonObject, memberOf, parseJws, signatureAlgorithms } from '@netcert/credential'
import {
  createTransactionData,
  hashTransactionData,
  isSdJwtQuery,
  ownTransaction,
  parseTransactionData,
  type Query,
  type TransactionData,
  transactionMemberNames,
  transactionMembers,
  type VpToken,
} from '@netcert/protocol'
import { VerifierError } from './errors.js'

/** Transactions of one request, and their texts together. */
const MAX_TRANSACTIONS = 16
const MAX_TRANSACTION_CHARACTERS = 16 * 1024
const HASH = 'sha-256'

/**
 * The kinds of transactions a verifier may ask people to authorise, by `type`. `schema` judges the
 * other members, for example a zod schema; beside those of netcert, a kind that is not here cannot be
 * asked for.
 */
export type TransactionTypes = Readonly<
  Record<string, { readonly schema: { safeParse(value: unknown): { readonly success: boolean } } }>
>

/** One transaction that a person is asked to authorise by presenting. */
export type AskedTransaction = {
  readonly type: string
  /** Ids of the credential queries that may authorise it; the wallet takes one of them. */
  readonly credentialIds: readonly string[]
  /** What the wallet shows: everything but type and ids. */
  readonly members: JsonObject
}

/** A transaction that was authorised, and by the answer to which credential query. */
export type AuthorisedTransaction = {
  readonly type: string
  readonly credentialId: string
  readonly members: JsonObject
}

/**
 * The entries of `transaction_data` for a request.
 *
 * @throws VerifierError `transaction_data_refused` for a type that is not set up, members its schema
 *   does not take, or credentials that the query does not ask for
 * @see OpenID4VP 1.0 §5.1, §8.4
 */
export function encodeTransactions(
  types: TransactionTypes | undefined,
  query: Query,
  asked: readonly AskedTransaction[] = [],
): readonly string[] {
  const ids = new Set(query.credentials.filter(isSdJwtQuery).map(({ id }) => id))
  const entries = asked.map(({ type, credentialIds, members }) => {
    const known =
      types !== undefined && Object.hasOwn(types, type) ? types[type] : ownTransaction(type)
    if (known === undefined || known === null) throw refused('its type is not set up here')
    if (transactionMemberNames.some((name) => Object.hasOwn(members, name))) {
      throw refused('a member has a name of the standard')
    }
    if (!known.schema.safeParse(members).success) throw refused('its members are not of its type')
    if (credentialIds.length === 0 || credentialIds.some((id) => !ids.has(id))) {
      throw refused('it names no credential, or one that is not asked for')
    }
    return createTransactionData({
      ...{ type, credential_ids: credentialIds, transaction_data_hashes_alg: [HASH] },
      ...members,
    })
  })
  if (entries.length > MAX_TRANSACTIONS || entries.join('').length > MAX_TRANSACTION_CHARACTERS) {
    throw refused('there are too many, or they are too long')
  }
  for (const entry of entries) parseTransactionData(entry)
  return entries
}

/**
 * Makes sure that each transaction of a request was authorised, by exactly one presentation and by
 * one that may. Only for presentations whose key binding has been verified: this reads what it says.
 *
 * @throws VerifierError `transaction_unauthorised`
 * @see OpenID4VP 1.0 §8.4, Appendix B.3.3
 */
export function authorisedTransactions(
  entries: readonly string[],
  vpToken: VpToken,
): readonly AuthorisedTransaction[] {
  const open = entries.map((entry) => parseTransactionData(entry))
  const found: AuthorisedTransaction[] = []
  for (const [credentialId, presentations] of Object.entries(vpToken)) {
    for (const presentation of presentations) {
      for (const hash of signedHashes(presentation, entries.length > 0)) {
        const at = open.findIndex((entry) => hashOf(entry) === hash)
        const [entry] = at < 0 ? [] : open.splice(at, 1)
        if (entry?.credentialIds.includes(credentialId) !== true) {
          throw unauthorised('a presentation authorises what was not asked of it')
        }
        found.push({ type: entry.type, credentialId, members: transactionMembers(entry.content) })
      }
    }
  }
  if (open.length > 0) throw unauthorised('a transaction was not authorised')
  return found
}

/** What the holder's key signed, as far as transactions go; none where nothing is said of any. */
function signedHashes(presentation: string, isAsked: boolean): readonly string[] {
  const keyBinding = presentation.slice(presentation.lastIndexOf('~') + 1)
  const { payload } = parseJws(keyBinding, { algorithms: signatureAlgorithms, maxDepth: 32 })
  const hashes = memberOf(payload, 'transaction_data_hashes')
  const algorithm = memberOf(payload, 'transaction_data_hashes_alg')
  if (hashes === undefined && (algorithm === undefined || !isAsked)) return []
  if (!isAsked) throw unauthorised('a presentation authorises what was not asked of it')
  if (algorithm !== HASH) throw unauthorised('the hashes are not made with sha-256')
  if (!Array.isArray(hashes) || hashes.length === 0 || hashes.length > MAX_TRANSACTIONS) {
    throw unauthorised('the hashes are no list')
  }
  return hashes.map((hash: unknown) => {
    if (typeof hash === 'string') return hash
    throw unauthorised('the hashes are no list')
  })
}

function hashOf(entry: TransactionData): unknown {
  const hashes = hashTransactionData([entry])['transaction_data_hashes']
  return Array.isArray(hashes) ? hashes[0] : undefined
}

function refused(problem: string): VerifierError {
  return new VerifierError(
    'transaction_data_refused',
    `the transaction cannot be asked for: ${problem}. Correct it, or set its type up.`,
  )
}

function unauthorised(problem: string): VerifierError {
  return new VerifierError(
    'transaction_unauthorised',
    `the transactions were not authorised as asked: ${problem}. Ask anew.`,
  )
}
