import { z } from 'zod'
import { accountPaths, accountSchemas, accountSecurity } from './published-account-api.js'
import { minorActPaths, minorActSchemas, minorActSecurity } from './published-minor-act-api.js'
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
import { requestObjectSchema } from './vp-request.js'
import { vpTokenSchema, walletErrors } from './vp-response.js'
import { webUrl } from './wire-text.js'

const jwe = z.string().regex(/^[\w-]+\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+$/)

const jws = z.string().regex(/^[\w-]+\.[\w-]+\.[\w-]+$/)

const schemas = {
  RequestObject: requestObjectSchema,
  RequestForm: z.object({
    wallet_nonce: z.string().min(1).max(512).optional(),
    wallet_metadata: z.string().optional(),
  }),
  // A form: vp_token is JSON text there, and JSON inside an encrypted response.
  Answer: z.union([
    z.object({ vp_token: z.union([z.string(), vpTokenSchema]), state: z.string().optional() }),
    z.object({ error: z.enum(walletErrors), state: z.string().optional() }),
    z.object({ response: jwe }),
  ]),
  AnswerReply: z.object({
    redirect_uri: z.string().optional(),
    // netcert-receipt+jwt; only where the request came with an accreditation.
    netcert_receipt: jws.optional(),
  }),
  DeletionForm: z.object({
    presentation: z
      .string()
      .min(1)
      .max(64 * 1024),
  }),
  DeletionReply: z.object({ netcert_deletion: jws }),
  BrowserAnswer: z.object({
    data: z.union([z.object({ vp_token: vpTokenSchema }), z.object({ response: jwe })]),
  }),
  StartedLink: z.object({
    request_uri: z.string(),
    expires_at: z.int(),
    qr: z.array(z.string()),
    wallet_link: z.string().optional(),
  }),
  StartedBrowser: z.object({
    request: z.object({ protocol: z.string(), data: z.record(z.string(), z.unknown()) }),
    answer_to: webUrl,
    expires_at: z.int(),
  }),
  Progress: z.object({
    progress: z.enum(['waiting', 'answered', 'delivered', 'expired', 'unknown']),
  }),
  Result: z.looseObject({
    verified: z.literal(true),
    means: z.string(),
    issuer: z.string(),
    role: z.enum(['self', 'guardian']),
    platformNumber: z.string().optional(),
    purpose: z.string().nullable(),
    retention: z.object({ endsAt: z.string(), mayStoreClaims: z.boolean() }).nullable(),
    transactions: z.array(
      z.object({
        type: z.string(),
        credentialId: z.string(),
        members: z.record(z.string(), z.unknown()),
      }),
    ),
    facts: z.record(z.string(), z.unknown()),
  }),
  Problem: z.object({
    error: z.string(),
    error_description: z.string(),
    code: z.string(),
    cure: z.string(),
    freshness: z
      .object({
        verdict: z.enum(['suspended', 'revoked', 'expired', 'unknown']),
        reason: z.string(),
        as_of: z.string(),
        age_seconds: z.number(),
      })
      .optional(),
  }),
}

const refusals: Operation = {
  '4XX': jsonAnswer('Refused: `code` names the step that failed.', 'Problem'),
  '503': jsonAnswer('Come back after Retry-After seconds.', 'Problem'),
}
const requestId = parameter('request', 'path')
const requestObject = textAnswer(
  'The request object (RFC 9101); its payload is RequestObject.',
  'application/oauth-authz-req+jwt',
)

/** What wallets ask for. */
const walletPaths: Paths = {
  '/request/{request}': {
    get: {
      summary: 'The request object, as often as it is asked for (OpenID4VP 1.0 §5.7)',
      parameters: [requestId],
      responses: { '200': requestObject, ...refusals },
    },
    post: {
      summary: "The same, with the wallet's nonce in it (§5.10)",
      parameters: [requestId],
      ...formBody('RequestForm'),
      responses: { '200': requestObject, ...refusals },
    },
  },
  '/response/{request}': {
    post: {
      summary: "A wallet's answer: direct_post or direct_post.jwt (§8.2, §8.3)",
      parameters: [requestId],
      ...formBody('Answer'),
      responses: { '200': jsonAnswer('Taken.', 'AnswerReply'), ...refusals },
    },
  },
  '/deletion': {
    post: {
      summary: "A citizen's deletion request: a presentation of the copy made for this platform",
      ...formBody('DeletionForm'),
      responses: {
        '200': jsonAnswer('The signed answer: deleted, scheduled or refused.', 'DeletionReply'),
        ...refusals,
      },
    },
  },
}

/** What the platform's own pages ask for; the cookie binds a result to the browser that asked. */
const pagePaths: Paths = {
  '/start': {
    post: {
      summary: 'Starts a request',
      parameters: [
        parameter('query', 'query', { required: true }),
        parameter('flow', 'query', { schema: { enum: ['dc_api'] } }),
        parameter('return_to', 'query'),
      ],
      responses: {
        '201': {
          description: 'A link and its QR code, or a request for the browser; sets the cookie.',
          content: content('application/json', {
            anyOf: [named('StartedLink'), named('StartedBrowser')],
          }),
        },
        ...refusals,
      },
    },
  },
  '/dc-api/{request}': {
    post: {
      summary: 'What the Digital Credentials API gave (OpenID4VP 1.0 Appendix A)',
      parameters: [requestId],
      ...body(content('application/json', named('BrowserAnswer'))),
      responses: { '200': jsonAnswer('Taken.', 'AnswerReply'), ...refusals },
    },
  },
  '/progress': {
    get: {
      summary: 'How far it is',
      security: [{ transaction: [] }],
      responses: { '200': jsonAnswer('Where it stands.', 'Progress'), ...refusals },
    },
  },
  '/result': {
    post: {
      summary: 'The result, once',
      security: [{ transaction: [] }],
      parameters: [parameter('netcert-response-code', 'header')],
      responses: { '200': jsonAnswer('What was proven.', 'Result'), ...refusals },
    },
  },
  '/verify-and-wait.js': {
    get: {
      summary: 'The browser snippet',
      responses: { '200': textAnswer('A module.', 'text/javascript') },
    },
  },
}

/** `schemas/openapi/verifier.json`. */
export function publishedVerifierApi(): string {
  return publishedOpenApi({
    title: 'netcert verifier',
    description: 'OpenID for Verifiable Presentations 1.0, for wallets and for own pages.',
    server: 'https://shop.example/netcert',
    paths: { ...walletPaths, ...pagePaths, ...accountPaths, ...minorActPaths },
    schemas: { ...schemas, ...accountSchemas, ...minorActSchemas },
    securitySchemes: {
      transaction: { type: 'apiKey', in: 'cookie', name: '__Host-netcert' },
      ...accountSecurity,
      ...minorActSecurity,
    },
  })
}
