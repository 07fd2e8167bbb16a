import { cancellationFormSchema, cancellationReplySchema } from './cancellation.js'
import { formBody, jsonAnswer, type Paths } from './published-openapi.js'

/** Messages of cancelling by the name they have in the issuer's OpenAPI document. */
export const cancellationApiSchemas = {
  CancellationForm: cancellationFormSchema,
  CancellationReply: cancellationReplySchema,
}

/** Where a citizen cancels by their own word: docs/formats/receipts.md. */
export const cancellationPaths: Paths = {
  '/cancel': {
    post: {
      security: [],
      summary: 'Cancels whoever signed it with a certificate of their own, and gives the receipt',
      description: 'Again for the same network number: the same receipt.',
      ...formBody('CancellationForm'),
      responses: {
        '200': jsonAnswer('Cancelled, now or before.', 'CancellationReply'),
        '400': { description: 'Malformed, an old nonce, or a presentation that does not hold.' },
        '403': { description: 'The copy is revoked or suspended, or about somebody else.' },
        '404': { description: 'Nobody has that network number any more.' },
        '413': { description: 'It is longer than any presentation.' },
        '415': { description: 'It is no form.' },
        '429': { description: 'Too many of one address.' },
      },
    },
  },
}
