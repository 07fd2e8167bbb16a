import {
  createJws,
  epochSeconds,
  isJsonObject,
  type JsonObject,
  memberOf,
  parsePublicJwk,
  type PublicJwk,
  type Signer,
} from '@netcert/credential'
import { ProtocolError } from './errors.js'
import {
  assertTimely,
  instantOf,
  type KeyOf,
  type MessageKind,
  optionalTextOf,
  proveSigned,
  readSigned,
  refusal,
  usableKey,
} from './signed-message.js'

/** `typ` of an attestation of a wallet instance. @see OpenID4VCI 1.0 Appendix E */
export const CLIENT_ATTESTATION_TYP = 'oauth-client-attestation+jwt'
/** `typ` of the wallet instance's proof that it has the attested key. */
export const CLIENT_ATTESTATION_POP_TYP = 'oauth-client-attestation-pop+jwt'
/** Names of the HTTP headers that carry the two, and of the one that hands out a challenge. */
export const CLIENT_ATTESTATION_HEADER = 'OAuth-Client-Attestation'
export const CLIENT_ATTESTATION_POP_HEADER = 'OAuth-Client-Attestation-PoP'
export const CLIENT_ATTESTATION_CHALLENGE_HEADER = 'OAuth-Client-Attestation-Challenge'

const ATTESTATION: MessageKind = {
  typ: CLIENT_ATTESTATION_TYP,
  what: 'The client attestation',
  code: 'client_attestation_invalid',
}
const POP: MessageKind = {
  typ: CLIENT_ATTESTATION_POP_TYP,
  what: 'The proof of possession of the client attestation',
  code: 'client_attestation_invalid',
}

export type CreateClientAttestationOptions = {
  /** The wallet provider's. */
  readonly signer: Signer
  readonly header: { readonly kid: string } | { readonly x5c: readonly string[] }
  readonly issuer?: string
  /** `client_id` of the wallet; shared by all its instances (HAIP 1.0 §4.4.1). */
  readonly clientId: string
  /** Key of the wallet instance. */
  readonly clientJwk: PublicJwk
  readonly issuedAt: Date
  readonly expiresAt: Date
  readonly walletName?: string
  readonly walletLink?: string
}

/** Attests a wallet instance. @see OpenID4VCI 1.0 Appendix E */
export function createClientAttestation(options: CreateClientAttestationOptions): Promise<string> {
  const { signer, header, issuer, clientId, clientJwk, issuedAt, expiresAt } = options
  const { walletName, walletLink } = options
  return createJws({
    signer,
    header: { typ: CLIENT_ATTESTATION_TYP, ...header },
    payload: {
      ...(issuer === undefined ? {} : { iss: issuer }),
      sub: clientId,
      iat: epochSeconds(issuedAt),
      exp: epochSeconds(expiresAt),
      cnf: { jwk: clientJwk },
      ...(walletName === undefined ? {} : { wallet_name: walletName }),
      ...(walletLink === undefined ? {} : { wallet_link: walletLink }),
    },
  })
}

export type CreateClientAttestationPopOptions = {
  /** The wallet instance's. */
  readonly signer: Signer
  readonly clientId: string
  /** Issuer identifier of the authorization server. */
  readonly audience: string
  /** Fresh and random for each request. */
  readonly jti: string
  readonly issuedAt: Date
  readonly challenge?: string
}

/** Proves possession of the attested key. @see Attestation-Based Client Authentication §5.2 */
export function createClientAttestationPop(
  options: CreateClientAttestationPopOptions,
): Promise<string> {
  const { signer, clientId, audience, jti, issuedAt, challenge } = options
  return createJws({
    signer,
    header: { typ: CLIENT_ATTESTATION_POP_TYP },
    payload: {
      iss: clientId,
      aud: audience,
      jti,
      iat: epochSeconds(issuedAt),
      ...(challenge === undefined ? {} : { challenge }),
    },
  })
}

export type VerifyClientAttestationOptions = {
  readonly attestation: string
  readonly pop: string
  /** Issuer identifier of the authorization server. */
  readonly audience: string
  readonly now: Date
  /** How old a proof of possession may be. */
  readonly popMaxAgeSeconds: number
  /** The key of a wallet provider we trust. */
  readonly providerKey: KeyOf
  /** Judges a challenge we handed out; `null` where none are. */
  readonly isFreshChallenge: ((challenge: string) => boolean) | null
}

export type VerifiedClientAttestation = {
  /** `sub`: who asks for a token must be this client. */
  readonly clientId: string
  /** Key of the wallet instance. */
  readonly jwk: PublicJwk
  /** Of the proof; the caller refuses one that came before. */
  readonly jti: string
  readonly walletName: string | undefined
}

/**
 * Verifies a client attestation and the proof of possession that came with it.
 *
 * @throws ProtocolError `client_attestation_invalid`, `client_attestation_challenge`
 * @see OpenID4VCI 1.0 Appendix E
 */
export async function verifyClientAttestation(
  options: VerifyClientAttestationOptions,
): Promise<VerifiedClientAttestation> {
  const { now } = options
  const attestation = readSigned(options.attestation, ATTESTATION)
  instantOf(attestation.payload, 'exp', ATTESTATION)
  assertTimely(attestation.payload, ATTESTATION, { now })
  const clientId = requiredText(attestation.payload, 'sub', ATTESTATION)
  const jwk = readClientKey(attestation.payload)
  const providerKey = await options.providerKey(attestation.header, attestation.payload)
  if (providerKey === undefined) throw refusal(ATTESTATION, 'its provider is not one we trust')
  await proveSigned(attestation, providerKey, ATTESTATION)
  const jti = await verifyPop(options, clientId, jwk)
  const walletName = optionalTextOf(attestation.payload, 'wallet_name', ATTESTATION)
  return { clientId, jwk, jti, walletName }
}

async function verifyPop(
  options: VerifyClientAttestationOptions,
  clientId: string,
  jwk: PublicJwk,
): Promise<string> {
  const pop = readSigned(options.pop, POP)
  const { payload } = pop
  if (memberOf(payload, 'aud') !== options.audience) throw refusal(POP, 'it is for another server')
  const iss = optionalTextOf(payload, 'iss', POP)
  if (iss !== undefined && iss !== clientId) throw refusal(POP, 'its iss is not the client')
  assertTimely(payload, POP, { now: options.now, maxAgeSeconds: options.popMaxAgeSeconds })
  const jti = requiredText(payload, 'jti', POP)
  await proveSigned(pop, jwk, POP)
  const challenge = optionalTextOf(payload, 'challenge', POP)
  const { isFreshChallenge } = options
  if (isFreshChallenge !== null && (challenge === undefined || !isFreshChallenge(challenge))) {
    throw new ProtocolError(
      'client_attestation_challenge',
      'The client attestation needs a fresh challenge; take one and prove possession anew.',
    )
  }
  return jti
}

function readClientKey(payload: JsonObject): PublicJwk {
  const cnf = memberOf(payload, 'cnf')
  if (!isJsonObject(cnf)) throw refusal(ATTESTATION, 'it has no cnf')
  return usableKey(ATTESTATION, () => parsePublicJwk(memberOf(cnf, 'jwk')))
}

function requiredText(payload: JsonObject, name: string, kind: MessageKind): string {
  const text = optionalTextOf(payload, name, kind)
  if (text === undefined) throw refusal(kind, `${name} is missing`)
  return text
}
