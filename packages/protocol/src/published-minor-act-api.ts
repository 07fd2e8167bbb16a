import { z } from 'zod'
import { jsonAnswer, type Operation, type Paths, parameter } from './published-openapi.js'

/** What acts of minors answer; see docs/formats/minors.md. */
export const minorActSchemas = {
  BegunAct: z.object({
    request_uri: z.string(),
    expires_at: z.int(),
    qr: z.array(z.string()),
    hand_over_link: z.string(),
    waits_until: z.int(),
  }),
  ActProgress: z.object({
    waiting_for: z.enum(['minor', 'guardian']).nullable(),
    state: z.enum(['open', 'complete', 'delivered', 'ended', 'unknown']),
    request: z.enum(['waiting', 'answered', 'expired', 'none']),
  }),
  HandedOver: z.object({
    request_uri: z.string(),
    expires_at: z.int(),
    qr: z.array(z.string()),
    waits_until: z.int(),
  }),
}

const refusals: Operation = {
  '4XX': jsonAnswer('Refused: `code` names the step that failed.', 'Problem'),
  '503': jsonAnswer('Come back after Retry-After seconds.', 'Problem'),
}
const security = [{ act: [] }]

/** The routes of `guardianConsent`, for a platform's own pages and for guardians. */
export const minorActPaths: Paths = {
  '/act': {
    post: {
      summary: 'Begins an act of a minor; the request is for the minor’s wallet',
      parameters: [parameter('name', 'query', { required: true }), parameter('return_to', 'query')],
      responses: { '201': jsonAnswer('Sets the cookie of the act.', 'BegunAct'), ...refusals },
    },
  },
  '/act-progress': {
    get: {
      summary: 'Whose answer is next',
      security,
      responses: { '200': jsonAnswer('Where it stands.', 'ActProgress'), ...refusals },
    },
  },
  '/hand-over': {
    post: {
      summary: 'A request for the guardian’s wallet, once the minor has answered',
      security,
      parameters: [parameter('netcert-response-code', 'header')],
      responses: { '201': jsonAnswer('A link and its QR code.', 'HandedOver'), ...refusals },
    },
  },
  '/consent/{secret}': {
    get: {
      summary: 'The guardian’s link: a fresh request each time it is opened',
      parameters: [parameter('secret', 'path')],
      responses: {
        '302': {
          description: 'To the wallet.',
          headers: { location: { schema: { type: 'string' } } },
        },
        ...refusals,
      },
    },
  },
}

/** The cookie of these routes. */
export const minorActSecurity = {
  act: { type: 'apiKey', in: 'cookie', name: '__Host-netcert-act' },
} as const
