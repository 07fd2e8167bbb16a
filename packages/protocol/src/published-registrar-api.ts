import {
  body,
  content,
  jsonAnswer,
  named,
  type Operation,
  type Paths,
  parameter,
  textAnswer,
} from './published-openapi.js'
import { reportReplySchema, requestReportSchema } from './request-report.js'

const noToken: Operation = { security: [] }
const notThere: Operation = { '404': { description: 'Not published.' } }

/** Messages of the registrar by the name they have in the issuer's OpenAPI document. */
export const registrarApiSchemas = {
  RequestReport: requestReportSchema,
  ReportReply: reportReplySchema,
}

/** What the registrar serves beside the issuer: docs/formats/register.md. */
export const registrarPaths: Paths = {
  '/registrar/reports': {
    post: {
      ...noToken,
      summary: 'A report of a greedy request; nothing of whoever sends it is kept',
      ...body(content('application/json', named('RequestReport'))),
      responses: {
        '202': jsonAnswer('Taken; the same id for the same request.', 'ReportReply'),
        '400': { description: 'It cannot be read (`report_malformed`).' },
        '413': { description: 'It is longer than two request objects.' },
        '415': { description: 'It is not JSON.' },
        '422': {
          description: 'The request was signed under no accreditation of this registrar.',
        },
        '429': { description: 'Too many of one address.' },
      },
    },
  },
  '/registrar/status/{list}': {
    get: {
      ...noToken,
      summary: 'Token Status List of accreditations',
      parameters: [parameter('list', 'path')],
      responses: { '200': textAnswer('Signed list.', 'application/statuslist+jwt'), ...notThere },
    },
  },
  '/register/': {
    get: {
      ...noToken,
      summary: 'The public register, a page for people',
      responses: { '200': textAnswer('The page.', 'text/html'), ...notThere },
    },
  },
  '/register/register.json': {
    get: {
      ...noToken,
      summary: 'The public register: who may ask what, why, by which law',
      responses: { '200': textAnswer('Every platform.', 'application/json'), ...notThere },
    },
  },
  '/register/platforms/{name}.json': {
    get: {
      ...noToken,
      summary: 'One platform, with its accreditations',
      description: 'The name is base64url(SHA-256) of the platform’s id.',
      parameters: [parameter('name', 'path')],
      responses: { '200': textAnswer('The platform.', 'application/json'), ...notThere },
    },
  },
  '/statistics.json': {
    get: {
      ...noToken,
      summary: 'How many people share a combination of facts, in tens',
      responses: { '200': textAnswer('Counts.', 'application/json'), ...notThere },
    },
  },
}
