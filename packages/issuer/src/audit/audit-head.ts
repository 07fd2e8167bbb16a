import type { KeyStore } from '@netcert/agent'
import {
  createJws,
  CredentialError,
  dereferenceDidKey,
  epochSeconds,
  parseJws,
  type SignatureAlgorithm,
  type Signer,
  verifyJws,
} from '@netcert/credential'
import { importVerifyingKey } from '@netcert/credential/crypto'

/** The key that heads of the audit log are signed with; it signs nothing else. */
export const AUDIT_KEY_ALIAS = 'audit-1'
/** `typ` of a signed head. */
const AUDIT_HEAD_TYP = 'netcert-audit-head+jwt'
/** A head is signed after so many entries at the latest. */
export const ENTRIES_PER_HEAD = 100

/** Where the chain ended at a moment. */
export type AuditHead = {
  /** did:key of the audit key. */
  readonly iss: string
  /** Seconds since 1970. */
  readonly iat: number
  readonly sequence: number
  readonly hash: string
}

/** The signer of heads; its key is made where a folder has none yet. */
export async function openHeadSigner(
  keyStore: KeyStore,
  algorithm: SignatureAlgorithm,
): Promise<Signer> {
  const type = algorithm === 'ES256' ? 'P-256' : 'Ed25519'
  if ((await keyStore.get(AUDIT_KEY_ALIAS)) === undefined) {
    await keyStore.create({ alias: AUDIT_KEY_ALIAS, type }).catch((error: unknown) => {
      // Another process of this issuer has just made it.
      const exists = error instanceof Error && 'code' in error && error.code === 'key_exists'
      if (!exists) throw error
    })
  }
  return keyStore.signer(AUDIT_KEY_ALIAS)
}

/** Signs where the chain ends. */
export function createHead(
  signer: Signer,
  end: Pick<AuditHead, 'sequence' | 'hash'>,
  now: Date,
): Promise<string> {
  const header = { typ: AUDIT_HEAD_TYP, kid: signer.keyId }
  const { sequence, hash } = end
  const payload = { iss: signer.did, iat: epochSeconds(now), sequence, hash }
  return createJws({ header, payload, signer })
}

/**
 * Reads a head and checks its signature.
 *
 * @param iss - The did:key it has to be signed by; its own word where the caller has none.
 * @returns `undefined` for anything that is not a head signed by that key.
 */
export async function readHead(token: string, iss?: string): Promise<AuditHead | undefined> {
  try {
    const jws = parseJws(token, { algorithms: ['ES256', 'EdDSA'], maxDepth: 3 })
    const { typ, kid } = jws.header
    const head = jws.payload as Partial<AuditHead>
    const isHead =
      typ === AUDIT_HEAD_TYP &&
      typeof head.iss === 'string' &&
      typeof kid === 'string' &&
      kid.startsWith(`${head.iss}#`) &&
      Number.isSafeInteger(head.sequence) &&
      Number.isSafeInteger(head.iat) &&
      typeof head.hash === 'string'
    if (!isHead || (iss !== undefined && head.iss !== iss)) return undefined
    await verifyJws(jws, await importVerifyingKey(dereferenceDidKey(kid)))
    return head as AuditHead
  } catch (error) {
    if (error instanceof CredentialError) return undefined
    throw error
  }
}
