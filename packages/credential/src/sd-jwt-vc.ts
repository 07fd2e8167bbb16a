import { importVerifyingKey, type VerifyingKey } from '@netcert/credential/crypto'
import { resolveDidKey } from './did-key.js'
import { CredentialError } from './errors.js'
import { type JsonObject, memberOf } from './json.js'
import { assertVisibleClaims, readTypes } from './sd-jwt-vc-rules.js'
import {
  proveSdJwt,
  type ReadSdJwt,
  readSdJwt,
  type SdJwtPolicy,
  type VerifiedSdJwt,
} from './sd-jwt-verify.js'
import { checkStatus, type StatusPolicy } from './status-check.js'
import { resolveTypeMetadata } from './type-metadata-merge.js'
import { assertTypeRules, type MetadataRole } from './type-metadata-rules.js'

/** An issuer's one key; `keyId` null means that a pinned key counts under any `kid`. */
export type IssuerKey = { readonly keyId: string | null; readonly key: VerifyingKey }

/** What a receiver of any SD-JWT VC decides before it looks at one. */
export type SdJwtVcPolicy = Omit<SdJwtPolicy, 'issuerKeys'> & {
  /** The trusted issuers by `iss`; see `importDidKeyIssuers`. */
  readonly issuers: ReadonlyMap<string, IssuerKey>
  /** The types that are taken, or null for any. */
  readonly types: readonly string[] | null
  /** Type metadata that must be processed, or null when none is. */
  readonly typeMetadata: {
    readonly role: MetadataRole
    readonly documents: ReadonlyMap<string, string>
    readonly maxDepth: number
  } | null
  /** How a status is checked, for the issuer that `iss` names. */
  readonly status: (issuer: IssuerKey) => Promise<StatusPolicy>
}

/**
 * Verifies any SD-JWT VC under a policy: the receiver of the standard with the did:key profile of
 * netcert. `verifyPresentation` is the same for network certificates, with a trust list.
 *
 * @throws CredentialError with the code of the step that failed
 * @see SD-JWT VC §2.4, §5.7, §7; Token Status List §8.3
 */
export async function verifySdJwtVc(text: string, policy: SdJwtVcPolicy): Promise<VerifiedSdJwt> {
  const read = readSdJwt(text, {
    ...policy,
    issuerKeys: (header, payload) => [findIssuer(policy.issuers, header, payload).key],
  })
  assertVisibleClaims(read.payload, read.structure)
  assertAcceptedType(read.payload, policy.types)
  const verified = await proveSdJwt(read)
  assertMetadata(read, policy.typeMetadata)
  // Token Status List §8.3 step 1: nothing is fetched for a token that fails anything before.
  const status = memberOf(read.payload, 'status')
  if (status !== undefined) {
    const issuer = findIssuer(policy.issuers, read.jwt.header, read.payload)
    await checkStatus(status, await policy.status(issuer))
  }
  return verified
}

/** Imports the keys of trusted did:key issuers. @throws CredentialError as `resolveDidKey` */
export async function importDidKeyIssuers(
  dids: readonly string[],
): Promise<ReadonlyMap<string, IssuerKey>> {
  const issuers = new Map<string, IssuerKey>()
  for (const did of dids) {
    const { keyId, jwk } = resolveDidKey(did)
    issuers.set(did, { keyId, key: await importVerifyingKey(jwk) })
  }
  return issuers
}

/**
 * The issuer's key by its `iss`, and by nothing the token brings along.
 *
 * @see SD-JWT VC §2.5, §7.3
 */
function findIssuer(
  issuers: ReadonlyMap<string, IssuerKey>,
  header: JsonObject,
  payload: JsonObject,
): IssuerKey {
  const iss = memberOf(payload, 'iss')
  const issuer = typeof iss === 'string' ? issuers.get(iss) : undefined
  if (issuer === undefined) {
    throw new CredentialError('issuer_untrusted', 'The issuer is not one that is trusted here.')
  }
  if (['jwk', 'jku', 'x5c', 'x5u'].some((name) => Object.hasOwn(header, name))) {
    throw new CredentialError('header_invalid', 'The certificate tries to bring its own key.')
  }
  const { kid } = header
  if (kid !== undefined && issuer.keyId !== null && kid !== issuer.keyId) {
    throw new CredentialError('key_not_of_issuer', 'The key named is not the issuer’s.')
  }
  return issuer
}

function assertAcceptedType(payload: JsonObject, types: readonly string[] | null): void {
  const { vct, also } = readTypes(payload)
  if (types === null || [vct, ...also].some((type) => types.includes(type))) return
  throw new CredentialError('vct_mismatch', 'A certificate of another type was asked for.')
}

function assertMetadata(read: ReadSdJwt, policy: SdJwtVcPolicy['typeMetadata']): void {
  if (policy === null) return
  const { payload, structure } = read
  const { vct } = readTypes(payload)
  const integrity = memberOf(payload, 'vct#integrity')
  const metadata = resolveTypeMetadata({ ...policy, vct, integrity })
  assertTypeRules(metadata, { payload, structure }, policy.role)
}
