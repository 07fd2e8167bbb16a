import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { GATE_PASS } from '@netcert/credential'
import {
  createEncryptionKey,
  createOfferLink,
  PRE_AUTHORIZED_GRANT,
  publicEncryptionJwk,
} from '@netcert/protocol'
import type { TrustDomain } from './trust-domain.js'
import { type Asked, fresh, honest, type Json, type VciIssuer } from './vci-issuer-behaviour.js'
import { answerCredentialRequest, answerDeferredRequest } from './vci-issuer-credentials.js'
import { answerAuthorize, answerPar, answerToken } from './vci-issuer-tokens.js'

export async function startVciIssuer(domain: TrustDomain, clock: () => Date): Promise<VciIssuer> {
  const server = createServer((request, response) => {
    route(ground, request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error))
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const ground: VciIssuer = {
    domain,
    origin,
    clock,
    issuer: `${origin}/tenant`,
    encryptionKey: await createEncryptionKey('request-key'),
    behaviour: honest(),
    asked: [],
    state: {
      codes: new Map(),
      pushed: new Map(),
      accessTokens: new Map(),
      refreshTokens: new Map(),
      nonces: new Set(),
      deferred: new Map(),
      dpopNonce: 'dpop-nonce-1',
      lastNumber: null,
      count: 0,
    },
    offer: (options) => makeOffer(ground, options),
    pathsAsked: () => ground.asked.map(({ path }) => path),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  return ground
}

function makeOffer(
  ground: VciIssuer,
  { signIn = false, changes = {}, ids = ['certificate'] }: Parameters<VciIssuer['offer']>[0] = {},
): string {
  const code = fresh(ground, 'code')
  ground.state.codes.set(code, { kind: 'pre-authorized' })
  const txCode = ground.behaviour.txCode === null ? {} : { tx_code: {} }
  const grants = signIn
    ? { authorization_code: { issuer_state: 'issuer-state-1' } }
    : { [PRE_AUTHORIZED_GRANT]: { 'pre-authorized_code': code, ...txCode } }
  const offer = {
    credential_issuer: ground.issuer,
    credential_configuration_ids: ids,
    grants,
    unknown_member: { nested: true },
    ...changes,
  }
  return createOfferLink({ kind: 'value', offer } as never)
}

const configuration = (vct: string): Json => ({
  format: 'dc+sd-jwt',
  vct,
  scope: 'certificate',
  cryptographic_binding_methods_supported: ['jwk'],
  proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
  credential_metadata: { display: [{ name: 'Certificate of the hostile ground', locale: 'en' }] },
  unknown_member: 1,
})

const numbered = { credential_metadata: { claims: [{ path: ['platform_number'] }] } }
const wardConfigurations: Json = {
  'ward-certificate': { ...configuration('urn:netcert:ward-certificate:1'), ...numbered },
  guardianship: { ...configuration('urn:netcert:guardianship:1'), ...numbered },
}

/** What an honest issuer says about itself. */
export const issuerMetadata = ({ issuer, behaviour }: VciIssuer): Json => ({
  credential_issuer: issuer,
  credential_endpoint: `${issuer}/credential`,
  nonce_endpoint: `${issuer}/nonce`,
  deferred_credential_endpoint: `${issuer}/deferred`,
  notification_endpoint: `${issuer}/notification`,
  batch_credential_issuance: { batch_size: 10 },
  credential_configurations_supported: {
    certificate: configuration(behaviour.vct),
    second: configuration(behaviour.vct),
    'gate-pass': configuration(GATE_PASS),
    'network-certificate-platform': {
      ...configuration(behaviour.vct),
      credential_metadata: { claims: [{ path: ['platform_number'] }] },
    },
    iso: { format: 'mso_mdoc', doctype: 'org.iso.18013.5.1.mDL' },
    ...(behaviour.wards === null ? {} : wardConfigurations),
  },
  ...(behaviour.presenceUri === null ? {} : { netcert_presence_uri: behaviour.presenceUri }),
  unknown_member: 'ignored',
})

/** Members by which an issuer offers encryption both ways. */
export const encryptionMetadata = ({ encryptionKey }: VciIssuer, required = false): Json => ({
  credential_request_encryption: {
    jwks: { keys: [{ kty: 'AKP', kid: 'x' }, publicEncryptionJwk(encryptionKey)] },
    enc_values_supported: ['A256GCM'],
    encryption_required: required,
  },
  credential_response_encryption: {
    alg_values_supported: ['ECDH-ES'],
    enc_values_supported: ['A128GCM', 'A256GCM'],
    encryption_required: required,
  },
})

const serverMetadata = ({ issuer }: VciIssuer): Json => ({
  issuer,
  token_endpoint: `${issuer}/token`,
  authorization_endpoint: `${issuer}/authorize`,
  pushed_authorization_request_endpoint: `${issuer}/par`,
  dpop_signing_alg_values_supported: ['ES256'],
  authorization_response_iss_parameter_supported: true,
  'pre-authorized_grant_anonymous_access_supported': true,
  authorization_details_types_supported: ['openid_credential'],
  token_endpoint_auth_methods_supported: ['none', 'attest_jwt_client_auth'],
  grant_types_supported: ['authorization_code', 'refresh_token', PRE_AUTHORIZED_GRANT],
})

async function route(
  ground: VciIssuer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  const url = new URL(request.url ?? '/', ground.origin)
  const form = request.method === 'GET' ? url.searchParams : new URLSearchParams(body)
  const asked: Asked = { path: url.pathname, headers: request.headers, body, form }
  ground.asked.push(asked)
  const json = (value: unknown, status = 200, headers: Record<string, string> = {}) => {
    // A text is a JWE.
    const isText = typeof value === 'string'
    const type = isText ? 'application/jwt' : 'application/json'
    response.writeHead(status, { 'content-type': type, ...headers })
    response.end(isText ? value : JSON.stringify(value))
  }
  const { behaviour } = ground
  switch (url.pathname) {
    case '/.well-known/openid-credential-issuer/tenant':
      if (behaviour.signedMetadata !== null) {
        response.writeHead(200, { 'content-type': 'application/jwt' }).end(behaviour.signedMetadata)
        return
      }
      return json(behaviour.metadata(issuerMetadata(ground)))
    case '/.well-known/oauth-authorization-server/other':
      return json({
        ...serverMetadata(ground),
        issuer: `${ground.origin}/other`,
        grant_types_supported: ['authorization_code'],
      })
    case '/.well-known/oauth-authorization-server/tenant':
      return json(behaviour.serverMetadata(serverMetadata(ground)))
    case '/tenant/offer':
      return json(JSON.parse(new URL(ground.offer()).searchParams.get('credential_offer') ?? ''))
    case '/tenant/nonce': {
      const nonce = fresh(ground, 'c-nonce')
      ground.state.nonces.add(nonce)
      return json({ c_nonce: nonce }, 200, { 'cache-control': 'no-store' })
    }
    case '/tenant/challenge':
      return json({ attestation_challenge: behaviour.attestationChallenge })
    case '/tenant/par':
      return answerPar(ground, asked, json)
    case '/tenant/authorize':
      response.writeHead(302, { location: answerAuthorize(ground, asked) }).end()
      return
    case '/tenant/token':
      return answerToken(ground, asked, json)
    case '/tenant/credential':
      return answerCredentialRequest(ground, asked, json)
    case '/tenant/deferred':
      return answerDeferredRequest(ground, asked, json)
    case '/tenant/notification':
      response.writeHead(204).end()
      return
    case '/tenant/pause':
    case '/tenant/ward-pause': {
      if (behaviour.pauseAnswer === null) return json({ error: 'not_found' }, 404)
      const [status, body] = behaviour.pauseAnswer(JSON.parse(asked.body) as Json)
      return json(body, status)
    }
    default:
      return json({ error: 'not_found' }, 404)
  }
}
