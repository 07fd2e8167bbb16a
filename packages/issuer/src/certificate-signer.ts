import type { Vault } from '@netcert/agent'
import {
  type CertifiedSigner,
  epochSeconds,
  keyHeaderOf,
  type PublicJwk,
  type Signer,
} from '@netcert/credential'
import { createSignedMetadata } from '@netcert/protocol'
import type { StoredBatch } from './batch-store.js'
import { copyPolicy } from './copy-policy.js'
import { IssuerError } from './issuer-error.js'
import type { MintedAs } from './key-modes.js'
import { openPlan, type SigningParts, signBatch } from './minting.js'
import { assertBlinded } from './platform-copy-claims.js'
import type { SignatureStore } from './signature-store.js'
import { createIssuerMetadata, type Locale } from './vci-metadata.js'
import type { RequestKeys } from './vci-request-keys.js'
import { deferredContext } from './vci-sealed-columns.js'

/** What a signer is asked for: a batch that is planned, and the keys of its holder. Never a payload. */
export type SigningRequest = {
  readonly batch: string
  /** One for each planned copy. */
  readonly holderJwks: readonly PublicJwk[]
  /** The wallet's blinded point, which says nothing; `null` for copies without a platform number. */
  readonly blinded: string | null
  /** Whether the certificates name the issuer's key, for wallets of anybody. */
  readonly namesKey: boolean
}

/** Which of the issuer's own metadata documents is to be signed. */
export type SignedMetadataRequest = {
  readonly locales: readonly Locale[]
  readonly attestations: boolean
}

export type SignerDescription = {
  /** Of the database it signs for. */
  readonly environment: string
  /** Of the key that signs now; `null` when none does. */
  readonly did: string | null
  /** Signatures its key made on certificates since it was opened, whatever became of them. */
  readonly made: number
}

/**
 * The only way to the key that certificates are signed with. One implementation holds the key in
 * this process, the other asks a process of its own.
 */
export type CertificateSigner = {
  /**
   * Signs a batch: reads its plan, builds what is signed itself, counts it, and only then gives it
   * out. A batch is signed once; what a deferred transaction is to be answered with is kept, sealed.
   *
   * @throws IssuerError `batch_unknown`, `batch_signed`, `batch_expired`, `batch_not_valid`,
   *   `plan_malformed`, `holder_key_…`, `signing_halted`, `signing_key_none`,
   *   `signer_…`.
   */
  sign(request: SigningRequest): Promise<readonly string[]>
  /** Signs one of the issuer's own metadata documents, made from the signer's configuration. */
  signMetadata(request: SignedMetadataRequest): Promise<string>
  describe(): Promise<SignerDescription>
}

export type CertificateSignerParts = {
  readonly signing: Omit<SigningParts, 'signer'>
  /** For what is minted so; without, for signed metadata. */
  readonly signer: (policy?: MintedAs) => Promise<Signer | CertifiedSigner>
  readonly signatures: SignatureStore
  readonly requestKeys: RequestKeys
  readonly vault: Vault
  readonly clock: () => Date
  readonly config: {
    readonly environment: string
    readonly base_url: string
    readonly algorithm: 'ES256' | 'EdDSA'
  }
}

const DAY_SECONDS = 86_400
/** Two machines need not have the same second. */
const CLOCK_LEEWAY_SECONDS = 300

/** A signer that holds the key in this process. */
export function createCertificateSigner(parts: CertificateSignerParts): CertificateSigner {
  const { config, signer } = parts
  const counter = { made: 0 }
  const counted = async (policy: MintedAs) => countingSigner(await signer(policy), counter)
  return {
    sign: (request) => signPlanned({ ...parts.signing, signer: counted }, parts, request),
    signMetadata: (request) => signMetadata(parts, request),
    async describe() {
      const key = await signer().catch((error: unknown) => {
        // Lists are published and people log in while an operator makes another key active.
        if (error instanceof IssuerError && error.code === 'signing_key_none') return null
        throw error
      })
      return { environment: config.environment, did: key?.did ?? null, made: counter.made }
    },
  }
}

async function signPlanned(
  signing: SigningParts,
  { signatures, vault, clock }: CertificateSignerParts,
  { batch, holderJwks, blinded, namesKey }: SigningRequest,
): Promise<readonly string[]> {
  const state = await signatures.state(batch)
  if (state.halted) throw halted()
  if (state.signed) throw signedBefore()
  const row = await signing.batches.get(batch)
  assertSignable(row, clock())
  const plan = await openPlan(signing, row)
  if (blinded !== null) assertBlinded(plan.policy, blinded)
  const { credentials } = await signBatch(signing, plan, holderJwks, { namesKey, blinded })
  const kept =
    state.deferred === null
      ? null
      : { deferred: state.deferred, sealed: sealCredentials(vault, state.deferred, credentials) }
  // Counted before it leaves: what is not on disk here never existed for anybody else.
  if (!(await signatures.put({ batch, copies: credentials.length, kept }))) throw signedBefore()
  await signing.platformCopies.signed(batch)
  return credentials
}

/** A plan is what this issuer's own rules make; a row that says anything else is none. */
function assertSignable(row: StoredBatch | undefined, now: Date): asserts row is StoredBatch {
  if (row === undefined) {
    throw new IssuerError('batch_unknown', 'There is no such batch; plan one before it is signed.')
  }
  const at = epochSeconds(now)
  const { copies, lifetimeSeconds, status } = copyPolicy(
    row.vct,
    row.kind === 'platform' ? 'platform' : 'one-time',
  )
  const lawful =
    row.copies >= 1 &&
    row.copies <= copies &&
    row.issued_at <= at + CLOCK_LEEWAY_SECONDS &&
    row.expires_at - row.issued_at <= lifetimeSeconds &&
    (row.list !== null && row.first_sequence !== null) === status
  if (!lawful) {
    const text = 'The plan is not one that this issuer makes; find out who wrote it.'
    throw new IssuerError('plan_malformed', text)
  }
  if (row.expires_at <= at) {
    throw new IssuerError('batch_expired', 'The batch has ended; ask for a new one.')
  }
  if (row.status !== 0) {
    const text = 'The batch was revoked or suspended before it was signed; ask for a new one.'
    throw new IssuerError('batch_not_valid', text)
  }
}

async function signMetadata(
  { signer, requestKeys, clock, config }: CertificateSignerParts,
  { locales, attestations }: SignedMetadataRequest,
): Promise<string> {
  const key = await signer()
  const issuedAt = clock()
  return createSignedMetadata({
    metadata: createIssuerMetadata({
      baseUrl: config.base_url,
      signingAlgorithm: config.algorithm,
      encryptionKey: await requestKeys.announced(),
      attestations,
      // A page of the demo, which the signer's configuration does not know.
      presenceUri: null,
      locales,
    }),
    signer: key,
    header: keyHeaderOf(key),
    issuedAt,
    expiresAt: new Date(issuedAt.getTime() + DAY_SECONDS * 1000),
  })
}

function countingSigner<S extends Signer>(signer: S, counter: { made: number }): S {
  return {
    ...signer,
    sign(data: Uint8Array) {
      counter.made += 1
      return signer.sign(data)
    },
  }
}

function sealCredentials(vault: Vault, deferred: string, credentials: readonly string[]): string {
  const bytes = new TextEncoder().encode(JSON.stringify(credentials))
  return vault.seal(bytes, deferredContext(deferred, 'credentials'))
}

function halted(): IssuerError {
  return new IssuerError(
    'signing_halted',
    'Signatures and plans do not agree, so nothing is signed; run netcert doctor.',
  )
}

function signedBefore(): IssuerError {
  return new IssuerError('batch_signed', 'The batch was signed already; ask for a new one.')
}
