import { dereferenceDidKey, leafKeyId, memberOf, type Trust } from '@netcert/credential'
import {
  assertIssuerIdentifier,
  type CredentialOffer,
  type IssuerMetadata,
  type KeyOf,
  messageLimits,
  PRE_AUTHORIZED_GRANT,
  parseIssuerMetadata,
  parseMessage,
  verifySignedMetadata,
  wellKnownUrl,
} from '@netcert/protocol'
import { type AuthorizationServer, discoveryRequest, processDiscoveryResponse } from 'oauth4webapi'
import { WalletError } from './errors.js'
import type { IssuanceGround } from './vci-ground.js'
import { badAnswer, throughGuardedFetch } from './vci-transport.js'

const MOST_SERVERS = 4

/**
 * An issuer's metadata from its well-known place: about exactly this issuer, with all its endpoints
 * at the issuer's own origin, and signed by an issuer of the trust list where it is signed.
 *
 * @throws WalletError `issuer_answer`, `endpoint_foreign`; ProtocolError; FetchError
 * @see OpenID4VCI 1.0 §12.2
 */
export async function discoverIssuer(
  ground: IssuanceGround,
  issuer: string,
): Promise<IssuerMetadata> {
  assertIssuerIdentifier(issuer, ground)
  const trust = await ground.trust().catch(() => null)
  const accept = trust === null ? 'application/json' : 'application/jwt, application/json;q=0.5'
  const url = wellKnownUrl(issuer, 'openid-credential-issuer')
  const answer = await ground.fetch(url, { headers: { accept } })
  if (answer.status !== 200) throw badAnswer("The issuer's metadata", answer.status)
  const isSigned = /^application\/jwt\b/i.test(answer.headers.get('content-type') ?? '')
  const metadata = isSigned
    ? await verifySignedMetadata(answer.text.trim(), {
        issuer,
        now: ground.clock(),
        issuerKey: listedKey(trust, ground.clock()),
      })
    : parseIssuerMetadata(parseMessage(answer.text, { maxBytes: messageLimits.maxDocumentBytes }), {
        issuer,
      })
  assertOwnEndpoints(metadata)
  return metadata
}

/** The keys by which issuers of the trust list sign certificates may sign metadata, too. */
function listedKey(trust: Trust | null, now: Date): KeyOf {
  const at = now.getTime() / 1000
  return (header) => {
    const byCertificate = memberOf(header, 'x5c')
    const kid = byCertificate === undefined ? memberOf(header, 'kid') : leafKeyId(byCertificate)
    if (trust === null || typeof kid !== 'string') return undefined
    const listed = [...trust.issuers.values()]
      .flatMap(({ keys }) => keys)
      .some(
        (key) =>
          key.keyId === kid &&
          key.use === 'credential' &&
          key.notBefore <= at &&
          at <= key.notAfter,
      )
    return listed ? dereferenceDidKey(kid) : undefined
  }
}

/** Tokens and proofs for an issuer go to the issuer, whatever its metadata says. */
function assertOwnEndpoints(metadata: IssuerMetadata): void {
  const own = new URL(metadata.credential_issuer).origin
  const { credential_endpoint, nonce_endpoint, deferred_credential_endpoint } = metadata
  const endpoints = [
    credential_endpoint,
    nonce_endpoint,
    deferred_credential_endpoint,
    metadata.notification_endpoint,
  ]
  for (const endpoint of endpoints) {
    if (endpoint !== undefined && new URL(endpoint).origin !== own) throw foreignEndpoint()
  }
}

/**
 * The authorization servers that may be used: the one the offer names, if the issuer names it too;
 * else the issuer's, which is the issuer itself where it names none.
 *
 * @throws WalletError `authorization_server`
 * @see OpenID4VCI 1.0 §4.1.1, §12.2.4
 */
export function authorizationServersOf(
  metadata: IssuerMetadata,
  grants: CredentialOffer['grants'],
): readonly string[] {
  const own = metadata.authorization_servers ?? [metadata.credential_issuer]
  const named =
    grants?.[PRE_AUTHORIZED_GRANT]?.authorization_server ??
    grants?.authorization_code?.authorization_server
  if (named === undefined) return own
  if (own.includes(named)) return [named]
  throw new WalletError(
    'authorization_server',
    'the offer names an authorization server that the issuer does not; somebody may be mixing up ' +
      'servers, ask the issuer for a new offer.',
  )
}

/**
 * The first of several authorization servers that knows the grant; a single one is taken as it is.
 *
 * @param mayAsk - throws where the citizen does not want the server to be asked
 * @throws WalletError `authorization_server`, as {@link discoverAuthorizationServer}
 */
export async function findAuthorizationServer(
  ground: IssuanceGround,
  options: {
    readonly candidates: readonly string[]
    readonly grantType: string
    readonly mayAsk: (identifier: string) => Promise<void>
  },
): Promise<AuthorizationServer> {
  const { candidates, grantType, mayAsk } = options
  for (const identifier of candidates.slice(0, MOST_SERVERS)) {
    await mayAsk(identifier)
    const server = await discoverAuthorizationServer(ground, identifier)
    // What is meant where nothing is said: RFC 8414 §2.
    const known = server.grant_types_supported ?? ['authorization_code']
    if (candidates.length === 1 || known.includes(grantType)) return server
  }
  throw unusableServer()
}

/**
 * Metadata of an authorization server, about exactly this server.
 *
 * @throws WalletError `authorization_server`, `endpoint_foreign`; FetchError
 * @see RFC 8414 §3.3
 */
export async function discoverAuthorizationServer(
  ground: IssuanceGround,
  identifier: string,
): Promise<AuthorizationServer> {
  assertIssuerIdentifier(identifier, ground)
  const url = new URL(identifier)
  const response = await discoveryRequest(url, {
    algorithm: 'oauth2',
    ...throughGuardedFetch(ground),
  })
  const server = await processDiscoveryResponse(url, response).catch((): never => {
    throw unusableServer()
  })
  // The library compares addresses; the standard compares text.
  if (server.issuer !== identifier) throw unusableServer()
  const { token_endpoint, authorization_endpoint, pushed_authorization_request_endpoint } = server
  for (const it of [
    token_endpoint,
    authorization_endpoint,
    pushed_authorization_request_endpoint,
  ]) {
    if (it !== undefined && (!URL.canParse(it) || new URL(it).origin !== url.origin)) {
      throw foreignEndpoint()
    }
  }
  return server
}

function unusableServer(): WalletError {
  return new WalletError(
    'authorization_server',
    'the metadata of the authorization server is missing or about another server; do not go on, ask ' +
      'the issuer.',
  )
}

function foreignEndpoint(): WalletError {
  return new WalletError(
    'endpoint_foreign',
    'the metadata leads to another server than the one it is about; do not go on, ask the issuer.',
  )
}
