import {
  body,
  content,
  formBody,
  jsonAnswer,
  named,
  type Operation,
  type Paths,
  parameter,
  publishedOpenApi,
  textAnswer,
} from './published-openapi.js'
import { cancellationApiSchemas, cancellationPaths } from './published-cancellation-api.js'
import { issuerApiSchemas } from './published-issuer-schemas.js'
import { registrarApiSchemas, registrarPaths } from './published-registrar-api.js'

const dpop = parameter('DPoP', 'header')
const token: Operation = { security: [{ dpop: [] }, { bearer: [] }] }
const noToken: Operation = { security: [] }
const jsonOrJwe = (schema: string): Operation => ({
  ...content('application/json', named(schema)),
  ...content('application/jwt'),
})

const refusals: Operation = {
  '400': jsonAnswer(
    'Refused: plain JSON, also where the request came encrypted.',
    'CredentialError',
  ),
  '401': { description: 'No access token, or one that does not count: see WWW-Authenticate.' },
  '503': { description: 'Too much at once: come back after Retry-After seconds.' },
}
const oauthRefusals: Operation = {
  '400': jsonAnswer('Refused (RFC 6749 §5.2).', 'OAuthError'),
  '401': jsonAnswer('The wallet is not one that is taken.', 'OAuthError'),
  '429': jsonAnswer('Too many tries.', 'OAuthError'),
}

const metadataPaths: Paths = {
  '/.well-known/openid-credential-issuer': {
    get: {
      ...noToken,
      summary: 'Metadata of the issuer (OpenID4VCI 1.0 §12.2)',
      description: 'Signed, `application/jwt`, for whoever asks for that.',
      parameters: [parameter('Accept', 'header'), parameter('Accept-Language', 'header')],
      responses: { '200': { description: 'Metadata.', content: jsonOrJwe('IssuerMetadata') } },
    },
  },
  '/.well-known/oauth-authorization-server': {
    get: {
      ...noToken,
      summary: 'Metadata of the authorization server (RFC 8414)',
      responses: { '200': jsonAnswer('Metadata.', 'AuthorizationServerMetadata') },
    },
  },
  '/offers/{reference}': {
    get: {
      ...noToken,
      summary: 'A credential offer by reference (§4.1.3)',
      parameters: [parameter('reference', 'path')],
      responses: {
        '200': jsonAnswer('The offer.', 'CredentialOffer'),
        '404': { description: 'There is none of that name, or no longer.' },
      },
    },
  },
}

const credentialPaths: Paths = {
  '/nonce': {
    post: {
      ...noToken,
      summary: 'A nonce for key proofs (§7)',
      responses: { '200': jsonAnswer('A fresh nonce.', 'NonceResponse') },
    },
  },
  '/credential': {
    post: {
      ...token,
      summary: 'Certificates, one for each key proof (§8)',
      parameters: [dpop],
      ...body(jsonOrJwe('CredentialRequest')),
      responses: {
        '200': { description: 'The certificates.', content: jsonOrJwe('IssuedResponse') },
        '202': { description: 'Come back later.', content: jsonOrJwe('DeferredResponse') },
        ...refusals,
      },
    },
  },
  '/deferred-credential': {
    post: {
      ...token,
      summary: 'Certificates that were put off (§9)',
      parameters: [dpop],
      ...body(jsonOrJwe('DeferredRequest')),
      responses: {
        '200': { description: 'The certificates.', content: jsonOrJwe('IssuedResponse') },
        '202': { description: 'Not yet.', content: jsonOrJwe('DeferredResponse') },
        ...refusals,
      },
    },
  },
  '/notification': {
    post: {
      ...token,
      summary: 'What became of the certificates (§11)',
      parameters: [dpop],
      ...body(content('application/json', named('NotificationRequest'))),
      responses: { '204': { description: 'Noted.' }, ...refusals },
    },
  },
  '/pause': {
    post: {
      security: [{ dpop: [] }],
      summary: 'A citizen pauses everything they hold; not of the standard',
      parameters: [dpop],
      ...body(jsonOrJwe('PauseRequest')),
      responses: {
        '200': jsonAnswer(
          'The pause as it stands; it is public with the next lists.',
          'PauseResponse',
        ),
        ...refusals,
      },
    },
  },
  '/ward-pause': {
    post: {
      ...token,
      summary: 'A guardian pauses everything about a ward; not of the standard',
      parameters: [dpop],
      ...body(jsonOrJwe('WardPauseRequest')),
      responses: { '204': { description: 'Paused, with the next status lists.' }, ...refusals },
    },
  },
}

const authorizationPaths: Paths = {
  '/par': {
    post: {
      ...noToken,
      summary: 'Pushed authorization request (RFC 9126); no other way leads to /authorize',
      parameters: [dpop],
      ...formBody('PushedRequest'),
      responses: {
        '201': jsonAnswer('Take it to /authorize.', 'PushedResponse'),
        ...oauthRefusals,
      },
    },
  },
  '/authorize': {
    get: {
      ...noToken,
      summary: 'Where the person logs in and agrees',
      parameters: ['client_id', 'request_uri'].map((name) =>
        parameter(name, 'query', { required: true }),
      ),
      responses: {
        '303': { description: 'To the pages of the login.' },
        '400': textAnswer('A page that says what is wrong.', 'text/html'),
      },
    },
  },
  '/token': {
    post: {
      ...noToken,
      summary: 'Access token (OpenID4VCI 1.0 §6, RFC 6749)',
      parameters: [dpop],
      ...formBody('TokenRequest'),
      responses: { '200': jsonAnswer('The token.', 'TokenResponse'), ...oauthRefusals },
    },
  },
}

const notThere: Operation = { '404': { description: 'Not published.' } }

/** What everybody may read: lists and types, each a file. */
const publishedPaths: Paths = {
  '/trust-list.jwt': {
    get: {
      ...noToken,
      summary: 'Trust list',
      responses: {
        '200': textAnswer('Signed list.', 'application/netcert-trust-list+jwt'),
        ...notThere,
      },
    },
  },
  '/status/{list}': {
    get: {
      ...noToken,
      summary: 'Token Status List',
      parameters: [parameter('list', 'path')],
      responses: { '200': textAnswer('Signed list.', 'application/statuslist+jwt'), ...notThere },
    },
  },
}

/** `schemas/openapi/issuer.json`. */
export function publishedIssuerApi(): string {
  return publishedOpenApi({
    title: 'netcert issuer',
    description: 'OpenID for Verifiable Credential Issuance 1.0, with its authorization server.',
    server: 'https://issuer.example',
    paths: {
      ...metadataPaths,
      ...credentialPaths,
      ...authorizationPaths,
      ...publishedPaths,
      ...registrarPaths,
      ...cancellationPaths,
    },
    schemas: { ...issuerApiSchemas, ...registrarApiSchemas, ...cancellationApiSchemas },
    securitySchemes: {
      dpop: { type: 'http', scheme: 'DPoP', description: 'RFC 9449, with a proof in DPoP' },
      bearer: { type: 'http', scheme: 'bearer' },
    },
  })
}
