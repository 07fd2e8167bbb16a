import { z } from 'zod'
import { querySchema } from './dcql-query.js'

/**
 * The JSON Schema (draft 2020-12) that is published as `schemas/dcql-query.schema.json`, made from
 * the schema that {@link parseQuery} runs, as text with a line feed at the end.
 */
export function publishedQuerySchema(): string {
  const document = {
    title: 'DCQL query as netcert reads it',
    description:
      'OpenID for Verifiable Presentations 1.0, section 6, with bounds. Unknown members are ignored.',
    ...z.toJSONSchema(querySchema, { io: 'input' }),
  }
  return `${JSON.stringify(document, null, 2)}\n`
}
