import {
  CredentialError,
  dereferenceDidKey,
  type JsonObject,
  memberOf,
  type PublicJwk,
  type UnverifiedJwt,
} from '@netcert/credential'
import { ProtocolError } from './errors.js'
import { proveSigned } from './signed-message.js'
import { verifyVerifierAttestation } from './verifier-attestation.js'
import { verifyCertificateChain, type X509Anchors } from './x509-chain.js'

/** The prefixes of OpenID4VP 1.0 §5.9.3 that are done here; `openid_federation` is not. */
export const clientIdPrefixes = [
  'redirect_uri',
  'x509_san_dns',
  'x509_hash',
  'decentralized_identifier',
  'verifier_attestation',
] as const
export type ClientIdPrefix = (typeof clientIdPrefixes)[number]

/** A verifier's identifier, taken apart. Only `full` is ever compared or signed. */
export type ClientIdentifier = {
  readonly full: string
  /** `origin` stands for a web page over the Digital Credentials API; no request may claim it. */
  readonly prefix: ClientIdPrefix | 'origin'
  readonly rest: string
}

const MAX_CLIENT_ID_CHARACTERS = 2048

/**
 * Takes a client identifier apart.
 *
 * @throws ProtocolError `client_id_prefix` for a prefix that is not done here, `origin:` among them;
 *   `client_unknown` without a prefix: nobody is registered here in advance.
 * @see OpenID4VP 1.0 §5.9
 */
export function parseClientIdentifier(full: string): ClientIdentifier {
  const colon = full.indexOf(':')
  if (colon < 0) {
    throw new ProtocolError(
      'client_unknown',
      'The client_id has no prefix, and no verifier is registered here in advance; use a prefix.',
    )
  }
  const prefix = clientIdPrefixes.find((name) => name === full.slice(0, colon))
  const rest = full.slice(colon + 1)
  const fits = full.length <= MAX_CLIENT_ID_CHARACTERS && /^[\x21-\x7e]+$/.test(rest)
  if (prefix === undefined || !fits) {
    throw new ProtocolError(
      'client_id_prefix',
      `The client_id is of no kind that is supported here: one of ${clientIdPrefixes.join(', ')}.`,
    )
  }
  return { full, prefix, rest }
}

/** The identifier of a verifier, prefix included. */
export function createClientIdentifier(options: {
  readonly prefix: ClientIdPrefix
  readonly value: string
}): string {
  return parseClientIdentifier(`${options.prefix}:${options.value}`).full
}

/** Whom a wallet believes about verifiers. */
export type ClientTrust = {
  readonly anchors: X509Anchors
  /** Who may vouch for verifiers: the `iss` of an attestation and the key it must be signed by. */
  readonly attesters: readonly { readonly iss: string; readonly key: PublicJwk }[]
  readonly now: Date
}

/** How a client identifier was proven. */
export type ProvenClient = {
  readonly identifier: ClientIdentifier
  /**
   * `unsigned`: nothing but the address the answer goes to. `key`: by a key, of which nothing more
   * is known. `certificate`, `attestation`: somebody the wallet believes vouches for it.
   */
  readonly proof: 'unsigned' | 'key' | 'certificate' | 'attestation'
  /** Where an answer may go, as far as the identifier says; null says nothing. */
  readonly answers: null | { readonly host: string } | { readonly uris: readonly string[] }
  /** The key that signed the request, whichever way it was named; null when none did. */
  readonly key: PublicJwk | null
}

/**
 * Proves that a request object comes from the verifier it names: the key that its prefix stands for
 * must have signed it. Nothing is fetched.
 *
 * @throws ProtocolError `client_unproven`, `certificate_chain`, `request_signature`;
 *   `client_id_prefix` for `redirect_uri`, whose requests cannot be signed.
 * @see OpenID4VP 1.0 §5.9.3
 */
export async function proveClient(
  identifier: ClientIdentifier,
  jws: UnverifiedJwt,
  trust: ClientTrust,
): Promise<ProvenClient> {
  const proven = await claimedKey(identifier, jws.header, trust)
  await proveSigned(jws, proven.key, {
    typ: 'oauth-authz-req+jwt',
    what: 'The request',
    code: 'request_signature',
  })
  return { identifier, ...proven }
}

type ClaimedKey = Omit<ProvenClient, 'identifier' | 'key'> & { readonly key: PublicJwk }

async function claimedKey(
  { prefix, rest }: ClientIdentifier,
  header: JsonObject,
  trust: ClientTrust,
): Promise<ClaimedKey> {
  switch (prefix) {
    case 'origin':
    case 'redirect_uri':
      throw new ProtocolError(
        'client_id_prefix',
        'A client_id of this kind cannot sign its requests; use another prefix to sign.',
      )
    case 'decentralized_identifier':
      return { key: didKeyOf(rest, header), proof: 'key', answers: null }
    case 'x509_hash':
    case 'x509_san_dns':
      return certifiedKey(prefix, rest, header, trust)
    case 'verifier_attestation': {
      const attestation = await verifyVerifierAttestation(memberOf(header, 'jwt'), trust)
      if (attestation.subject !== rest) throw unproven('its attestation is for another verifier')
      const { key, redirectUris } = attestation
      return {
        key,
        proof: 'attestation',
        answers: redirectUris === null ? null : { uris: redirectUris },
      }
    }
  }
}

async function certifiedKey(
  prefix: 'x509_hash' | 'x509_san_dns',
  rest: string,
  header: JsonObject,
  { anchors, now }: ClientTrust,
): Promise<ClaimedKey> {
  const x5c = memberOf(header, 'x5c')
  if (x5c === undefined) throw unproven('it has no x5c header')
  const { leafKey, leafHash, dnsNames, anchored } = await verifyCertificateChain({
    x5c,
    anchors,
    now,
  })
  const proof = anchored ? 'certificate' : 'key'
  if (prefix === 'x509_hash') {
    if (leafHash !== rest) throw unproven('its certificate has another hash')
    return { key: leafKey, proof, answers: null }
  }
  // A wildcard entry is no name: the client identifier is compared, not matched.
  if (!dnsNames.includes(rest.toLowerCase())) throw unproven('its certificate names another host')
  return { key: leafKey, proof, answers: { host: rest.toLowerCase() } }
}

function didKeyOf(did: string, header: JsonObject): PublicJwk {
  const kid = memberOf(header, 'kid')
  if (typeof kid !== 'string' || !kid.startsWith(`${did}#`)) {
    throw unproven('its kid is no key of its DID')
  }
  try {
    return dereferenceDidKey(kid)
  } catch (cause) {
    if (!(cause instanceof CredentialError)) throw cause
    throw unproven('its DID is no did:key, the one method that can be resolved here', cause)
  }
}

function unproven(problem: string, cause?: unknown): ProtocolError {
  const text = `The verifier does not prove who it is: ${problem}.`
  return new ProtocolError('client_unproven', text, { cause })
}
