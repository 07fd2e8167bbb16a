import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'

/** The JSON Schemas of the OpenID Foundation's conformance suite stand beside the repository. */
const folder = fileURLToPath(new URL('../../../shared/oidf-schemas', import.meta.url))

export const hasOidfSchemas = existsSync(folder)

export type OidfSchemaName =
  | 'credential_issuer_metadata-1_0'
  | 'credential_offer-1_0'
  | 'credential_request-1_0'
  | 'dcql_request'
  | 'oauth_authorization_server_metadata'
  | 'type_metadata'
  | 'verifier_info'

/** What the suite's schema finds wrong with a message, as `place: problem`. Empty: nothing. */
export function oidfFindings(name: OidfSchemaName, message: unknown): string[] {
  const schema: unknown = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'))
  const isDraft7 = JSON.stringify(schema).includes('json-schema.org/draft-07')
  const ajv = new (isDraft7 ? Ajv : Ajv2020)({ allErrors: true, strict: false })
  ajv.addFormat('uri', (text: string) => URL.canParse(text))
  const validate = ajv.compile(schema as object)
  if (validate(message)) return []
  return (validate.errors ?? []).map(
    ({ instancePath, message: problem, params }) =>
      `${instancePath || '/'}: ${problem ?? 'wrong'} ${JSON.stringify(params)}`,
  )
}
