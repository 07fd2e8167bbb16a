import type { IncomingMessage } from 'node:http'
import { epochSeconds } from '@netcert/credential'
import {
  CLIENT_ATTESTATION_HEADER,
  CLIENT_ATTESTATION_POP_HEADER,
  ProtocolError,
  verifyClientAttestation,
} from '@netcert/protocol'
import { calculateJwkThumbprint, decodeJwt } from 'jose'
import type { AttestedWallet } from './as-attested-requests.js'
import type { Challenges } from './as-challenge.js'
import { recordEnd, type RecordStore } from './as-record-store.js'
import type { WalletProviders } from './as-wallet-providers.js'

export type AttestationCheck =
  | { readonly kind: 'none' }
  | { readonly kind: 'attested'; readonly wallet: AttestedWallet }
  | { readonly kind: 'refused'; readonly error: AttestationRefusal }

export type AttestationRefusal = 'invalid_client' | 'use_attestation_challenge'

export type AttestationParts = {
  /** Issuer identifier of the authorization server. */
  readonly issuer: string
  readonly providers: WalletProviders
  readonly challenges: Challenges
  readonly records: RecordStore
  readonly clock: () => Date
}

const POP_SECONDS = 300
const HEADER_BYTES = 8 * 1024

/**
 * Checks the wallet attestation of a request (OpenID4VCI Appendix E; attestation-based client
 * authentication, draft 07): signed by a provider we trust, for this server, proven by the
 * instance's key, once.
 */
export async function checkAttestation(
  parts: AttestationParts,
  request: IncomingMessage,
): Promise<AttestationCheck> {
  const attestation = headerOf(request, CLIENT_ATTESTATION_HEADER)
  const pop = headerOf(request, CLIENT_ATTESTATION_POP_HEADER)
  if (attestation === undefined && pop === undefined) return { kind: 'none' }
  if (attestation === undefined || pop === undefined) return refused('invalid_client')
  if (attestation.length > HEADER_BYTES || pop.length > HEADER_BYTES) {
    return refused('invalid_client')
  }
  const verified = await verify(parts, attestation, pop).catch((error: unknown) => {
    if (!(error instanceof ProtocolError)) throw error
    return error.code
  })
  if (verified === 'client_attestation_challenge') return refused('use_attestation_challenge')
  if (typeof verified === 'string') return refused('invalid_client')
  const jkt = await calculateJwkThumbprint(verified.jwk)
  const end = recordEnd(epochSeconds(parts.clock()), 2 * POP_SECONDS)
  const key = { model: 'AttestationProof', id: `${jkt}|${verified.jti}` }
  const spent = getsNonceOnly(request) ? false : !(await parts.records.putOnce(key, end))
  if (spent) return refused('invalid_client')
  const { clientId, walletName } = verified
  return { kind: 'attested', wallet: { clientId, jkt, walletName: walletName ?? null } }
}

function verify(
  { issuer, providers, challenges, clock }: AttestationParts,
  attestation: string,
  pop: string,
): ReturnType<typeof verifyClientAttestation> {
  const now = clock()
  return verifyClientAttestation({
    attestation,
    pop,
    audience: issuer,
    now,
    popMaxAgeSeconds: POP_SECONDS,
    providerKey: providers.keyOf(now),
    // A proof without one is good by its time and its single use; one that is there has to hold.
    isFreshChallenge: hasChallenge(pop) ? (challenge) => challenges.isFresh(challenge, now) : null,
  })
}

/**
 * A request whose DPoP proof has no nonce is answered with one and does nothing else: wallets send
 * the same attestation proof again with the nonce, so it is not used up yet.
 */
function getsNonceOnly(request: IncomingMessage): boolean {
  const { dpop } = request.headers
  if (typeof dpop !== 'string') return false
  try {
    return decodeJwt(dpop)['nonce'] === undefined
  } catch {
    return false
  }
}

function hasChallenge(pop: string): boolean {
  try {
    return decodeJwt(pop)['challenge'] !== undefined
  } catch {
    return false
  }
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name.toLowerCase()]
  return typeof value === 'string' ? value : undefined
}

function refused(error: AttestationRefusal): AttestationCheck {
  return { kind: 'refused', error }
}
