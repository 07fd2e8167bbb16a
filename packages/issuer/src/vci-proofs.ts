import { createHash } from 'node:crypto'
import { jwkThumbprint, type PublicJwk } from '@netcert/credential'
import {
  type KeyOf,
  type Proofs,
  proofsSchema,
  verifyKeyAttestation,
  verifyKeyProof,
} from '@netcert/protocol'
import { IssuerError } from './issuer-error.js'
import { BATCH_SIZE } from './vci-configurations.js'
import type { NonceMint } from './vci-nonce.js'

/** A proof is made for the request it comes with. */
const PROOF_SECONDS = 300
/** An attestation without an end of its own. */
const ATTESTATION_SECONDS = 300

export type ProofDemands = {
  readonly audience: string
  readonly clientId: string | null
  readonly now: Date
  readonly nonces: NonceMint
  /** Attesters we trust; `null` where key attestations are not looked at. */
  readonly keyAttesters: KeyOf | null
}

/** Keys whose possession is proved, and the nonce that it was proved with. */
export type ProvenKeys = {
  readonly keys: readonly PublicJwk[]
  readonly nonceHash: string
  readonly nonceEndsAt: Date
}

/**
 * Verifies the `proofs` of a request: of one type, each sound, distinct keys, one fresh nonce.
 *
 * @throws IssuerError `invalid_proof`, `invalid_nonce`; ProtocolError `key_proof_invalid`,
 *   `key_attestation_invalid`
 * @see OpenID4VCI 1.0 §8.2, Appendix F
 */
export async function verifyProofs(value: unknown, demands: ProofDemands): Promise<ProvenKeys> {
  const proofs = readProofs(value)
  const { keys, nonces } =
    proofs.jwt === undefined
      ? await readAttestation(proofs.attestation?.[0], demands)
      : await readJwtProofs(proofs.jwt, demands)
  const nonce = theNonce(nonces)
  const nonceEndsAt = demands.nonces.endOf(nonce, demands.now)
  if (nonceEndsAt === undefined) {
    throw new IssuerError('invalid_nonce', 'The c_nonce is not known or too old; take a fresh one.')
  }
  if (new Set(keys.map((key) => jwkThumbprint(key))).size !== keys.length) {
    throw invalid('two proofs are for one key; each copy needs a key of its own')
  }
  const nonceHash = createHash('sha256').update(nonce).digest('base64url')
  return { keys, nonceHash, nonceEndsAt }
}

function readProofs(value: unknown): Proofs {
  if (value === undefined) throw invalid('proofs are missing')
  const parsed = proofsSchema.safeParse(value)
  if (!parsed.success) throw invalid('they have a wrong form')
  // Members of other names are not known and not looked at.
  const members = Object.values(parsed.data).filter((member) => member !== undefined)
  if (members.length !== 1 || parsed.data.di_vp !== undefined) {
    throw invalid('proofs has exactly one of the announced types')
  }
  const { jwt = [] } = parsed.data
  if (jwt.length > BATCH_SIZE) throw invalid(`a batch has at most ${BATCH_SIZE} proofs`)
  return parsed.data
}

type Read = {
  readonly keys: readonly PublicJwk[]
  readonly nonces: readonly (string | undefined)[]
}

async function readJwtProofs(jwts: readonly string[], demands: ProofDemands): Promise<Read> {
  const { audience, clientId, now } = demands
  const keys: PublicJwk[] = []
  const nonces: (string | undefined)[] = []
  // One after the other: the first bad one ends the work.
  for (const jwt of jwts) {
    const proof = await verifyKeyProof(jwt, {
      audience,
      clientId,
      now,
      maxAgeSeconds: PROOF_SECONDS,
    })
    nonces.push(proof.nonce)
    const attested = await attestedWith(proof, demands)
    // One proof with an attestation stands for all keys of the attestation (HAIP 1.0 §4.5.1).
    if (attested !== undefined && jwts.length === 1) keys.push(...attested)
    else keys.push(proof.jwk)
  }
  return { keys, nonces }
}

/** The keys of the attestation in a proof's header, that of the proof first. */
async function attestedWith(
  proof: Awaited<ReturnType<typeof verifyKeyProof>>,
  { now, keyAttesters }: ProofDemands,
): Promise<readonly PublicJwk[] | undefined> {
  if (proof.keyAttestation === undefined || keyAttesters === null) return undefined
  const attestation = await verifyKeyAttestation(proof.keyAttestation, {
    now,
    proofType: 'jwt',
    attesterKey: keyAttesters,
    maxAgeSeconds: ATTESTATION_SECONDS,
  })
  if (attestation.nonce !== undefined && attestation.nonce !== proof.nonce) {
    throw invalid('the key attestation has another nonce than its proof')
  }
  const own = jwkThumbprint(proof.jwk)
  const others = attestation.attestedKeys.filter((key) => jwkThumbprint(key) !== own)
  if (others.length === attestation.attestedKeys.length) {
    throw invalid('the key of the proof is not among the attested keys')
  }
  return [proof.jwk, ...others]
}

async function readAttestation(
  attestation: string | undefined,
  { now, keyAttesters }: ProofDemands,
): Promise<Read> {
  if (attestation === undefined || keyAttesters === null) {
    throw invalid('this issuer takes proofs of the type jwt')
  }
  const { attestedKeys, nonce } = await verifyKeyAttestation(attestation, {
    now,
    proofType: 'attestation',
    attesterKey: keyAttesters,
    maxAgeSeconds: ATTESTATION_SECONDS,
  })
  return { keys: attestedKeys, nonces: [nonce] }
}

/** All proofs of a request carry one nonce. */
function theNonce(nonces: readonly (string | undefined)[]): string {
  const [first] = nonces
  if (first === undefined || nonces.includes(undefined)) throw invalid('a proof has no nonce')
  if (nonces.some((nonce) => nonce !== first)) throw invalid('the proofs have different nonces')
  return first
}

function invalid(problem: string): IssuerError {
  return new IssuerError('invalid_proof', `The key proofs are refused: ${problem}.`)
}
