import { z } from 'zod'

/** What one address answers to, in the words of OpenAPI 3.1. */
export type Operation = Readonly<Record<string, unknown>>
export type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>

/** A schema of our own as it stands in a document; `name` puts it under `components`. */
export type NamedSchemas = Readonly<Record<string, z.ZodType>>

/**
 * An OpenAPI 3.1 document as the text of a file, with a line feed at the end. Its schemas are made
 * from those that run.
 *
 * @see OpenAPI Specification 3.1.1
 */
export function publishedOpenApi(parts: {
  readonly title: string
  readonly description: string
  readonly server: string
  readonly paths: Paths
  readonly schemas: NamedSchemas
  readonly securitySchemes: Operation
}): string {
  const { title, description, server, paths, schemas, securitySchemes } = parts
  const document = {
    openapi: '3.1.1',
    info: {
      title,
      description,
      version: '0.1.0',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: server }],
    paths,
    components: {
      schemas: Object.fromEntries(
        Object.entries(schemas).map(([name, schema]) => [name, jsonSchemaOf(schema)]),
      ),
      securitySchemes,
    },
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

function jsonSchemaOf(schema: z.ZodType): Operation {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      // A member that must not be there, such as the private half of a key.
      if (zodSchema._zod.def.type === 'undefined') Object.assign(jsonSchema, { not: {} })
    },
  })
  return rest
}

/** The schema of that name. */
export const named = (name: string): Operation => ({ $ref: `#/components/schemas/${name}` })

const text: Operation = { type: 'string' }

/** A body or answer of one media type. */
export function content(mediaType: string, schema: Operation = text): Operation {
  return { [mediaType]: { schema } }
}

/** An answer in JSON. */
export function jsonAnswer(description: string, schema: string): Operation {
  return { description, content: content('application/json', named(schema)) }
}

/** An answer that is a file or a page. */
export function textAnswer(description: string, mediaType: string): Operation {
  return { description, content: content(mediaType) }
}

/** A body that is needed. */
export function body(contents: Operation): Operation {
  return { requestBody: { required: true, content: contents } }
}

/** A form, `application/x-www-form-urlencoded`. */
export const formBody = (schema: string): Operation =>
  body(content('application/x-www-form-urlencoded', named(schema)))

/** A part of the path, a query parameter or a header. */
export function parameter(
  name: string,
  place: 'path' | 'query' | 'header',
  more: { readonly required?: boolean; readonly schema?: Operation } = {},
): Operation {
  const { required = place === 'path', schema = text } = more
  return { name, in: place, required, schema }
}
