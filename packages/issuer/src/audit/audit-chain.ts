import { CredentialError, jwkThumbprint, parsePublicJwk, type PublicJwk } from '@netcert/credential'
import { importVerifyingKey, type VerifyingKey, verifySignature } from '@netcert/credential/crypto'
import { type AuditEntry, entryHash, statementBytes } from './audit-entry.js'
import { CHAIN_BEGIN } from './audit-schema-store.js'

/** What is wrong with an entry. */
export type EntryFault =
  /** It, or the one before it, is not what was written. */
  | 'changed'
  /** It is missing, and later ones are there. */
  | 'removed'
  /** It stands behind a later one. */
  | 'reordered'
  /** It and all after it are missing. */
  | 'cut'
  /** It is not signed by the operator it names, or they were not registered at that time. */
  | 'signature'
  /** A signed head says that another entry stood there. */
  | 'head'

/** Follows a chain from its first entry. Give it every entry in order, until it finds a fault. */
export type ChainCheck = {
  /** The last entry that was good. */
  readonly end: { readonly sequence: number; readonly hash: string }
  next(entry: AuditEntry): Promise<EntryFault | null>
}

/** Who acts when it is no operator; such an entry carries no signature. */
const OTHERS = /^(?:local|server|citizen|guardian(?::p_[0-9a-z]{1,64})?)$/

/** A check that knows operators by what the log itself says of them. */
export function createChainCheck(): ChainCheck {
  const operators = createOperatorKeys()
  let end = { sequence: 0, hash: CHAIN_BEGIN }
  return {
    get end() {
      return end
    },
    async next(entry) {
      if (entry.sequence !== end.sequence + 1) return 'removed'
      if (entry.previous !== end.hash || entryHash(entry) !== entry.hash) return 'changed'
      if (!(await operators.signed(entry))) return 'signature'
      end = { sequence: entry.sequence, hash: entry.hash }
      await operators.learn(entry)
      return null
    },
  }
}

function createOperatorKeys() {
  const keys = new Map<string, VerifyingKey>()
  return {
    async signed(entry: AuditEntry): Promise<boolean> {
      const { actor, signature } = entry
      if (OTHERS.test(actor)) return signature === null
      const { second } = readDetails(entry)
      const signers = [actor, ...(typeof second === 'string' ? [second] : [])]
      const signatures = signature?.split('.') ?? []
      if (signatures.length !== signers.length) return false
      const bytes = statementBytes(entry)
      for (const [at, id] of signers.entries()) {
        const key = keys.get(id)
        const signed = Buffer.from(signatures[at] ?? '', 'base64url')
        if (key === undefined || !(await verifySignature(key, bytes, signed))) return false
      }
      return true
    },
    async learn(entry: AuditEntry): Promise<void> {
      const { event, subject } = entry
      if (subject === null) return
      if (event === 'operator_revoked') keys.delete(subject)
      if (event !== 'operator_created') return
      const jwk = readKey(readDetails(entry))
      if (jwk === undefined || jwkThumbprint(jwk) !== subject) return
      keys.set(subject, await importVerifyingKey(jwk))
    },
  }
}

/** `details` of an entry as an object, empty where it is none. */
export function readDetails({ details }: Pick<AuditEntry, 'details'>): Record<string, unknown> {
  try {
    return Object(JSON.parse(details))
  } catch {
    return {}
  }
}

function readKey({ x, y }: Record<string, unknown>): PublicJwk | undefined {
  try {
    return parsePublicJwk({ kty: 'EC', crv: 'P-256', x, y })
  } catch (error) {
    if (error instanceof CredentialError) return undefined
    throw error
  }
}
