import type { OwnKey } from './keys.js'
import {
  type CredentialConfiguration,
  createKeyProof,
  type IssuerMetadata,
  type Proofs,
} from '@netcert/protocol'
import { WalletError } from './errors.js'
import { randomId } from './ledger.js'
import type { IssuanceGround } from './vci-ground.js'

/** How keys are proved to an issuer for one configuration. */
export type ProofPlan = {
  readonly type: 'jwt' | 'attestation'
  readonly keyBy: 'jwk' | 'did:key'
  /** `null`: nobody need vouch for the keys. */
  readonly attestation: {
    readonly keyStorage: readonly string[]
    readonly userAuthentication: readonly string[]
  } | null
}

/**
 * Chooses how to prove possession of keys: by a signature of each key where the issuer is content
 * with that, else with the wallet provider's word for them.
 *
 * @throws WalletError `key_proof_unsupported`
 * @see OpenID4VCI 1.0 Appendix F
 */
export function planProofs(
  configuration: CredentialConfiguration,
  isVouchedFor: boolean,
): ProofPlan {
  const methods = configuration.cryptographic_binding_methods_supported ?? []
  const keyBy = methods.includes('jwk') ? 'jwk' : 'did:key'
  const { jwt, attestation } = configuration.proof_types_supported ?? {}
  const isNamed = keyBy === 'jwk' || methods.includes('did:key')
  if (isNamed && jwt?.proof_signing_alg_values_supported.includes('ES256') === true) {
    const required = jwt.key_attestations_required
    if (required === undefined) return { type: 'jwt', keyBy, attestation: null }
    if (isVouchedFor) return { type: 'jwt', keyBy, attestation: demandsOf(required) }
  }
  if (isVouchedFor && attestation !== undefined) {
    const required = attestation.key_attestations_required ?? {}
    return { type: 'attestation', keyBy, attestation: demandsOf(required) }
  }
  throw new WalletError(
    'key_proof_unsupported',
    'the issuer asks for proofs of keys that this wallet cannot make; use a wallet whose provider ' +
      'the issuer knows.',
  )
}

function demandsOf(required: {
  readonly key_storage?: readonly string[] | undefined
  readonly user_authentication?: readonly string[] | undefined
}) {
  const { key_storage: keyStorage = [], user_authentication: userAuthentication = [] } = required
  return { keyStorage, userAuthentication }
}

/** Holder keys, one for each copy. They are on disk when this resolves: before any proof leaves. */
export function createCopyKeys(ground: IssuanceGround, count: number): Promise<OwnKey[]> {
  const aliases = Array.from({ length: count }, () => `holder-${randomId()}`)
  return ground.keyStore.createMany({ aliases, type: 'P-256' })
}

/** Copies to ask for: what is wished, within what the issuer signs at once. */
export function copiesOf(metadata: IssuerMetadata, wished: number | null): number {
  const most = metadata.batch_credential_issuance?.batch_size ?? 1
  return Math.max(1, Math.min(wished ?? 10, most, 20))
}

/** Proofs for the keys of a request, each over the issuer's identifier and `c_nonce`. */
export async function createProofs(
  ground: IssuanceGround,
  options: {
    readonly plan: ProofPlan
    readonly keys: readonly OwnKey[]
    readonly issuer: string
    readonly clientId: string | null
    readonly nonce: string | null
  },
): Promise<Proofs> {
  const { plan, keys, issuer, clientId, nonce } = options
  const vouched = await vouch(ground, plan, keys, nonce)
  if (plan.type === 'attestation') return { attestation: [vouched ?? ''] }
  // One proof stands for all keys that an attestation names (Appendix F.1).
  const proved = vouched === null ? keys : keys.slice(0, 1)
  const jwt = await Promise.all(
    proved.map(async ({ alias, jwk }) =>
      createKeyProof({
        signer: await ground.keyStore.signer(alias),
        jwk,
        keyBy: plan.keyBy,
        audience: issuer,
        issuedAt: ground.clock(),
        nonce,
        clientId,
        ...(vouched === null ? {} : { keyAttestation: vouched }),
      }),
    ),
  )
  return { jwt }
}

async function vouch(
  { provider }: IssuanceGround,
  { attestation }: ProofPlan,
  keys: readonly OwnKey[],
  nonce: string | null,
): Promise<string | null> {
  if (attestation === null || provider === null) return null
  return provider.attestKeys({ keys: keys.map(({ jwk }) => jwk), nonce, ...attestation })
}
